package player

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"understudy/seed/script"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// httpWindow is a window without a browser: a cookie jar and the current page. It runs no JavaScript.
type httpWindow struct {
	client *http.Client
	rename map[string]string // Options.Rename, nil when switched off
	page   *page             // nil before the first visit
	policy string            // the page's Referrer-Policy
	typed  []script.Action   // what was filled in, chosen and ticked since the page was loaded
}

// newHTTPWindow makes a window with an empty cookie jar. The window follows redirects itself, to set the headers of each
// request.
func newHTTPWindow(transport http.RoundTripper, rename map[string]string) *httpWindow {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &httpWindow{rename: rename, client: &http.Client{
		Jar: jar, Transport: transport, Timeout: requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// errNoPage means that nothing was visited in the window.
var errNoPage = errors.New("no page is open in this window: visit a page first")

func (w *httpWindow) read(context.Context) (*page, error) {
	if w.page == nil {
		return nil, errNoPage
	}
	return w.page, nil
}

// retryTime is 0, because nothing changes the page of an HTTP window between actions.
func (w *httpWindow) retryTime() time.Duration { return 0 }
func (w *httpWindow) close()                   {}

func (w *httpWindow) screenshot(context.Context, string) error { return nil }

func (w *httpWindow) visit(ctx context.Context, address string) error {
	base := &url.URL{}
	if w.page != nil {
		base = w.page.url
	}
	target, err := base.Parse(address)
	if err != nil || target.Host == "" {
		return fmt.Errorf("%q is not an address", address)
	}
	return w.load(ctx, submission{method: http.MethodGet, address: target}, nil)
}

func (w *httpWindow) reload(ctx context.Context) error {
	return w.load(ctx, submission{method: http.MethodGet, address: w.page.url}, nil)
}

func (w *httpWindow) fill(_ context.Context, n *xhtml.Node, value string) error {
	setValue(n, value)
	return nil
}

func (w *httpWindow) choose(_ context.Context, control, option *xhtml.Node) error {
	if option == nil {
		setChecked(control, true)
		return nil
	}
	selectOption(control, option)
	return nil
}

func (w *httpWindow) tick(_ context.Context, n *xhtml.Node, on bool) error {
	if n.DataAtom != atom.Input {
		return errors.New("this checkbox needs JavaScript")
	}
	setChecked(n, on)
	return nil
}

// click follows a link, sends a form, or opens and closes a details or dialog element. Other controls need JavaScript.
func (w *httpWindow) click(ctx context.Context, n *xhtml.Node) error {
	switch {
	case n.DataAtom == atom.A || n.DataAtom == atom.Area:
		address, err := w.page.resolve(attr(n, "href"))
		if err != nil {
			return err
		}
		if strings.HasPrefix(attr(n, "href"), "#") {
			return nil
		}
		return w.load(ctx, submission{method: http.MethodGet, address: address}, w.page)
	case n.DataAtom == atom.Summary:
		if hasAttr(n.Parent, "open") {
			removeAttr(n.Parent, "open")
		} else {
			setAttr(n.Parent, "open", "")
		}
		return nil
	case isSubmit(n):
		form := formOf(n)
		if form == nil {
			return errors.New("this button belongs to no form and needs JavaScript")
		}
		if closesDialog(n, form) {
			if dialog := closest(n, isElement(atom.Dialog)); dialog != nil {
				removeAttr(dialog, "open")
			}
			return nil
		}
		s, err := w.page.submission(form, n)
		if err != nil {
			return err
		}
		return w.load(ctx, s, w.page)
	}
	return errors.New("this button needs JavaScript")
}

// leaveDialog does nothing: without JavaScript a dialog is a page with a navigation.
func (w *httpWindow) leaveDialog(context.Context) error { return nil }

// closesDialog reports whether a submit button closes the dialog around it instead of sending its form.
func closesDialog(button, form *xhtml.Node) bool {
	method := attr(form, "method")
	if hasAttr(button, "formmethod") {
		method = attr(button, "formmethod")
	}
	return strings.EqualFold(method, "dialog")
}

// maxRedirects is the limit of the Fetch standard (HTTP-redirect fetch).
const maxRedirects = 20

// load sends a request, follows redirects and SAML forms as a browser does, and shows the last page. from is the page whose
// control was used; nil for a typed address.
func (w *httpWindow) load(ctx context.Context, s submission, from *page) error {
	for range maxRedirects {
		response, body, err := w.request(ctx, s, from)
		if err != nil {
			return err
		}
		if location := response.Header.Get("Location"); location != "" && response.StatusCode/100 == 3 {
			if s, err = redirected(s, response.StatusCode, location); err != nil {
				return err
			}
			continue
		}
		if isDownload(response) {
			return nil // a download does not change the page
		}
		if err := w.show(s.address, response, body); err != nil {
			return err
		}
		if response.StatusCode >= 500 {
			return fmt.Errorf("%s returned %d: %s", s.address, response.StatusCode, w.page.title)
		}
		form := w.page.samlForm()
		if form == nil {
			return nil
		}
		from = w.page
		if s, err = w.page.submission(form, nil); err != nil {
			return err
		}
	}
	return fmt.Errorf("more than %d redirects, the last to %s", maxRedirects, s.address)
}

// request sends one request and reads the whole body.
func (w *httpWindow) request(ctx context.Context, s submission, from *page) (*http.Response, []byte, error) {
	bare := *s.address
	bare.Fragment = ""
	request, err := http.NewRequestWithContext(ctx, s.method, bare.String(), bytes.NewReader(s.body))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set(GuideHeader, GuideOff)
	w.browserHeaders(request, s, from)
	response, err := w.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", s.address, err)
	}
	return response, body, nil
}

// browserHeaders adds the headers that browsers send with a navigation, because servers check them: Sec-Fetch-* (Fetch
// Metadata Request Headers), Origin (Fetch standard) and Referer (Referrer Policy).
func (w *httpWindow) browserHeaders(request *http.Request, s submission, from *page) {
	h := request.Header
	h.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	h.Set("Accept-Language", "en")
	h.Set("User-Agent", "Mozilla/5.0 (compatible; Understudy walk; HTTP player)")
	h.Set("Upgrade-Insecure-Requests", "1")
	h.Set("Sec-Fetch-Mode", "navigate")
	h.Set("Sec-Fetch-Dest", "document")
	if s.contentType != "" {
		h.Set("Content-Type", s.contentType)
	}
	if from == nil {
		h.Set("Sec-Fetch-Site", "none")
		h.Set("Sec-Fetch-User", "?1")
		return
	}
	same := from.url.Scheme == s.address.Scheme && from.url.Host == s.address.Host
	origin := from.url.Scheme + "://" + from.url.Host
	switch {
	case same:
		h.Set("Sec-Fetch-Site", "same-origin")
	case from.url.Scheme == s.address.Scheme && from.url.Hostname() == s.address.Hostname():
		h.Set("Sec-Fetch-Site", "same-site")
	default: // browsers send same-site for hosts of one domain, too; cross-site is the stricter test
		h.Set("Sec-Fetch-Site", "cross-site")
	}
	silent := w.policy == "no-referrer" || !same && w.policy == "same-origin"
	if s.method != http.MethodGet {
		h.Set("Origin", origin)
		if silent { // Fetch standard, “append a request `Origin` header”
			h.Set("Origin", "null")
		}
	}
	full := *from.url
	full.Fragment, full.User = "", nil
	switch {
	case silent:
	case same && w.policy != "origin" && w.policy != "strict-origin", w.policy == "unsafe-url":
		h.Set("Referer", full.String())
	default:
		h.Set("Referer", origin+"/")
	}
}

func isDownload(response *http.Response) bool {
	disposition, _, _ := mime.ParseMediaType(response.Header.Get("Content-Disposition"))
	return disposition == "attachment"
}

// redirected returns the request after a redirect (RFC 9110, 15.4). As in browsers, 301, 302 and 303 change POST to GET; 307
// and 308 repeat the request.
func redirected(s submission, status int, location string) (submission, error) {
	address, err := s.address.Parse(location)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" {
		return s, fmt.Errorf("%s redirects to %q, which cannot be followed", s.address, location)
	}
	if address.Fragment == "" {
		address.Fragment = s.address.Fragment
	}
	if status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect {
		s.address = address
		return s, nil
	}
	return submission{method: http.MethodGet, address: address}, nil
}

// show makes a response the current page. Content other than HTML is shown as plain text.
func (w *httpWindow) show(address *url.URL, response *http.Response, body []byte) error {
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if kind != "text/html" && kind != "application/xhtml+xml" {
		body = []byte("<!doctype html><pre>" + html.EscapeString(string(body)) + "</pre>")
	}
	shown, err := parsePage(address, bytes.NewReader(body), false)
	if err != nil {
		return fmt.Errorf("read the page %s: %w", address, err)
	}
	shown.rename(w.rename)
	w.typed = nil
	w.page, w.policy = shown, response.Header.Get("Referrer-Policy")
	return nil
}
