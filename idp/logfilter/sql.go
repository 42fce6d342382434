package logfilter

import (
	"fmt"
	"strings"
	"time"

	"understudy/scim"
)

// attributes are the attributes that a filter may name, in lower case, with their place in the event's JSON. Those of
// targets are members of an array: a comparison holds if it holds for any target.
var attributes = map[string]string{
	"published":                     published,
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
	"target.id":                               targetPrefix + "id",
	"target.type":                             targetPrefix + "type",
	"target.alternateid":                      targetPrefix + "alternateId",
	"target.displayname":                      targetPrefix + "displayName",
}

const (
	published    = "$.published" // the only attribute that is a time; it is compared by the column published_ms
	targetPrefix = "target:"
)

// places are the values of attributes by their [path].
var places = func() map[string]string {
	m := make(map[string]string, len(attributes))
	for name, place := range attributes {
		m[path(name)] = place
	}
	return m
}()

// signs are the operators of RFC 7644 table 3 in SQL. "ne" is the negation of "eq".
var signs = map[scim.Op]string{
	scim.Equal: "=", scim.NotEqual: "=", scim.GreaterThan: ">", scim.GreaterOrEqual: ">=", scim.LessThan: "<", scim.LessOrEqual: "<=",
	scim.Contains: "LIKE", scim.StartsWith: "LIKE", scim.EndsWith: "LIKE", scim.Present: "IS",
}

func isOperator(word string) bool { return signs[scim.Op(strings.ToLower(word))] != "" }

// words returns the condition that every word occurs somewhere in the event, in any case.
func words(tokens []token) (c Condition) {
	var parts []string
	for _, t := range tokens {
		c.Args = append(c.Args, likePattern(t.text, true, true))
		parts = append(parts, fmt.Sprintf(`lower(event) LIKE $%d ESCAPE '\'`, len(c.Args)))
	}
	c.SQL = strings.Join(parts, " AND ")
	return c
}

// likePattern returns the LIKE pattern of a text in lower case, with anything before or after it where allowed.
func likePattern(text string, anyBefore, anyAfter bool) string {
	pattern := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text))
	if anyBefore {
		pattern = "%" + pattern
	}
	if anyAfter {
		pattern += "%"
	}
	return pattern
}

// translator writes a parsed filter as SQL and collects the parameters.
type translator struct{ args []any }

func (t *translator) filter(f scim.Filter) (string, error) {
	switch f := f.(type) {
	case *scim.And:
		return t.join(f.Left, " AND ", f.Right)
	case *scim.Or:
		return t.join(f.Left, " OR ", f.Right)
	case *scim.Not:
		inner, err := t.filter(f.Filter)
		return "NOT (" + inner + ")", err
	case *scim.Compare:
		return t.comparison(f)
	}
	return "", fmt.Errorf("%s is not supported", f)
}

func (t *translator) join(left scim.Filter, connective string, right scim.Filter) (string, error) {
	l, err := t.filter(left)
	if err != nil {
		return "", err
	}
	r, err := t.filter(right)
	return "(" + l + connective + r + ")", err
}

func (t *translator) comparison(c *scim.Compare) (string, error) {
	place, known := places[strings.ToLower(c.Path.String())]
	if !known {
		return "", fmt.Errorf("there is no attribute %q", c.Path)
	}
	sign, text := signs[c.Op], fmt.Sprint(c.Value)
	var sql string
	switch {
	case c.Op == scim.Present:
		sql = match(place, "%s IS NOT NULL")
	case sign == "LIKE":
		t.args = append(t.args, likePattern(text, c.Op != scim.StartsWith, c.Op != scim.EndsWith))
		sql = match(place, fmt.Sprintf(`lower(%%s) LIKE $%d ESCAPE '\'`, len(t.args)))
	case place == published:
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return "", fmt.Errorf("%q is not a time such as 2026-11-02T09:00:00.000Z", text)
		}
		t.args = append(t.args, at.UnixMilli())
		sql = fmt.Sprintf("(published_ms %s $%d)", sign, len(t.args))
	default:
		t.args = append(t.args, strings.ToLower(text))
		sql = match(place, fmt.Sprintf("lower(%%s) %s $%d", sign, len(t.args)))
	}
	if c.Op == scim.NotEqual {
		sql = "NOT " + sql
	}
	return sql, nil
}

// match applies a condition to an attribute of the event, or to that of any target. If the event lacks the attribute, the
// condition is false and not NULL, so that "not" and "ne" match the event.
func match(place, condition string) string {
	if member, ok := strings.CutPrefix(place, targetPrefix); ok {
		inner := fmt.Sprintf(condition, "json_extract(t.value, '$."+member+"')")
		return "EXISTS (SELECT 1 FROM json_each(okta_log.event, '$.target') AS t WHERE " + inner + ")"
	}
	return "coalesce(" + fmt.Sprintf(condition, "json_extract(event, '"+place+"')") + ", 0)"
}
