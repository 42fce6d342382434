package player

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"understudy/seed/script"
)

const (
	maxAnswer    = 1 << 20 // bytes of an answer that are read
	answerQuoted = 300     // bytes of an answer that a failure quotes
)

// errElsewhere means that a request leads to another server, which is not allowed.
var errElsewhere = errors.New("a request reaches only {okta} and {sigma} of its lab; other servers must be allowed with --allow-egress")

// request sends the request of an action whose variables are replaced, judges the answer and saves values of it.
func (pl *play) request(ctx context.Context, action script.Action) error {
	q := action.Request
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, q.Method, action.Name, strings.NewReader(q.Body))
	if err != nil {
		return fmt.Errorf("%q is not an address", action.Name)
	}
	for _, h := range q.Headers {
		request.Header.Set(h.Name, h.Value)
	}
	transport, err := pl.transportTo(request.URL)
	if err != nil {
		return err
	}
	answer, err := transport.RoundTrip(request) // a redirect is an answer, too
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return err
	}
	if len(text) > maxAnswer {
		return fmt.Errorf("the answer has more than %d bytes", maxAnswer)
	}
	if err := pl.judgeAnswer(q, answer.StatusCode, text); err != nil {
		return fmt.Errorf("%w; the answer is %d %.*s", err, answer.StatusCode, answerQuoted, text)
	}
	return nil
}

// transportTo returns what carries a request to an address: the lab's own addresses are reached like its pages.
func (pl *play) transportTo(to *url.URL) (http.RoundTripper, error) {
	if to.Scheme != "http" && to.Scheme != "https" || to.User != nil {
		return nil, fmt.Errorf("%q is not an address of a server", to)
	}
	for _, half := range []string{"okta", "sigma"} {
		own, err := url.Parse(pl.values[half])
		if err != nil || own.Host != to.Host || own.Scheme != to.Scheme {
			continue
		}
		if within := path.Clean("/" + to.Path); within == own.Path || strings.HasPrefix(within, own.Path+"/") {
			return pl.Transport, nil
		}
	}
	if pl.Egress == nil {
		return nil, errElsewhere
	}
	return pl.Egress, nil
}

// judgeAnswer compares an answer with what the script expects, and saves the values that the script names.
func (pl *play) judgeAnswer(q *script.Request, status int, text []byte) error {
	switch {
	case q.Status == 0 && status/100 != 2:
		return errors.New("the status is not from 200 to 299")
	case q.Status != 0 && status != q.Status:
		return fmt.Errorf("the status is not %d", q.Status)
	}
	for _, part := range q.Contains {
		if !strings.Contains(string(text), part) {
			return fmt.Errorf("the answer lacks %q", part)
		}
	}
	if len(q.Expect)+len(q.Save) == 0 {
		return nil
	}
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		return errors.New("the answer is not JSON")
	}
	for _, e := range q.Expect {
		value, err := valueAt(document, e.Name)
		if err != nil {
			return err
		}
		if value != e.Value {
			return fmt.Errorf("%s is %q, not %q", e.Name, value, e.Value)
		}
	}
	for _, s := range q.Save {
		value, err := valueAt(document, s.Value)
		if err != nil {
			return err
		}
		pl.values[s.Name] = value
	}
	return nil
}

// valueAt returns the text of a value in a JSON document. Its path consists of names and of numbers, which count from 0:
// Resources.0.userName. A name that contains dots, as SCIM's schemas have, is tried before the parts of it.
func valueAt(document any, at string) (string, error) {
	value, found := lookup(document, at)
	if !found {
		return "", fmt.Errorf("the answer has no %s", at)
	}
	if text, isText := value.(string); isText {
		return text, nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

func lookup(document any, at string) (any, bool) {
	if at == "" {
		return document, true
	}
	switch v := document.(type) {
	case map[string]any:
		for end := len(at); end > 0; end = strings.LastIndex(at[:end], ".") {
			if member, found := v[at[:end]]; found {
				if value, found := lookup(member, strings.TrimPrefix(at[end:], ".")); found {
					return value, true
				}
			}
		}
	case []any:
		index, rest, _ := strings.Cut(at, ".")
		if n, err := strconv.Atoi(index); err == nil && n >= 0 && n < len(v) {
			return lookup(v[n], rest)
		}
	}
	return nil, false
}
