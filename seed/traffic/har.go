package traffic

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/har"

	"understudy/seed/lab"
)

// The values that HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) asks for.
const (
	harVersion = "1.2"
	harTime    = "2006-01-02T15:04:05.000Z" // ISO 8601, UTC
	unknown    = -1                         // a size in bytes that nobody measured
)

// archiveOf returns the messages and page requests of the lab in HTTP Archive (HAR) format, oldest first. The archive
// contains no cookies, passwords or tokens. It contains SAML messages as XML.
func archiveOf(v visit) (*har.HAR, error) {
	newest, err := v.latest()
	if err != nil {
		return nil, err
	}
	messages, err := v.Lab.ExchangesFrom(v.Ctx(), 0, newest)
	if err != nil {
		return nil, err
	}
	entries := []*har.Entry{}
	for _, x := range messages {
		entries = append(entries, v.harMessage(x))
	}
	pages, err := v.Lab.PageRequests(v.Ctx(), sourceSize)
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Backward(pages) {
		entries = append(entries, v.harPage(p))
	}
	slices.SortStableFunc(entries, func(a, b *har.Entry) int { return strings.Compare(a.StartedDateTime, b.StartedDateTime) })
	creator := &har.Creator{Name: "Understudy (training stand-in)", Version: "1"}
	return &har.HAR{Log: &har.Log{Version: harVersion, Creator: creator, Entries: entries}}, nil
}

// harMessage returns the entry of a SAML message or a SCIM call. A SAML message is recorded without its form encoding,
// so its entry has the XML as the body.
func (v visit) harMessage(x lab.Exchange) *har.Entry {
	e := newEntry(x.At, x.Took, x.Method, x.Status, summary(x))
	product := "sigma"
	if x.Kind == lab.SAMLRequest {
		product = "okta"
	}
	e.Request.URL = v.Origin + v.pathIn(product, x.Path)
	if x.Elsewhere != "" {
		e.Request.URL = x.Elsewhere + x.Path
	}
	if x.Kind != lab.SCIM {
		e.Request.PostData = postData("application/xml", x.Request)
		if x.RelayState != "" {
			e.Request.QueryString = append(e.Request.QueryString, &har.NameValuePair{Name: "RelayState", Value: x.RelayState})
		}
		return e
	}
	call := readCall(x)
	for _, line := range call.Header {
		name, value, _ := strings.Cut(line, ": ")
		e.Request.Headers = append(e.Request.Headers, &har.NameValuePair{Name: name, Value: value})
	}
	if len(call.Query) > 0 {
		e.Request.URL += "?" + call.Query.Encode()
		e.Request.QueryString = pairs(call.Query)
	}
	if call.Body != "" {
		e.Request.PostData = postData("application/scim+json", call.Body)
		e.Request.BodySize = int64(len(call.Body))
	}
	e.Response.Content = &har.Content{Size: int64(len(x.Response)), MimeType: "application/scim+json", Text: x.Response}
	return e
}

// harPage returns the entry of a page request. Bodies of pages are not recorded.
func (v visit) harPage(p lab.PageRequest) *har.Entry {
	e := newEntry(p.At, p.Took, p.Method, p.Status, browserOf(p.Window))
	e.Request.URL = v.Origin + v.pathIn(p.Half, p.Path)
	e.Response.RedirectURL = p.Location
	e.Response.Content.MimeType = "text/html"
	return e
}

// newEntry makes an entry whose lists are empty and not nil: HAR requires arrays, and nil would become null.
func newEntry(at time.Time, took time.Duration, method string, status int, comment string) *har.Entry {
	ms := float64(took.Microseconds()) / 1000
	return &har.Entry{
		StartedDateTime: at.UTC().Format(harTime), Time: ms, Comment: comment, Cache: &har.Cache{}, Timings: &har.Timings{Wait: ms},
		Request: &har.Request{Method: method, HTTPVersion: "HTTP/1.1", Cookies: []*har.Cookie{}, Headers: []*har.NameValuePair{},
			QueryString: []*har.NameValuePair{}, HeadersSize: unknown, BodySize: unknown},
		Response: &har.Response{Status: int64(status), StatusText: http.StatusText(status), HTTPVersion: "HTTP/1.1",
			Cookies: []*har.Cookie{}, Headers: []*har.NameValuePair{}, Content: &har.Content{}, HeadersSize: unknown, BodySize: unknown},
	}
}

// postData returns the body of a request. Its list of parameters is empty and not nil, see newEntry.
func postData(mimeType, text string) *har.PostData {
	return &har.PostData{MimeType: mimeType, Params: []*har.Param{}, Text: text}
}

// pairs lists the parameters of a query, ordered by name.
func pairs(query url.Values) (list []*har.NameValuePair) {
	for name, values := range query {
		for _, value := range values {
			list = append(list, &har.NameValuePair{Name: name, Value: value})
		}
	}
	slices.SortFunc(list, func(a, b *har.NameValuePair) int { return strings.Compare(a.Name, b.Name) })
	return list
}
