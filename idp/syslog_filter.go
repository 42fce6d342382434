package idp

import (
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/problem"
)

// logFilter is a search of the System Log as SQL over okta_log, with its arguments.
type logFilter struct {
	sql  string
	args []any
}

// publishedField is the one attribute that is a time.
const publishedField = "$.published"

// logFields are the attributes that a filter may name, as expressions over the event's JSON. Attributes of targets are
// looked for in every target.
var logFields = map[string]string{
	"published":                     publishedField,
	"eventtype":                     "$.eventType",
	"displaymessage":                "$.displayMessage",
	"severity":                      "$.severity",
	"legacyeventtype":               "$.legacyEventType",
	"uuid":                          "$.uuid",
	"actor.id":                      "$.actor.id",
	"actor.type":                    "$.actor.type",
	"actor.alternateid":             "$.actor.alternateId",
	"actor.displayname":             "$.actor.displayName",
	"outcome.result":                "$.outcome.result",
	"outcome.reason":                "$.outcome.reason",
	"client.ipaddress":              "$.client.ipAddress",
	"client.device":                 "$.client.device",
	"client.useragent.browser":      "$.client.userAgent.browser",
	"client.useragent.os":           "$.client.userAgent.os",
	"client.useragent.rawuseragent": "$.client.userAgent.rawUserAgent",
	"transaction.id":                "$.transaction.id",
	"transaction.type":              "$.transaction.type",
	"authenticationcontext.externalsessionid": "$.authenticationContext.externalSessionId",
	"debugcontext.debugdata.requesturi":       "$.debugContext.debugData.requestUri",
	"debugcontext.debugdata.url":              "$.debugContext.debugData.url",
	"request.ipchain.ip":                      "$.request.ipChain[0].ip",
	"target.id":                               "target:id",
	"target.type":                             "target:type",
	"target.alternateid":                      "target:alternateId",
	"target.displayname":                      "target:displayName",
}

// parseLogFilter reads what was typed: Okta's filter expressions (eq, ne, co, sw, ew, gt, ge, lt, le, pr, and, or, not,
// parentheses), or plain words, all of which must occur.
func parseLogFilter(text string) (logFilter, error) {
	tokens := logTokens(text)
	if len(tokens) == 0 {
		return logFilter{sql: "1"}, nil
	}
	if len(tokens) > maxFilterWords {
		return logFilter{}, problem.InvalidField("filter", "The search is too long.")
	}
	if !looksLikeFilter(tokens) {
		return plainWords(tokens), nil
	}
	p := &logParser{tokens: tokens}
	sql, err := p.or()
	if err == nil && p.at < len(p.tokens) {
		err = p.unexpected()
	}
	if err != nil {
		return logFilter{}, problem.InvalidField("filter", "The filter cannot be read: "+err.Error()+`. Example: eventType eq "user.session.start" and outcome.result eq "FAILURE"`)
	}
	return logFilter{sql: sql, args: p.args}, nil
}

type logToken struct {
	text   string
	quoted bool
}

func logTokens(text string) (tokens []logToken) {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '(' || c == ')':
			tokens = append(tokens, logToken{text: string(c)})
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
			tokens = append(tokens, logToken{text: b.String(), quoted: true})
		default:
			end := i
			for end < len(text) && !strings.ContainsRune(" \t\r\n()\"", rune(text[end])) {
				end++
			}
			tokens = append(tokens, logToken{text: text[i:end]})
			i = end
		}
	}
	return tokens
}

// logOperators are the operators of a comparison; those that compare by order have their sign.
var logOperators = map[string]string{"eq": "=", "ne": "=", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "co": "LIKE", "sw": "LIKE", "ew": "LIKE", "pr": "IS"}

func looksLikeFilter(tokens []logToken) bool {
	for i, t := range tokens {
		if i > 0 && !t.quoted && logOperators[strings.ToLower(t.text)] != "" && !tokens[i-1].quoted {
			if strings.Contains(tokens[i-1].text, ".") || logFields[strings.ToLower(tokens[i-1].text)] != "" {
				return true
			}
		}
	}
	return false
}

func plainWords(tokens []logToken) (f logFilter) {
	var parts []string
	for _, t := range tokens {
		f.args = append(f.args, likePattern(t.text, true, true))
		parts = append(parts, fmt.Sprintf(`lower(event) LIKE $%d ESCAPE '\'`, len(f.args)))
	}
	f.sql = strings.Join(parts, " AND ")
	return f
}

