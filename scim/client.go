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

// Client sends SCIM requests to one service. It is careful with what it doesn't know: it follows no redirect, so that the token goes to the
// configured origin alone; it waits no longer than Timeout for the whole answer, and reads no more than MaxResponse.
//
// Resources are Objects as the service sent them, with all that we don't understand, so that Get, a few Sets and Replace give back the rest as
// it was. Every error is a *ClientError.
type Client struct {
	BaseURL string // such as https://example.com/scim/v2; a query in it is sent with every request
	Token   string // the bare token; without one no Authorization header is sent

	// Transport carries the requests; nil is http.DefaultTransport.
	Transport http.RoundTripper
	// Header is sent with every request; it may set Accept and User-Agent.
	Header http.Header
	// Timeout is for one request with its answer; 0 means one minute.
	Timeout time.Duration
	// MaxResponse is in bytes, after decompression; 0 means 4 MiB.
	MaxResponse int64
}

// ListRequest is what a client asks of a list. Zero fields are not sent.
type ListRequest struct {
	Filter             string
	StartIndex         int
	Count              int
	SortBy             string
	SortOrder          string
	Attributes         []string
	ExcludedAttributes []string
}

// ListResponse is a page of resources.
type ListResponse struct {
	IsList       bool // the answer says totalResults, as every list must (RFC 7644 section 3.4.2); else it is something else
	TotalResults int
	StartIndex   int
	ItemsPerPage int
	Resources    []*Object
}

// query writes the parameters in the order in which Okta's documentation has them, with %20 for a space.
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

// Equality writes the filter: attribute eq "value", with the value quoted as JSON asks.
func Equality(attribute, value string) string {
	return attribute + " eq " + string(appendString(nil, value))
}

// Get reads one resource. The endpoint is "Users" or "Groups", here and below.
func (c *Client) Get(ctx context.Context, endpoint, id string) (*Object, error) {
	return c.Do(ctx, http.MethodGet, endpoint+"/"+url.PathEscape(id), "", nil)
}

// Query reads one page. An answer without Resources is an empty page; numbers that are missing are 0.
func (c *Client) Query(ctx context.Context, endpoint string, list ListRequest) (*ListResponse, error) {
	o, err := c.Do(ctx, http.MethodGet, endpoint, list.query(), nil)
	if err != nil {
		return nil, err
	}
	total, isList := o.Int("totalResults")
	start, _ := o.Int("startIndex")
	items, _ := o.Int("itemsPerPage")
	return &ListResponse{IsList: isList, TotalResults: int(total), StartIndex: int(start), ItemsPerPage: int(items), Resources: o.Objects("Resources")}, nil
}

// Create posts a resource and returns what the service made of it: an empty object if it sent no body.
func (c *Client) Create(ctx context.Context, endpoint string, o *Object) (*Object, error) {
	return c.Do(ctx, http.MethodPost, endpoint, "", o)
}

// Replace puts a whole resource.
func (c *Client) Replace(ctx context.Context, endpoint, id string, o *Object) (*Object, error) {
	return c.Do(ctx, http.MethodPut, endpoint+"/"+url.PathEscape(id), "", o)
}

// Patch sends operations. After a 204 the object is empty.
func (c *Client) Patch(ctx context.Context, endpoint, id string, operations ...Operation) (*Object, error) {
	list := make([]*Object, len(operations))
	for i := range operations {
		list[i] = operations[i].object()
	}
	body := NewObject("schemas", []string{PatchOpSchema}, "Operations", list)
	return c.Do(ctx, http.MethodPatch, endpoint+"/"+url.PathEscape(id), "", body)
}

// Delete removes a resource.
func (c *Client) Delete(ctx context.Context, endpoint, id string) error {
	_, err := c.Do(ctx, http.MethodDelete, endpoint+"/"+url.PathEscape(id), "", nil)
	return err
}

// Do sends any request under the base URL: a path already escaped, a query already encoded, a body or nil. An answer without body is an empty
// object.
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
	client := http.Client{Transport: c.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		if inner := (*url.Error)(nil); errors.As(err, &inner) {
			err = inner.Err // without the method and URL, which e has
		}
		e.Failure, e.Err = failure(err), err
		return nil, e
	}
	defer resp.Body.Close()
	return c.answer(e, resp)
}

// request builds the request; the URL's origin and path always begin as BaseURL does.
func (c *Client) request(ctx context.Context, e *ClientError, path, query string, body *Object) (*http.Request, error) {
	base, err := c.base()
	if err != nil {
		return nil, err
	}
	// Put together by hand: resolving a reference would take a path that starts with two slashes for another host.
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
			return nil, errors.New("the token has a character that no token has, such as a space or line break")
		}
	}
	return u, nil
}

// answer reads an answer, whatever it is.
func (c *Client) answer(e *ClientError, resp *http.Response) (*Object, error) {
	e.Status = resp.StatusCode
	e.Reason = reason(resp)
	e.RetryAfter = resp.Header.Get("Retry-After")
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		e.Failure, e.Location = FailureRedirect, resp.Header.Get("Location")
		return nil, e
	}
	body, err := c.read(resp)
	if err != nil && resp.StatusCode < 400 { // else the status says more than what is wrong with the body
		e.Failure, e.Err = failure(err), err
		if errors.Is(err, errTooLarge) {
			e.Failure = FailureTooLarge
		}
		return nil, e
	}
	o := &Object{}
	if len(bytes.TrimSpace(body)) > 0 {
		if err = json.Unmarshal(body, o); err != nil {
			e.NotJSON, e.Began, o = true, began(body), nil
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

var errTooLarge = errors.New("the answer is too large")

// read reads the body within the limit and decodes it if the caller's own Accept-Encoding kept the transport from doing so.
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
		return nil, fmt.Errorf("decode the answer: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(from, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], errTooLarge
	}
	return body, err
}

func reason(resp *http.Response) string {
	_, phrase, _ := strings.Cut(resp.Status, " ")
	if phrase = strings.TrimSpace(phrase); phrase == "" {
		return http.StatusText(resp.StatusCode)
	}
	return phrase
}

// began is the start of a body for a message: enough to see that it is a web page.
func began(body []byte) string {
	text := strings.ToValidUTF8(strings.TrimSpace(string(body[:min(len(body), 200)])), "")
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text)
}
