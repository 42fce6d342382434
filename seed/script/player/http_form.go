package player

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The HTTP player keeps what is typed in the document itself, so that a form
// holds its values over several steps until it is sent, as in a browser.

func setValue(n *html.Node, value string) {
	if n.DataAtom != atom.Textarea {
		setAttr(n, "value", value)
		return
	}
	for child := n.FirstChild; child != nil; child = n.FirstChild {
		n.RemoveChild(child)
	}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: value})
}

func fieldValue(n *html.Node) string {
	if n.DataAtom == atom.Input {
		return attr(n, "value")
	}
	return rawText(n)
}

func setChecked(n *html.Node, on bool) {
	if !on {
		removeAttr(n, "checked")
		return
	}
	if inputType(n) == "radio" {
		form := formOf(n)
		for other := range root(n).Descendants() {
			if other.DataAtom == atom.Input && inputType(other) == "radio" && attr(other, "name") == attr(n, "name") && formOf(other) == form {
				removeAttr(other, "checked")
			}
		}
	}
	setAttr(n, "checked", "")
}

func selectOption(control, option *html.Node) {
	if !has(control, "multiple") {
		for _, other := range options(control) {
			removeAttr(other, "selected")
		}
	}
	setAttr(option, "selected", "")
}

// selected lists the chosen options; a simple select has its first one chosen
// when none is marked.
func selected(control *html.Node) []*html.Node {
	var chosen []*html.Node
	all := options(control)
	for _, option := range all {
		if has(option, "selected") {
			chosen = append(chosen, option)
		}
	}
	if has(control, "multiple") {
		return chosen
	}
	if len(chosen) > 0 {
		return chosen[len(chosen)-1:]
	}
	for _, option := range all {
		if !has(option, "disabled") {
			return []*html.Node{option}
		}
	}
	return nil
}

func root(n *html.Node) *html.Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// formOf is the form that owns a control: by its form attribute, or around it.
func formOf(n *html.Node) *html.Node {
	id, given := attribute(n, "form")
	if !given {
		return closest(n, isElement(atom.Form))
	}
	for d := range root(n).Descendants() {
		if d.DataAtom == atom.Form && attr(d, "id") == id {
			return d
		}
	}
	return nil
}

func isSubmit(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Button:
		kind := strings.ToLower(attr(n, "type"))
		return kind == "" || kind == "submit"
	case atom.Input:
		return inputType(n) == "submit" || inputType(n) == "image"
	}
	return false
}

type pair struct{ name, value string }

// entries builds the form's entry list (HTML standard, 4.10.22.4).
func entries(form, submitter *html.Node) []pair {
	var list []pair
	add := func(n *html.Node, value string) {
		if name := attr(n, "name"); name != "" {
			list = append(list, pair{name, value})
		}
	}
	for n := range root(form).Descendants() {
		if n.Type != html.ElementNode || formOf(n) != form || disabled(n) {
			continue
		}
		switch n.DataAtom {
		case atom.Button:
			if n == submitter {
				add(n, attr(n, "value"))
			}
		case atom.Select:
			for _, option := range selected(n) {
				if !has(option, "disabled") {
					add(n, optionValue(option))
				}
			}
		case atom.Textarea:
			add(n, lineBreaks(rawText(n)))
		case atom.Input:
			switch inputType(n) {
			case "submit", "image":
				if n == submitter {
					add(n, attr(n, "value"))
				}
			case "button", "reset", "file":
			case "checkbox", "radio":
				if has(n, "checked") {
					value, given := attribute(n, "value")
					if !given {
						value = "on"
					}
					add(n, value)
				}
			default:
				add(n, lineBreaks(attr(n, "value")))
			}
		}
	}
	return list
}

func optionValue(option *html.Node) string {
	if value, given := attribute(option, "value"); given {
		return value
	}
	return fold(rawText(option))
}

// lineBreaks are sent as CRLF, whatever was typed.
func lineBreaks(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// submission is what sending a form asks of the network.
type submission struct {
	method, contentType string
	address             *url.URL
	body                []byte
}

// submission builds the request of a form sent by submitter, which is nil when a script sends it.
func (p *page) submission(form, submitter *html.Node) (submission, error) {
	pick := func(own, formKey string) string {
		if submitter != nil {
			if value, given := attribute(submitter, own); given {
				return value
			}
		}
		return attr(form, formKey)
	}
	address, err := p.resolve(pick("formaction", "action"))
	if err != nil {
		return submission{}, err
	}
	s := submission{method: strings.ToUpper(pick("formmethod", "method")), address: address}
	list := entries(form, submitter)
	switch s.method {
	case http.MethodPost:
		if strings.EqualFold(pick("formenctype", "enctype"), "multipart/form-data") {
			return s, s.multipart(list)
		}
		s.contentType, s.body = "application/x-www-form-urlencoded", []byte(encode(list))
	case "DIALOG":
		return s, errors.New("a dialog form is closed, not sent")
	default:
		s.method = http.MethodGet
		withQuery := *address
		withQuery.RawQuery, withQuery.Fragment = encode(list), ""
		s.address = &withQuery
	}
	return s, nil
}

func (s *submission) multipart(list []pair) error {
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	for _, entry := range list {
		if err := writer.WriteField(entry.name, entry.value); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	s.contentType, s.body = writer.FormDataContentType(), body.Bytes()
	return nil
}

// encode keeps the order of the form, which url.Values would sort.
func encode(list []pair) string {
	var b strings.Builder
	for i, entry := range list {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(entry.name) + "=" + url.QueryEscape(entry.value))
	}
	return b.String()
}

// resolve makes an address of the page absolute, by its base element if it has one.
func (p *page) resolve(reference string) (*url.URL, error) {
	base := p.url
	for n := range p.doc.Descendants() {
		if n.DataAtom == atom.Base && has(n, "href") {
			if b, err := p.url.Parse(attr(n, "href")); err == nil {
				base = b
			}
			break
		}
	}
	address, err := base.Parse(strings.TrimSpace(reference))
	if err != nil {
		return nil, fmt.Errorf("the address %q cannot be followed: %w", reference, err)
	}
	if address.Scheme != "http" && address.Scheme != "https" {
		return nil, fmt.Errorf("the address %q cannot be followed without a script", reference)
	}
	return address, nil
}

// handOver finds the form by which one half hands a SAML message to the other:
// a browser's script sends it at once, a person without scripts presses its button.
func (p *page) handOver() *html.Node {
	for n := range p.doc.Descendants() {
		if n.DataAtom != atom.Input || attr(n, "name") != "SAMLResponse" && attr(n, "name") != "SAMLRequest" {
			continue
		}
		form := formOf(n)
		if form == nil {
			continue
		}
		if attr(form, "id") == "appForm" {
			return form
		}
		for d := range p.doc.Descendants() {
			if d.DataAtom == atom.Noscript {
				return form
			}
		}
	}
	return nil
}