// likePattern is the LIKE pattern of a text in lower case; open says on which sides anything may stand.
func likePattern(text string, openBefore, openAfter bool) string {
	pattern := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text))
	if openBefore {
		pattern = "%" + pattern
	}
	if openAfter {
		pattern += "%"
	}
	return pattern
}

// maxFilterDepth bounds nesting, so that a filter of parentheses alone cannot exhaust the stack.
const maxFilterDepth = 50

// maxFilterWords keeps a search below what SQLite takes in one expression.
const maxFilterWords = 500

type logParser struct {
	tokens []logToken
	at     int
	depth  int
	args   []any
}

func (p *logParser) word(word string) bool {
	if p.at < len(p.tokens) && !p.tokens[p.at].quoted && strings.EqualFold(p.tokens[p.at].text, word) {
		p.at++
		return true
	}
	return false
}

func (p *logParser) unexpected() error {
	if p.at >= len(p.tokens) {
		return fmt.Errorf("it ends too early")
	}
	return fmt.Errorf("%q is not expected there", p.tokens[p.at].text)
}

func (p *logParser) or() (string, error)  { return p.chain("or", " OR ", p.and) }
func (p *logParser) and() (string, error) { return p.chain("and", " AND ", p.term) }

func (p *logParser) chain(word, join string, next func() (string, error)) (string, error) {
	first, err := next()
	if err != nil {
		return "", err
	}
	parts := []string{first}
	for p.word(word) {
		part, err := next()
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, join) + ")", nil
}

func (p *logParser) term() (string, error) {
	if p.depth++; p.depth > maxFilterDepth {
		return "", fmt.Errorf("it is nested too deeply")
	}
	defer func() { p.depth-- }()
	if p.word("not") {
		inner, err := p.term()
		return "NOT " + inner, err
	}
	if p.word("(") {
		inner, err := p.or()
		if err == nil && !p.word(")") {
			err = p.unexpected()
		}
		return inner, err
	}
	return p.comparison()
}

func (p *logParser) comparison() (string, error) {
	if p.at+1 >= len(p.tokens) {
		p.at = len(p.tokens)
		return "", p.unexpected()
	}
	name, operator := p.tokens[p.at], strings.ToLower(p.tokens[p.at+1].text)
	field, known := logFields[strings.ToLower(name.text)]
	if !known || name.quoted {
		return "", fmt.Errorf("there is no attribute %q", name.text)
	}
	if logOperators[operator] == "" || p.tokens[p.at+1].quoted {
		p.at++
		return "", p.unexpected()
	}
	p.at += 2
	if operator == "pr" {
		return p.match(field, "%s IS NOT NULL"), nil
	}
	if p.at >= len(p.tokens) {
		return "", p.unexpected()
	}
	value := p.tokens[p.at].text
	p.at++
	sql, err := p.compare(field, operator, value)
	if operator == "ne" {
		sql = "NOT " + sql
	}
	return sql, err
}

// compare is a comparison of an attribute with a value as SQL; "ne" is left to the caller to turn round.
func (p *logParser) compare(field, operator, value string) (string, error) {
	sign := logOperators[operator]
	if sign == "LIKE" {
		p.args = append(p.args, likePattern(value, operator != "sw", operator != "ew"))
		return p.match(field, fmt.Sprintf(`lower(%%s) LIKE $%d ESCAPE '\'`, len(p.args))), nil
	}
	if field == publishedField {
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return "", fmt.Errorf("%q is not a time such as 2026-11-02T09:00:00.000Z", value)
		}
		p.args = append(p.args, at.UnixMilli())
		return fmt.Sprintf("(published_ms %s $%d)", sign, len(p.args)), nil
	}
	p.args = append(p.args, strings.ToLower(value))
	return p.match(field, fmt.Sprintf("lower(%%s) %s $%d", sign, len(p.args))), nil
}

// match applies a condition to an attribute of the event, or to that of any target. Of an attribute that the event does
// not have every condition is false, so that "not" and "ne" find the event.
func (p *logParser) match(field, condition string) string {
	if member, ok := strings.CutPrefix(field, "target:"); ok {
		inner := fmt.Sprintf(condition, "json_extract(t.value, '$."+member+"')")
		return "EXISTS (SELECT 1 FROM json_each(okta_log.event, '$.target') AS t WHERE " + inner + ")"
	}
	return "coalesce(" + fmt.Sprintf(condition, "json_extract(event, '"+field+"')") + ", 0)"
}
