package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"understudy/idp/expression"
)

// Mistake is a mistake in an entry of a user's own.
type Mistake struct {
	Path []any // keys (string) and positions (int) of the value
	Text string
	Word string   // what was written
	Near []string // what it may have been meant to be
}

// validKey matches the keys of entries: they stand in addresses.
var validKey = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]{0,58}[a-z0-9])?$`)

// UserNames are the formats of an application username that an entry can begin with.
var UserNames = []string{"login", "login_prefix", "email", "email_prefix", "none"}

// checking collects the mistakes of an entry.
type checking struct {
	Entry
	found []Mistake
}

func (c *checking) add(text string, path ...any) {
	c.found = append(c.found, Mistake{Path: path, Text: text})
}

// oneOf adds a mistake unless the value is in the list.
func (c *checking) oneOf(what, value string, list []string, path ...any) {
	if !slices.Contains(list, value) {
		text := fmt.Sprintf("there is no %s %s; choose %s", what, value, strings.Join(list, " or "))
		c.found = append(c.found, Mistake{Path: path, Text: text, Word: value, Near: list})
	}
}

// Check returns the mistakes of an entry of a user's own.
func (e Entry) Check() []Mistake {
	c := &checking{Entry: e}
	if !validKey.MatchString(e.Key) {
		c.add("a key has up to 60 small letters, digits, hyphens and underscores", "key")
	}
	for _, required := range []struct{ key, value string }{{"name", e.Name}, {"label", e.Label}, {"category", e.Category}} {
		if strings.TrimSpace(required.value) == "" {
			c.add("the key "+required.key+" is missing", required.key)
		}
	}
	if len(e.Overview) == 0 {
		c.add("the key overview is missing; write a sentence about the app", "overview")
	}
	if e.Wizard {
		c.add("wizard belongs to the program's own entries; remove the key", "wizard")
	}
	c.oneOf("sign-on mode", string(e.SignOnMode), []string{string(SAML2), string(Bookmark)}, "signOnMode")
	if e.UserName != "" {
		c.oneOf("username format", e.UserName, UserNames, "userNameFormat")
	}
	if e.Peer != "" {
		c.oneOf("peer", e.Peer, []string{"sigma"}, "peer")
	}
	c.signOn()
	c.fields()
	c.expressions()
	return c.found
}

// signOn checks the addresses to which the app leads.
func (c *checking) signOn() {
	switch c.SignOnMode {
	case SAML2:
		if c.SAML == nil {
			c.add("an app with SAML_2_0 needs the key saml with acs and audience", "signOnMode")
			return
		}
		c.template("acs", c.SAML.ACS, true, "saml", "acs")
		c.template("audience", c.SAML.Audience, false, "saml", "audience")
		for key, text := range map[string]string{"recipient": c.SAML.Recipient, "destination": c.SAML.Destination} {
			if text != "" {
				c.template(key, text, true, "saml", key)
			}
		}
	case Bookmark:
		c.template("url", c.URL, true, "url")
	}
	if c.SCIM != nil {
		c.oneOf("style", c.SCIM.Style, []string{"oin", "wizard"}, "scim", "style")
		if !c.SCIM.AskBaseURL {
			c.template("baseUrl", c.SCIM.BaseURL, true, "scim", "baseUrl")
		}
	}
}

var variable = regexp.MustCompile(`\{([^{}]*)\}`)

// template checks a text with variables. An address begins with http:// or https://, or with a field that is a URL.
func (c *checking) template(key, text string, isURL bool, path ...any) {
	if text == "" {
		c.add("the key "+key+" is missing", path...)
		return
	}
	var names []string
	safe := !isURL || strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
	for _, f := range c.Fields {
		names = append(names, f.Name)
		safe = safe || f.URL && strings.HasPrefix(text, "{"+f.Name+"}")
	}
	if c.Peer != "" {
		names = append(names, c.Peer)
		safe = safe || strings.HasPrefix(text, "{"+c.Peer+"}")
	}
	for _, found := range variable.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, found[1]) {
			c.found = append(c.found, Mistake{Path: path, Text: "there is no field " + found[1] + "; add it to fields", Word: found[1], Near: names})
			return
		}
	}
	if !safe {
		c.add(key+" is no address; begin it with https://, http:// or a field with url: true, such as {base}", path...)
	}
}

// fields checks the settings of the entry's own.
func (c *checking) fields() {
	var names []string
	for i, f := range c.Fields {
		switch {
		case !validName.MatchString(f.Name):
			c.add("a field needs a name of letters and digits, such as base", "fields", i, "name")
		case slices.Contains(names, f.Name):
			c.add("a field with this name is listed above", "fields", i, "name")
		case f.Label == "":
			c.add("the field "+f.Name+" needs a label", "fields", i)
		case f.URL && f.Default != "" && !strings.HasPrefix(f.Default, "https://") && !strings.HasPrefix(f.Default, "http://"):
			c.add("default is no address; begin it with https:// or http://", "fields", i, "default")
		}
		names = append(names, f.Name)
	}
	names = nil
	for i, a := range c.Schema {
		switch {
		case !validName.MatchString(a.Name):
			c.add("an attribute needs a name of letters and digits, such as firstName", "schema", i, "name")
		case slices.Contains(names, a.Name):
			c.add("an attribute with this name is listed above", "schema", i, "name")
		default:
			c.oneOf("type", a.Type, []string{"string", "boolean", "number", "integer", "array"}, "schema", i, "type")
		}
		names = append(names, a.Name)
	}
}

var validName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,59}$`)

// expressions checks the mappings and the attribute statements.
func (c *checking) expressions() {
	place := expression.Place{AppUser: c.Schema}
	for i, a := range c.Schema {
		if a.Mapping == "" {
			continue
		}
		if err := expression.Validate(a.Mapping, place); err != nil {
			c.add("the expression is not valid: "+err.Error(), "schema", i, "mapping")
		}
	}
	if c.SAML == nil {
		return
	}
	for i, statement := range c.SAML.Attributes {
		switch {
		case statement.Name == "":
			c.add("an attribute statement needs a name", "saml", "attributes", i)
		case statement.Filter == "":
			if err := expression.Validate(statement.Value, place); err != nil {
				c.add("the expression is not valid: "+err.Error(), "saml", "attributes", i, "value")
			}
		default:
			c.oneOf("filter", statement.Filter, []string{"STARTS_WITH", "EQUALS", "CONTAINS", "REGEX"}, "saml", "attributes", i, "filter")
		}
	}
}
