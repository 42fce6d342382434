package orgtest

import (
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// wrap returns a document whose main element holds only the selection. A form around the selection is lost; rows of our
// pages contain whole forms.
func wrap(s *goquery.Selection) *html.Node {
	main := &html.Node{Type: html.ElementNode, Data: "main", DataAtom: atom.Main}
	for _, n := range s.Clone().Nodes {
		main.AppendChild(n)
	}
	root := &html.Node{Type: html.DocumentNode}
	root.AppendChild(main)
	return root
}

// named returns the elements whose accessible name is name.
func named(s *goquery.Selection, name string) *goquery.Selection {
	return s.FilterFunction(func(_ int, e *goquery.Selection) bool {
		if label, ok := e.Attr("aria-label"); ok {
			return fold(label) == name
		}
		return fold(e.Text()) == name
	})
}

// labelled returns the field with the given label.
func labelled(s *goquery.Selection, label string) *goquery.Selection {
	for _, l := range s.Find("label").EachIter() {
		if fold(l.Text()) != label {
			continue
		}
		if id, ok := l.Attr("for"); ok {
			return s.Find("[id='" + id + "']").First()
		}
		return l.Find("input, select, textarea").First()
	}
	return s.Find("[aria-label='" + label + "']").First()
}

// entries returns the data that the form submits with its current values.
func entries(form *goquery.Selection) url.Values {
	sent := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, control *goquery.Selection) {
		name := control.AttrOr("name", "")
		if value, ok := valueOf(control); ok && name != "" {
			sent.Add(name, value)
		}
	})
	return sent
}

// valueOf returns the value of a control; ok is false for a checkbox or radio button that is not selected.
func valueOf(control *goquery.Selection) (value string, ok bool) {
	switch goquery.NodeName(control) {
	case "textarea":
		return strings.TrimPrefix(control.Text(), "\n"), true
	case "select":
		chosen := control.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = control.Find("option").First()
		}
		return chosen.AttrOr("value", chosen.Text()), true
	}
	if kind := control.AttrOr("type", "text"); kind == "checkbox" || kind == "radio" {
		_, checked := control.Attr("checked")
		return control.AttrOr("value", "on"), checked
	}
	return control.AttrOr("value", ""), true
}
