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

// The HTTP player stores typed values in the parsed document. A form therefore keeps its values over several steps until
// it is sent, as in a browser.

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

// fieldValue is what a field holds.
func fieldValue(n *html.Node) string {
	if n.DataAtom == atom.Input {
		return attr(n, "value")
	}
	return rawText(n)
}

// setChecked sets or clears a checkbox or radio button. Setting a radio button clears the others of its group.
func setChecked(n *html.Node, on bool) {
	if !on {
		removeAttr(n, "checked")
		return
	}
	if inputType(n) == "radio" {
		form := formOf(n)
		for other := range root(n).Descendants() {
			isRadio := other.DataAtom == atom.Input && inputType(other) == "radio"
			if isRadio && attr(other, "name") == attr(n, "name") && formOf(other) == form {
				removeAttr(other, "checked")
			}
		}
	}
	setAttr(n, "checked", "")
}

// selectOption selects an option, and clears the others unless the select is multiple.
func selectOption(control, option *html.Node) {
	if !hasAttr(control, "multiple") {
		for _, other := range options(control) {
			removeAttr(other, "selected")
		}
	}
	setAttr(option, "selected", "")
}

// selected lists the selected options. In a select that is not multiple, the last marked option counts, or else the first
// enabled one (HTML standard, 4.10.7).
func selected(control *html.Node) []*html.Node {
	var chosen []*html.Node
	all := options(control)
	for _, option := range all {
		if hasAttr(option, "selected") {
			chosen = append(chosen, option)
		}
	}
	if hasAttr(control, "multiple") {
		return chosen
	}
	if len(chosen) > 0 {
		return chosen[len(chosen)-1:]
	}
	for _, option := range all {
		if !hasAttr(option, "disabled") {
			return []*html.Node{option}
		}
	}
	return nil
}

// root is the document that holds n.
func root(n *html.Node) *html.Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// formOf is the form of a control: the one that its form attribute names, or the one around it; nil when there is none.
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

// isSubmit reports whether the control is a submit button.
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

// formEntry is one field of a form that is sent.
type formEntry struct{ name, value string }

// entryList constructs the entry list of a form (HTML standard, 4.10.22.4). submitter is the pressed button or nil.
func entryList(form, submitter *html.Node) []formEntry {
	var list []formEntry
	add := func(n *html.Node, value string) {
		if name := attr(n, "name"); name != "" {
			list = append(list, formEntry{name, value})
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
				if !hasAttr(option, "disabled") {
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
				if hasAttr(n, "checked") {
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

// optionValue is what a selected option sends: its value attribute, or else its text.
func optionValue(option *html.Node) string {
	if value, given := attribute(option, "value"); given {
		return value
	}
	return fold(rawText(option))
}

// lineBreaks normalizes line breaks to CRLF, as forms send them (HTML standard, 4.10.22.4).
func lineBreaks(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// submission is a request that a click causes: following a link or sending a form.
type submission struct {
	method, contentType string
	address             *url.URL
	body                []byte
}

// submission builds the request that sends a form. submitter is the pressed button; nil when JavaScript sends the form.
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
	list := entryList(form, submitter)
	switch s.method {
	case http.MethodPost:
		if strings.EqualFold(pick("formenctype", "enctype"), "multipart/form-data") {
			return s, s.multipart(list)
		}
		s.contentType, s.body = "application/x-www-form-urlencoded", []byte(encode(list))
	case "DIALOG":
		return s, errors.New("a form with method dialog is not sent")
	default:
		s.method = http.MethodGet
		withQuery := *address
		withQuery.RawQuery, withQuery.Fragment = encode(list), ""
		s.address = &withQuery
	}
	return s, nil
}

// multipart encodes the entries as multipart/form-data (RFC 7578). Files are not supported.
func (s *submission) multipart(list []formEntry) error {
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

// encode is application/x-www-form-urlencoded in the order of the form. url.Values would sort by name.
func encode(list []formEntry) string {
	var b strings.Builder
	for i, entry := range list {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(entry.name) + "=" + url.QueryEscape(entry.value))
	}
	return b.String()
}

// resolve makes a reference on the page absolute. It respects the base element.
func (p *page) resolve(reference string) (*url.URL, error) {
	base := p.url
	for n := range p.doc.Descendants() {
		if n.DataAtom == atom.Base && hasAttr(n, "href") {
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
		return nil, fmt.Errorf("the address %q cannot be followed without JavaScript", reference)
	}
	return address, nil
}

// samlForm finds the form of the SAML HTTP-POST binding (SAML bindings, 3.5.4), which a browser's JavaScript sends at once;
// nil when the page has none. A form with such a field counts only if JavaScript sends it. Okta's form has
// the id appForm; Sigma's page has a noscript element with a button.
func (p *page) samlForm() *html.Node {
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
