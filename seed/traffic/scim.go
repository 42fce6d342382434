package traffic

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"understudy/seed/base/exchange"
	"understudy/seed/lab"
)

// scimCall is a SCIM request with its answer, taken apart.
type scimCall struct {
	Method  string
	Path    string // below the base URL: "/Users/6f96…"
	Query   url.Values
	Header  []string // lines
	Body    string
	Answer  string
	Status  int
	Peer    string // who received it
	Client  string // who sent it
	Changes []exchange.Change

	resource string // "Users", "Groups", or what else is asked for
	id       string
	body     map[string]any
	answer   map[string]any
}

// readCall takes a kept exchange apart.
func readCall(x lab.Exchange) scimCall {
	_, to := parties(x)
	c := scimCall{Method: x.Method, Status: x.Status, Answer: x.Response, Peer: to, Client: "A SCIM client", Changes: x.Changes}
	head, body, _ := strings.Cut(x.Request, "\n\n")
	c.Body = body
	lines := strings.Split(head, "\n")
	c.Header = lines[1:]
	_, uri, _ := strings.Cut(lines[0], " ")
	if u, err := url.Parse(uri); err == nil {
		c.Path, c.Query = below(u.EscapedPath()), u.Query()
	}
	for _, line := range c.Header {
		if strings.HasPrefix(line, "User-Agent: Okta SCIM Client") {
			c.Client = systemOkta
		}
	}
	parts := strings.Split(strings.Trim(c.Path, "/"), "/")
	if c.resource = parts[0]; len(parts) > 1 {
		c.id = parts[1]
	}
	_ = json.Unmarshal([]byte(c.Body), &c.body) // what is no JSON says nothing
	_ = json.Unmarshal([]byte(c.Answer), &c.answer)
	return c
}

// below cuts a base URL's path off: SCIM's own paths begin with the resource type.
func below(path string) string {
	for _, known := range []string{"/Users", "/Groups", "/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/.search", "/Bulk", "/Me"} {
		if i := strings.LastIndex(path, known); i >= 0 {
			return path[i:]
		}
	}
	return path
}

// meaning tells what the call was for and how it ended.
func (c scimCall) meaning() string {
	text := c.Client + " " + c.wish()
	switch {
	case c.Status == 0:
		return sentence(text+", but got no answer from", c.Peer)
	case c.Status >= 300:
		return sentence(text+", but "+c.Peer, "refused:", cmp.Or(member(c.answer, "detail"), statusText(c.Status)))
	}
	return sentence(text + c.outcome())
}

func (c scimCall) wish() string {
	switch c.resource {
	case "Users":
		return c.wishUser()
	case "Groups":
		return c.wishGroup()
	case "ServiceProviderConfig", "ResourceTypes", "Schemas":
		return "asks " + c.Peer + " what it can do (" + c.resource + ")"
	}
	return "sends " + c.Method + " " + c.Path
}

func (c scimCall) wishUser() string {
	switch c.Method {
	case http.MethodGet:
		switch {
		case c.id != "":
			return "reads " + c.personName() + " from " + c.Peer
		case c.Query.Get("filter") != "":
			return "asks whether " + c.Peer + " knows " + filterValue(c.Query.Get("filter"))
		case c.Query.Get("count") == "2":
			return "tries the credentials with a short list of people"
		}
		return "lists the people of " + c.Peer + " from number " + cmp.Or(c.Query.Get("startIndex"), "1")
	case http.MethodPost:
		text := "creates " + c.personName() + " in " + c.Peer
		if t := member(c.body, "userType"); t != "" {
			text += " as " + t
		}
		return text
	case http.MethodPut:
		return "updates the profile of " + c.personName()
	case http.MethodPatch:
		if active, said := c.setsActive(); said && active {
			return "reactivates " + c.personName()
		} else if said {
			return "deactivates " + c.personName()
		}
		return "changes " + c.personName()
	case http.MethodDelete:
		return "deletes " + c.personName()
	}
	return "sends " + c.Method + " for a person"
}

func (c scimCall) wishGroup() string {
	name := c.groupName()
	switch c.Method {
	case http.MethodGet:
		switch {
		case c.id != "":
			return "reads the team " + name + " from " + c.Peer
		case c.Query.Get("filter") != "":
			return "asks whether " + c.Peer + " has a team " + filterValue(c.Query.Get("filter"))
		}
		return "lists the teams of " + c.Peer
	case http.MethodPost:
		return "makes the team " + name + " in " + c.Peer
	case http.MethodPut:
		return "sets the team " + name
	case http.MethodDelete:
		return "deletes the team " + name
	case http.MethodPatch:
		return c.wishMembership(name)
	}
	return "sends " + c.Method + " for a team"
}

