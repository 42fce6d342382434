package script

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Request is the HTTP request of a request action, and what its answer must be. The address is the action's name.
type Request struct {
	Method   string // GET when the file gives none
	Headers  []Pair
	Body     string
	Status   int      // of the answer; 0: any from 200 to 299
	Expect   []Pair   // path in the JSON answer → text of its value
	Contains []string // texts in the answer
	Save     []Pair   // variable → path in the JSON answer
}

// Pair is one entry of a mapping, in the order of the file.
type Pair struct{ Name, Value string }

// Limits of a request action.
const (
	maxRequestBody = 64 << 10 // bytes
	maxPairs       = 20       // headers, expectations or variables
)

var (
	requestMethods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead}
	headerName     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)
	variableName   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	// The player sets these headers itself.
	ownHeaders = []string{"host", "content-length", "transfer-encoding", "connection", "cookie"}
)

// texts points at the texts of the request that may hold variables.
func (q *Request) texts() (list []*string) {
	list = append(list, &q.Body)
	for i := range q.Headers {
		list = append(list, &q.Headers[i].Value)
	}
	for i := range q.Expect {
		list = append(list, &q.Expect[i].Value)
	}
	for i := range q.Contains {
		list = append(list, &q.Contains[i])
	}
	return list
}

// clone returns a copy that shares nothing with the request.
func (q *Request) clone() *Request {
	c := *q
	c.Headers, c.Expect, c.Contains = slices.Clone(q.Headers), slices.Clone(q.Expect), slices.Clone(q.Contains)
	return &c
}

// parseRequest reads {to: address, method: …, headers: …, body: …, status: …, expect: …, contains: …, save: …}.
func (r *reader) parseRequest(e entry) ([]Action, error) {
	entries, err := e.value.mapping()
	if err != nil {
		return nil, err
	}
	q := &Request{Method: http.MethodGet}
	action := Action{Verb: VerbRequest, Request: q, Line: e.line}
	for _, key := range entries {
		switch key.key {
		case "to":
			action.Name, err = key.value.scalar()
		case "method":
			q.Method, err = key.value.scalar()
		case "headers":
			q.Headers, err = r.parsePairList(key.value)
		case "body":
			q.Body, err = key.value.scalar()
		case "status":
			q.Status, err = key.value.status()
		case "expect":
			q.Expect, err = r.parsePairList(key.value)
		case "contains":
			q.Contains, err = key.value.strings()
		case "save":
			q.Save, err = r.parsePairList(key.value)
		default:
			err = r.errorf(key.line, "%s", unknown("key", key.key))
		}
		if err != nil {
			return nil, err
		}
	}
	return []Action{action}, r.checkRequest(action)
}

// checkRequest returns an error for a request that cannot be sent.
func (r *reader) checkRequest(a Action) error {
	q := a.Request
	switch {
	case a.Name == "":
		return r.errorf(a.Line, "request has no address: expected to: an address, such as \"{sigma}/scim/v2/Users\"")
	case !slices.Contains(requestMethods, q.Method):
		return r.errorf(a.Line, "request has the method %q: expected one of %s", q.Method, strings.Join(requestMethods, ", "))
	case len(q.Body) > maxRequestBody:
		return r.errorf(a.Line, "the body of the request has %d bytes: at most %d are allowed", len(q.Body), maxRequestBody)
	case len(q.Contains) > maxPairs:
		return r.errorf(a.Line, "the request names %d texts: at most %d are allowed", len(q.Contains), maxPairs)
	}
	for _, h := range q.Headers {
		if !headerName.MatchString(h.Name) || strings.ContainsAny(h.Value, "\r\n") {
			return r.errorf(a.Line, "%q is not a header: expected name: value in one line", h.Name)
		}
		if slices.Contains(ownHeaders, strings.ToLower(h.Name)) {
			return r.errorf(a.Line, "a script cannot set the header %s: leave it out", h.Name)
		}
	}
	for _, v := range q.Save {
		if !variableName.MatchString(v.Name) || addressNames[v.Name] {
			return r.errorf(a.Line, "%q cannot be a variable: expected small letters, digits and hyphens, such as user-id", v.Name)
		}
	}
	return nil
}

// parsePairList reads a mapping of texts.
func (r *reader) parsePairList(n node) ([]Pair, error) {
	entries, err := n.mapping()
	if err != nil {
		return nil, err
	}
	if len(entries) > maxPairs {
		return nil, n.errorf("%d entries are given: at most %d are allowed", len(entries), maxPairs)
	}
	var pairs []Pair
	for _, e := range entries {
		value, err := e.value.scalar()
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, Pair{e.key, value})
	}
	return pairs, nil
}

// status is a status code of HTTP.
func (n node) status() (int, error) {
	value, err := n.scalar()
	if err != nil {
		return 0, err
	}
	code, err := strconv.Atoi(value)
	if err != nil || code < 100 || code > 599 {
		return 0, n.errorf("expected a status from 100 to 599")
	}
	return code, nil
}
