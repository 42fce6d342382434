package traffic

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"understudy/seed/lab"
)

// archive is the HTTP Archive format, version 1.2.
type archive struct {
	Log harLog `json:"log"`
}

type harLog struct {
	Version string     `json:"version"`
	Creator harCreator `json:"creator"`
	Entries []harEntry `json:"entries"`
}

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type harEntry struct {
	Started  string      `json:"startedDateTime"`
	Time     float64     `json:"time"` // milliseconds
	Request  harRequest  `json:"request"`
	Response harResponse `json:"response"`
	Cache    struct{}    `json:"cache"`
	Timings  harTimings  `json:"timings"`
	Comment  string      `json:"comment"`
}

type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	QueryString []harPair `json:"queryString"`
	PostData    *harPost  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type harResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harPost struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
}

type harContent struct {
	Size     int    `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// archiveOf gives the lab's messages and pages as an archive, oldest first. Cookies, passwords and tokens are not in it;
// SAML messages are, as XML.
func archiveOf(v visit) (archive, error) {
	a := archive{harLog{Version: "1.2", Creator: harCreator{"Understudy (training stand-in)", "1"}, Entries: []harEntry{}}}
	newest, err := v.latest()
	if err != nil {
		return a, err
	}
	messages, err := v.lab.ExchangesFrom(v.ctx(), 0, newest)
	if err != nil {
		return a, err
	}
	for _, x := range messages {
		a.Log.Entries = append(a.Log.Entries, v.harMessage(x))
	}
	pages, err := v.lab.Hops(v.ctx(), sourceSize)
	if err != nil {
		return a, err
	}
	for _, h := range slices.Backward(pages) {
		a.Log.Entries = append(a.Log.Entries, v.harPage(h))
	}
	slices.SortStableFunc(a.Log.Entries, func(x, y harEntry) int { return strings.Compare(x.Started, y.Started) })
	return a, nil
}

func (v visit) harMessage(x lab.Exchange) harEntry {
	e := newEntry(x.At, x.Took, x.Method, x.Status, summary(x))
	half := "sigma"
	if x.Kind == lab.SAMLRequest {
		half = "okta"
	}
	e.Request.URL = v.origin + v.pathIn(half, x.Path)
	if x.Elsewhere != "" {
		e.Request.URL = x.Elsewhere + x.Path
	}
	if x.Kind != lab.SCIM {
		e.Request.PostData = &harPost{"application/xml", x.Request}
		if x.RelayState != "" {
			e.Request.QueryString = append(e.Request.QueryString, harPair{"RelayState", x.RelayState})
		}
		return e
	}
	call := readCall(x)
	for _, line := range call.Header {
		name, value, _ := strings.Cut(line, ": ")
		e.Request.Headers = append(e.Request.Headers, harPair{name, value})
	}
	if len(call.Query) > 0 {
		e.Request.URL += "?" + call.Query.Encode()
		e.Request.QueryString = pairs(call.Query)
	}
	if call.Body != "" {
		e.Request.PostData, e.Request.BodySize = &harPost{"application/scim+json", call.Body}, len(call.Body)
	}
	e.Response.Content = harContent{len(x.Response), "application/scim+json", x.Response}
	return e
}

func (v visit) harPage(h lab.Hop) harEntry {
	e := newEntry(h.At, h.Took, h.Method, h.Status, browserOf(h.Window))
	e.Request.URL = v.origin + v.pathIn(h.Half, h.Path)
	e.Response.RedirectURL = h.Location
	e.Response.Content.MimeType = "text/html"
	return e
}

func newEntry(at time.Time, took time.Duration, method string, status int, comment string) harEntry {
	ms := float64(took.Microseconds()) / 1000
	return harEntry{
		Started: at.UTC().Format("2006-01-02T15:04:05.000Z"), Time: ms, Comment: comment, Timings: harTimings{Wait: ms},
		Request: harRequest{Method: method, HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: []harPair{}, QueryString: []harPair{}, HeadersSize: -1, BodySize: -1},
		Response: harResponse{Status: status, StatusText: http.StatusText(status), HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: []harPair{},
			HeadersSize: -1, BodySize: -1},
	}
}

func pairs(query url.Values) (list []harPair) {
	for name, values := range query {
		for _, value := range values {
			list = append(list, harPair{name, value})
		}
	}
	slices.SortFunc(list, func(a, b harPair) int { return strings.Compare(a.Name, b.Name) })
	return list
}
