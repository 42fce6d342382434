package scim

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client sends SCIM requests to one service. It does not follow redirects, so that the token is sent to the configured
// origin only. It waits for the complete response no longer than Timeout, and reads no more than MaxResponse.
//
// A resource is an Object with everything that the service sent. After Get and a few calls of Set, Replace therefore
// sends back all other attributes unchanged, whether they are known or not. Every error is a *ClientError.
type Client struct {
	BaseURL string // such as https://example.com/scim/v2; its query, if any, is sent with every request
	Token   string // bearer token without "Bearer "; without a token, no Authorization header is sent

	// Transport sends the requests. Nil means http.DefaultTransport.
	Transport http.RoundTripper
	// Header is sent with every request. It may replace Accept and User-Agent.
	Header http.Header
	// Timeout limits the time of a request until its response was read. 0 means one minute.
	Timeout time.Duration
	// MaxResponse limits the body of a response, in bytes after decompression. 0 means 4 MiB.
	MaxResponse int64
}

// ListRequest holds the parameters of a list request (RFC 7644 section 3.4.2). A parameter with the zero value is not sent.
type ListRequest struct {
	Filter             string
	StartIndex         int
	Count              int
	SortBy             string
	SortOrder          string
	Attributes         []string
	ExcludedAttributes []string
}

// ListResponse is a page of resources (RFC 7644 section 3.4.2).
type ListResponse struct {
	IsList       bool // the response has totalResults, which every list response must have; else it is not a list
	TotalResults int
	StartIndex   int
	ItemsPerPage int
	Resources    []*Object
}

// query encodes the parameters in the order of the examples in Okta's SCIM documentation. A space becomes %20.
func (l ListRequest) query() string {
	var b strings.Builder
	add := func(name, value string) {
		if value == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(name + "=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
	}
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	add("filter", l.Filter)
	add("startIndex", number(l.StartIndex))
	add("count", number(l.Count))
	add("sortBy", l.SortBy)
	add("sortOrder", l.SortOrder)
	add("attributes", strings.Join(l.Attributes, ","))
	add("excludedAttributes", strings.Join(l.ExcludedAttributes, ","))
	return b.String()
}

// Equality returns the filter: attribute eq "value". The value is written as a JSON string.
func Equality(attribute, value string) string {
	return attribute + " eq " + string(appendString(nil, value))
}

// Get reads one resource. The endpoint is "Users" or "Groups", as in the other methods.
func (c *Client) Get(ctx context.Context, endpoint, id string) (*Object, error) {
	return c.Do(ctx, http.MethodGet, endpoint+"/"+url.PathEscape(id), "", nil)
}

// Query reads one page. A response without Resources is an empty page. Missing numbers are 0.
func (c *Client) Query(ctx context.Context, endpoint string, list ListRequest) (*ListResponse, error) {
	o, err := c.Do(ctx, http.MethodGet, endpoint, list.query(), nil)
	if err != nil {
		return nil, err
	}
	total, isList := o.Int("totalResults")
	start, _ := o.Int("startIndex")
	items, _ := o.Int("itemsPerPage")
	return &ListResponse{IsList: isList, TotalResults: int(total), StartIndex: int(start), ItemsPerPage: int(items),
		Resources: o.Objects("Resources")}, nil
}

// Create sends a new resource by POST. It returns the resource as the service stored it, or an empty object if the response
// has no body.
func (c *Client) Create(ctx context.Context, endpoint string, o *Object) (*Object, error) {
	return c.Do(ctx, http.MethodPost, endpoint, "", o)
}

// Replace sends a complete resource by PUT.
func (c *Client) Replace(ctx context.Context, endpoint, id string, o *Object) (*Object, error) {
	return c.Do(ctx, http.MethodPut, endpoint+"/"+url.PathEscape(id), "", o)
}

// Patch sends operations by PATCH. After a 204 response, the object is empty.
func (c *Client) Patch(ctx context.Context, endpoint, id string, operations ...Operation) (*Object, error) {
	list := make([]*Object, len(operations))
	for i := range operations {
		list[i] = operations[i].object()
	}
	body := NewObject("schemas", []string{PatchOpSchema}, "Operations", list)
	return c.Do(ctx, http.MethodPatch, endpoint+"/"+url.PathEscape(id), "", body)
}

// Delete deletes a resource.
func (c *Client) Delete(ctx context.Context, endpoint, id string) error {
	_, err := c.Do(ctx, http.MethodDelete, endpoint+"/"+url.PathEscape(id), "", nil)
	return err
}

// Do sends a request to a path below the base URL. The path must be escaped and the query encoded; the body may be nil. The
// result is an empty object if the response has no body.
func (c *Client) Do(ctx context.Context, method, path, query string, body *Object) (*Object, error) {
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	e := &ClientError{Method: method}
	req, err := c.request(ctx, e, path, query, body)
	if err != nil {
		e.Failure, e.Err = FailureConfig, err
		return nil, e
	}
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := http.Client{Transport: c.Transport, CheckRedirect: noRedirect}
	resp, err := client.Do(req)
	if err != nil {
		if inner := (*url.Error)(nil); errors.As(err, &inner) {
			err = inner.Err // its text without the method and URL, which e has
		}
		e.Failure, e.Err = failure(err), err
		return nil, e
	}
	defer resp.Body.Close()
	return c.readResponse(e, resp)
}

// request builds the request. Its URL always starts with the origin and path of BaseURL.
func (c *Client) request(ctx context.Context, e *ClientError, path, query string, body *Object) (*http.Request, error) {
	base, err := c.base()
	if err != nil {
		return nil, err
	}
	// url.ResolveReference would interpret a path that starts with two slashes as another host.
	e.URL = base.Scheme + "://" + base.Host + strings.TrimSuffix(base.EscapedPath(), "/") + "/" + strings.TrimPrefix(path, "/")
	if query = strings.Trim(query+"&"+base.RawQuery, "&"); query != "" {
		e.URL += "?" + query
	}
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(appendJSON(nil, body))
	}
	req, err := http.NewRequestWithContext(ctx, e.Method, e.URL, reader)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", ContentType)
	for name, values := range c.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	if body != nil {
		req.Header.Set("Content-Type", ContentType+"; charset=utf-8")
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	return req, nil
}

func (c *Client) base() (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(c.BaseURL))
	switch {
	case err != nil:
		return nil, errors.New("the base URL cannot be read")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, errors.New("the base URL must start with https:// or http:// and a host")
	case u.User != nil:
		return nil, errors.New("the base URL must not contain a user name or password")
	case u.Fragment != "":
		return nil, errors.New("the base URL must not contain a #")
	}
	for i := 0; i < len(c.Token); i++ {
		if c.Token[i] <= ' ' || c.Token[i] >= 0x7f {
			return nil, errors.New("the token has a character that is not allowed, such as a space or line break")
		}
	}
	return u, nil
}