func (c scimCall) wishMembership(name string) string {
	var wishes []string
	for _, op := range objects(c.body["Operations"]) {
		verb, path := strings.ToLower(member(op, "op")), strings.ToLower(member(op, "path"))
		count := len(objects(op["value"]))
		switch {
		case strings.HasPrefix(path, "members") && verb == "add":
			wishes = append(wishes, fmt.Sprintf("adds %s to the team %s", people(op["value"], count), name))
		case strings.HasPrefix(path, "members") && verb == "remove":
			wishes = append(wishes, "takes "+people(op["value"], max(count, 1))+" out of the team "+name)
		case strings.HasPrefix(path, "members"):
			wishes = append(wishes, fmt.Sprintf("sets the members of the team %s: %s", name, people(op["value"], count)))
		default:
			wishes = append(wishes, "changes the team "+name)
		}
	}
	if len(wishes) == 0 {
		return "changes the team " + name
	}
	return strings.Join(wishes, ", and ")
}

func people(value any, count int) string {
	var names []string
	for _, o := range objects(value) {
		if d := member(o, "display"); d != "" {
			names = append(names, d)
		}
	}
	switch {
	case len(names) > 0 && len(names) <= 3:
		return strings.Join(names, ", ")
	case count == 1:
		return "one person"
	case count == 0:
		return "nobody"
	}
	return fmt.Sprintf("%d people", count)
}

// outcome is what an answer adds to the wish.
func (c scimCall) outcome() string {
	total, listed := c.answer["totalResults"].(float64)
	switch {
	case listed && c.Query.Get("filter") != "" && total == 0:
		return ": it does not"
	case listed && c.Query.Get("filter") != "":
		return ": it does"
	case listed:
		return fmt.Sprintf(": there are %.0f", total)
	case c.Method == http.MethodPut || c.Method == http.MethodPatch:
		if len(c.Changes) == 0 {
			return ": nothing was different"
		}
		if d := differences(c.Changes[0]); len(d) > 0 && len(d) <= 3 && c.resource == "Users" {
			var parts []string
			for _, one := range d {
				parts = append(parts, one.Attribute+" "+cmp.Or(one.Before, "(empty)")+" → "+cmp.Or(one.After, "(empty)"))
			}
			return ": " + strings.Join(parts, ", ")
		}
	}
	return ""
}

func (c scimCall) personName() string {
	if len(c.Changes) > 0 && c.Changes[0].Kind == "member" {
		return c.Changes[0].Name
	}
	for _, o := range []map[string]any{c.answer, c.body} {
		if d := member(o, "displayName"); d != "" {
			return d
		}
		if name, ok := o["name"].(map[string]any); ok {
			if full := strings.TrimSpace(member(name, "givenName") + " " + member(name, "familyName")); full != "" {
				return full
			}
		}
		if u := member(o, "userName"); u != "" {
			return u
		}
	}
	return "the person " + c.id
}

func (c scimCall) groupName() string {
	if len(c.Changes) > 0 && c.Changes[0].Kind == "team" {
		return c.Changes[0].Name
	}
	return cmp.Or(member(c.answer, "displayName"), member(c.body, "displayName"), c.id)
}

// setsActive tells whether a PATCH switches a person on or off.
func (c scimCall) setsActive() (active, said bool) {
	for _, op := range objects(c.body["Operations"]) {
		value := op["value"]
		if inner, ok := value.(map[string]any); ok {
			value = inner["active"]
		} else if !strings.EqualFold(member(op, "path"), "active") {
			continue
		}
		switch v := value.(type) {
		case bool:
			return v, true
		case string:
			return strings.EqualFold(v, "true"), true
		}
	}
	return false, false
}

var quotedValue = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)

func filterValue(filter string) string {
	if m := quotedValue.FindStringSubmatch(filter); m != nil {
		return m[1]
	}
	return filter
}

func objects(v any) (list []map[string]any) {
	many, _ := v.([]any)
	for _, one := range many {
		if o, ok := one.(map[string]any); ok {
			list = append(list, o)
		}
	}
	return list
}

func member(o map[string]any, name string) string {
	s, _ := o[name].(string)
	return s
}
