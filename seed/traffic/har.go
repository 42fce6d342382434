package traffic

import (
	"fmt"
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
// contains no cookies, passwords or tokens. It contains SAML messages, because they are what a reader looks for.
func archiveOf(v visit) (*har.HAR, error) {
	newest, err := v.latest()
	if err != nil {
		return nil, err
	}
	messages, err := v.Lab.ExchangesFrom(v.Ctx(), 0, newest)
	if err != nil {
		return nil, err
	}
	names, err := peersOf(v.Ctx(), v.Lab)
	if err != nil {
		return nil, err
	}
	entries := []*har.Entry{}
	for _, x := range messages {
		entries = append(entries, v.harMessage(names, x))
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

// harMessage returns the entry of a SAML message or a SCIM call: the request as it was sent. The XML of a SAML message is the comment
// of its request.
func (v visit) harMessage(names peers, x lab.Exchange) *har.Entry {
	e := newEntry(x.At, x.Took, x.Method, x.Status, names.summary(x))
	product := "sigma"
	if x.Kind == lab.SAMLRequest {
		product = "okta"
	}
	e.Request.URL = v.Origin + v.pathIn(product, x.Path)
	if x.ReceiverOrigin != "" {
		e.Request.URL = x.ReceiverOrigin + x.Path
	}
	text, contentType := x.Request, "application/scim+json"
	if x.Kind != lab.SCIM {
		text, contentType, e.Request.Comment = x.RawRequest, "application/x-www-form-urlencoded", x.Request
	} else {
		e.Response.Content = &har.Content{Size: int64(len(x.Response)), MimeType: contentType, Text: x.Response}
	}
	asSent(e.Request, text, contentType)
	return e
}

// asSent sets the query, the headers and the body of a request from its text. contentType is that of a body without the header.
func asSent(r *har.Request, text, contentType string) {
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		r.Headers = append(r.Headers, &har.NameValuePair{Name: name, Value: value})
		if name == "Content-Type" {
			contentType = value
		}
	}
	if _, query, has := strings.Cut(lines[0], "?"); has {
		r.URL += "?" + query
		r.QueryString = inOrder(query)
	}
	if body == "" {
		return
	}
	r.PostData = postData(contentType, body)
	r.BodySize = int64(len(body))
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		for _, p := range inOrder(body) {
			r.PostData.Params = append(r.PostData.Params, &har.Param{Name: p.Name, Value: p.Value})
		}
	}
	if len(body) > lab.MaxRecordedBody {
		r.PostData.Comment = fmt.Sprintf("The body is longer. Its first %d bytes were recorded.", lab.MaxRecordedBody)
	}
}

// inOrder decodes the parameters of a query or a form in the order in which they were sent.
func inOrder(query string) (list []*har.NameValuePair) {
	list = []*har.NameValuePair{}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		list = append(list, &har.NameValuePair{Name: decoded(name), Value: decoded(value)})
	}
	return list
}

// decoded decodes a part of a query. What cannot be decoded stays as it was sent.
func decoded(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
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
