package logfilter

import (
	"encoding/json"
	"fmt"
	"strings"
)

// rewrite converts a filter to the grammar of RFC 7644, which is stricter than what people type and what Okta accepts:
//
//	outcome.result eq FAILURE       outcome.result eq "FAILURE"     values are quoted
//	not eventType pr                not (eventType pr)              "not" has parentheses
//	client.userAgent.os eq "…"      client.userAgent_os eq "…"      a path has at most one sub-attribute
//
// Names of attributes are checked here, because the grammar does not know them. The parser refuses all other mistakes.
func rewrite(tokens []token) (string, error) {
	var w rewriter
	for i, t := range tokens {
		next := token{}
		if i+1 < len(tokens) {
			next = tokens[i+1]
		}
		if err := w.token(t, next); err != nil {
			return "", err
		}
	}
	if w.state == value {
		w.text.WriteString(" ") // so that the parser reports a missing value, not missing white space
	}
	return w.text.String(), nil
}

// rewriter knows only as much of the grammar as it needs to distinguish names, operators and values.
type rewriter struct {
	text   strings.Builder
	state  state
	depth  int   // open parentheses of the input
	opened []int // depth at each parenthesis that was inserted after "not" and is still open
}

// state says what the next token is read as.
type state int

const (
	term state = iota // an attribute, "not" or "("
	operator
	value
	connective // "and", "or" or ")"
)

func (w *rewriter) write(text string) {
	if w.text.Len() > 0 {
		w.text.WriteByte(' ')
	}
	w.text.WriteString(text)
}

// source returns a token as it was typed.
func (t token) source() string {
	if !t.quoted {
		return t.text
	}
	return quote(t.text)
}

func quote(text string) string {
	quoted, _ := json.Marshal(text) // a string can always be marshalled
	return string(quoted)
}

func (w *rewriter) token(t, next token) error {
	switch {
	case w.state == operator:
		w.write(t.source())
		w.state = value
		if t.is("pr") {
			w.endTerm()
		}
	case w.state == value:
		w.write(quote(t.text))
		w.endTerm()
	case t.is(")"):
		w.write(")")
		w.depth--
		w.endTerm()
	case w.state == connective:
		w.write(t.source())
		if t.is("and") || t.is("or") { // the parser refuses anything else
			w.state = term
		}
	case t.is("("):
		w.write("(")
		w.depth++
	case t.is("not"):
		w.write("not")
		if !next.is("(") {
			w.write("(")
			w.opened = append(w.opened, w.depth)
		}
	default:
		if _, known := attributes[strings.ToLower(t.text)]; !known || t.quoted {
			return fmt.Errorf("there is no attribute %q", t.text)
		}
		w.write(path(t.text))
		w.state = operator
	}
	return nil
}

// endTerm closes the parentheses that were inserted before the term which ends here.
func (w *rewriter) endTerm() {
	for n := len(w.opened); n > 0 && w.opened[n-1] == w.depth; n-- {
		w.write(")")
		w.opened = w.opened[:n-1]
	}
	w.state = connective
}

// path converts an attribute's name to a path of RFC 7644, with at most one dot: "client.userAgent.os" becomes
// "client.userAgent_os".
func path(name string) string {
	first, rest, found := strings.Cut(name, ".")
	if !found {
		return name
	}
	return first + "." + strings.ReplaceAll(rest, ".", "_")
}
