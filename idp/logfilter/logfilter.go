// Package logfilter translates a search of the System Log into a condition in SQL.
//
// A search is either plain words, which must all occur in the event, or a filter expression in the grammar of SCIM
// (RFC 7644 section 3.4.2.2), as in Okta's System Log API:
//
//	maya failure
//	eventType eq "user.session.start" and not outcome.result eq SUCCESS
//
// The steps, and where they are:
//
//	text ── tokens ──> plain words? ── words ─────────────────────────────> SQL (sql.go)
//	                        │
//	                        └─ filter ── RFC 7644 text ── scim.ParseFilter ──> SQL (sql.go)
//	                                     (rewrite.go)
//
//	logfilter.go  Parse and the tokens
//	rewrite.go    converts a filter as people type it to the grammar of RFC 7644
//	sql.go        the attributes of events, and the SQL of a parsed filter
//
// The package runs no SQL. Its conditions are over the columns event (JSON) and published_ms of the table okta_log.
package logfilter

import (
	"errors"
	"regexp"
	"strings"

	"understudy/scim"
	"understudy/seed/base/problem"
)

// Condition is an SQL expression over okta_log. Args are its parameters $1, $2, ….
type Condition struct {
	SQL  string
	Args []any
}

const (
	maxTokens = 500 // keeps the expression below SQLite's limits of depth and parameters
	maxDepth  = 50  // nested parentheses
)

// example ends the error of a filter that cannot be read.
const example = ` Example: eventType eq "user.session.start" and outcome.result eq "FAILURE"`

// Parse translates a search. An empty search matches every event. A filter that cannot be read is an Invalid problem at
// the field "filter".
func Parse(text string) (Condition, error) {
	tokens := tokenize(text)
	if len(tokens) == 0 {
		return Condition{SQL: "1"}, nil
	}
	if len(tokens) > maxTokens {
		return Condition{}, problem.InvalidField("filter", "The search is too long.")
	}
	if !isFilter(tokens) {
		return words(tokens), nil
	}
	rewritten, err := rewrite(tokens)
	if err != nil {
		return Condition{}, problem.InvalidField("filter", "The filter cannot be read: "+err.Error()+"."+example)
	}
	filter, err := scim.ParseFilter(rewritten, scim.Limits{FilterLength: len(rewritten), FilterDepth: maxDepth})
	if err != nil {
		return Condition{}, problem.InvalidField("filter", "The filter cannot be read. "+sentence(err)+example)
	}
	var t translator
	sql, err := t.filter(filter)
	if err != nil {
		return Condition{}, problem.InvalidField("filter", "The filter cannot be read: "+err.Error()+"."+example)
	}
	return Condition{SQL: sql, Args: t.args}, nil
}

// position matches the position in a parser's error. Parse removes it, because it refers to the rewritten text.
var position = regexp.MustCompile(` at position \d+,`)

func sentence(err error) string {
	var e *scim.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	return position.ReplaceAllString(e.Detail, "")
}

// token is a word, a parenthesis, or a quoted text without its quotation marks.
type token struct {
	text   string
	quoted bool
}

// is reports whether the token is the unquoted word, in any case.
func (t token) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

// tokenize splits a search. In a quoted text, a backslash escapes the next character. A missing closing quotation mark
// is assumed at the end.
func tokenize(text string) (tokens []token) {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '(' || c == ')':
			tokens = append(tokens, token{text: string(c)})
			i++
		case c == '"':
			var b strings.Builder
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' && i+1 < len(text) {
					i++
				}
				b.WriteByte(text[i])
			}
			i++
			tokens = append(tokens, token{text: b.String(), quoted: true})
		default:
			end := i
			for end < len(text) && !strings.ContainsRune(" \t\r\n()\"", rune(text[end])) {
				end++
			}
			tokens = append(tokens, token{text: text[i:end]})
			i = end
		}
	}
	return tokens
}

// isFilter reports whether an operator follows the name of an attribute, or a word with a dot, which looks like one.
func isFilter(tokens []token) bool {
	for i, t := range tokens[1:] {
		before := tokens[i]
		if t.quoted || before.quoted || !isOperator(t.text) {
			continue
		}
		if _, known := attributes[strings.ToLower(before.text)]; known || strings.Contains(before.text, ".") {
			return true
		}
	}
	return false
}