// readResponse reads a successful response or an error response.
func (c *Client) readResponse(e *ClientError, resp *http.Response) (*Object, error) {
	e.Status = resp.StatusCode
	e.Reason = reason(resp)
	e.RetryAfter = resp.Header.Get("Retry-After")
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		e.Failure, e.Location = FailureRedirect, resp.Header.Get("Location")
		return nil, e
	}
	body, err := c.read(resp)
	if err != nil && resp.StatusCode < 400 { // for an error status, the status is more useful than the error of the body
		e.Failure, e.Err = failure(err), err
		if errors.Is(err, errTooLarge) {
			e.Failure = FailureTooLarge
		}
		return nil, e
	}
	o := &Object{}
	if len(bytes.TrimSpace(body)) > 0 {
		if err = json.Unmarshal(body, o); err != nil {
			e.NotJSON, e.BodyStart, o = true, bodyStart(body), nil
		}
	}
	switch {
	case resp.StatusCode >= 400:
		e.Failure = FailureStatus
		e.Detail, e.ScimType = o.Text("detail"), o.Text("scimType")
		return nil, e
	case e.NotJSON:
		e.Failure, e.Err = FailureNotJSON, err
		return nil, e
	}
	return o, nil
}

var errTooLarge = errors.New("the response is too large")

// read reads the body within the limit. The transport does not decompress the body if Header has an Accept-Encoding, so
// read does.
func (c *Client) read(resp *http.Response) ([]byte, error) {
	limit := c.MaxResponse
	if limit <= 0 {
		limit = 4 << 20
	}
	var from io.Reader = resp.Body
	var err error
	switch strings.ToLower(resp.Header.Get("Content-Encoding")) {
	case "gzip":
		from, err = gzip.NewReader(resp.Body)
	case "deflate":
		from, err = zlib.NewReader(resp.Body)
	}
	if err == io.EOF { // no body at all
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("decode the response: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(from, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], errTooLarge
	}
	return body, err
}

// reason returns the reason phrase of a response, or the usual one for its status (RFC 9110 section 15).
func reason(resp *http.Response) string {
	_, phrase, _ := strings.Cut(resp.Status, " ")
	if phrase = strings.TrimSpace(phrase); phrase == "" {
		return http.StatusText(resp.StatusCode)
	}
	return phrase
}

// bodyStart returns the first 200 bytes of a body for an error message, so that a reader can recognize a web page.
func bodyStart(body []byte) string {
	text := strings.ToValidUTF8(strings.TrimSpace(string(body[:min(len(body), 200)])), "")
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text)
}
