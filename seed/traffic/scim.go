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

// scimCall is a parsed SCIM request (RFC 7644 section 3) with its response.
type scimCall struct {
	Method   string
	Path     string // below the base URL: "/Users/6f96…"
	Query    url.Values
	Header   []string // lines
	Body     string
	Response string // body of the response
	Status   int
	Peer     string // the system that received the call
	Client   string // the system that sent the call
	Changes  []exchange.Change

	resource string // the endpoint: "Users", "Groups", "Schemas" …
	id       string
	body     map[string]any // Body and Response as JSON; nil if they are not JSON objects
	response map[string]any
}

// readCall parses a recorded message.
func readCall(x lab.Exchange) scimCall {
	receiver, _ := peers{}.of(x)
	c := scimCall{Method: x.Method, Status: x.Status, Response: x.Response, Peer: receiver, Client: "A SCIM client", Changes: x.Changes}
	head, body, _ := strings.Cut(x.Request, "\n\n")
	c.Body = body
	lines := strings.Split(head, "\n")
	c.Header = lines[1:]
	_, uri, _ := strings.Cut(lines[0], " ")
	if u, err := url.Parse(uri); err == nil {
		c.Path, c.Query = scimPath(u.EscapedPath()), u.Query()
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
	_ = json.Unmarshal([]byte(c.Body), &c.body) // on an error the maps stay nil
	_ = json.Unmarshal([]byte(c.Response), &c.response)
	return c
}

// scimPath removes the path of the base URL. What remains starts with an endpoint of RFC 7644 section 3.2.
func scimPath(path string) string {
	endpoints := []string{"/Users", "/Groups", "/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/.search", "/Bulk", "/Me"}
	for _, known := range endpoints {
		if i := strings.LastIndex(path, known); i >= 0 {
			return path[i:]
		}
	}
	return path
}

// summary says in one sentence what the call was for and how it ended.
func (c scimCall) summary() string {
	text := c.Client + " " + c.purpose()
	switch {
	case c.Status == 0:
		return sentence(text+", but got no response from", c.Peer)
	case c.Status >= 300:
		return sentence(text+", but "+c.Peer, "refused:", cmp.Or(member(c.response, "detail"), statusText(c.Status)))
	}
	return sentence(text + c.outcome())
}

// purpose returns the predicate of the sentence: what the client wants to do.
func (c scimCall) purpose() string {
	switch c.resource {
	case "Users":
		return c.userPurpose()
	case "Groups":
		return c.groupPurpose()
	case "ServiceProviderConfig", "ResourceTypes", "Schemas":
		return "reads the capabilities of " + c.Peer + " (" + c.resource + ")"
	}
	return "sends " + c.Method + " " + c.Path
}

// userPurpose is purpose for /Users. Okta tests API credentials by listing two users, and finds a user by a filter
// before it creates the user.
func (c scimCall) userPurpose() string {
	switch c.Method {
	case http.MethodGet:
		switch {
		case c.id != "":
			return "reads " + c.personName() + " from " + c.Peer
		case c.Query.Get("filter") != "":
			return "looks up " + filterValue(c.Query.Get("filter")) + " in " + c.Peer
		case c.Query.Get("count") == "2":
			return "tests the API credentials"
		}
		return "lists the users in " + c.Peer + ", starting with number " + cmp.Or(c.Query.Get("startIndex"), "1")
	case http.MethodPost:
		text := "creates " + c.personName() + " in " + c.Peer
		if t := member(c.body, "userType"); t != "" {
			text += " as " + t
		}
		return text
	case http.MethodPut:
		return "updates the profile of " + c.personName()
	case http.MethodPatch:
		if active, set := c.setsActive(); set && active {
			return "reactivates " + c.personName()
		} else if set {
			return "deactivates " + c.personName()
		}
		return "changes " + c.personName()
	case http.MethodDelete:
		return "deletes " + c.personName()
	}
	return "sends " + c.Method + " for a user"
}

// groupPurpose is purpose for /Groups. A SCIM group is a team in Sigma.
func (c scimCall) groupPurpose() string {
	name := c.groupName()
	switch c.Method {
	case http.MethodGet:
		switch {
		case c.id != "":
			return "reads the team " + name + " from " + c.Peer
		case c.Query.Get("filter") != "":
			return "looks up the team " + filterValue(c.Query.Get("filter")) + " in " + c.Peer
		}
		return "lists the teams in " + c.Peer
	case http.MethodPost:
		return "creates the team " + name + " in " + c.Peer
	case http.MethodPut:
		return "replaces the team " + name
	case http.MethodDelete:
		return "deletes the team " + name
	case http.MethodPatch:
		return c.membershipPurpose(name)
	}
	return "sends " + c.Method + " for a team"
}

// membershipPurpose is purpose for a PATCH of a group (RFC 7644 section 3.5.2).
func (c scimCall) membershipPurpose(name string) string {
	var purposes []string
	for _, op := range objects(c.body["Operations"]) {
		verb, path := strings.ToLower(member(op, "op")), strings.ToLower(member(op, "path"))
		count := len(objects(op["value"]))
		switch {
		case strings.HasPrefix(path, "members") && verb == "add":
			purposes = append(purposes, fmt.Sprintf("adds %s to the team %s", people(op["value"], count), name))
		case strings.HasPrefix(path, "members") && verb == "remove":
			purposes = append(purposes, "removes "+people(op["value"], max(count, 1))+" from the team "+name)
		case strings.HasPrefix(path, "members"):
			purposes = append(purposes, fmt.Sprintf("replaces the members of the team %s with %s", name, people(op["value"], count)))
		default:
			purposes = append(purposes, "changes the team "+name)
		}
	}
	if len(purposes) == 0 {
		return "changes the team " + name
	}
	return strings.Join(purposes, ", and ")
}

// people returns the names of up to three members, or else their number.
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

// outcome returns the end of the sentence: what the response says. It is empty if the response adds nothing.
func (c scimCall) outcome() string {
	total, listed := c.response["totalResults"].(float64)
	switch {
	case listed && c.Query.Get("filter") != "" && total == 0:
		return ": not found"
	case listed && c.Query.Get("filter") != "":
		return ": found"
	case listed:
		return fmt.Sprintf(": %.0f in total", total)
	case c.Method == http.MethodPut || c.Method == http.MethodPatch:
		if len(c.Changes) == 0 {
			return ": nothing changed"
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

// personName returns the best name of the user in the call: the name in Sigma, a name in the response or the request,
// or the id.
func (c scimCall) personName() string {
	if len(c.Changes) > 0 && c.Changes[0].Kind == "member" {
		return c.Changes[0].Name
	}
	for _, o := range []map[string]any{c.response, c.body} {
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
	return "the user " + c.id
}

func (c scimCall) groupName() string {
	if len(c.Changes) > 0 && c.Changes[0].Kind == "team" {
		return c.Changes[0].Name
	}
	return cmp.Or(member(c.response, "displayName"), member(c.body, "displayName"), c.id)
}

// setsActive reports whether a PATCH sets the attribute active, and to which value. Microsoft Entra ID sends the value as a string.
func (c scimCall) setsActive() (active, set bool) {
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

// filterValue returns the first string of a filter, as in userName eq "…". A filter without a string is returned unchanged.
func filterValue(filter string) string {
	if m := quotedValue.FindStringSubmatch(filter); m != nil {
		return m[1]
	}
	return filter
}

// objects returns the JSON objects in a JSON array.
func objects(v any) (list []map[string]any) {
	many, _ := v.([]any)
	for _, one := range many {
		if o, ok := one.(map[string]any); ok {
			list = append(list, o)
		}
	}
	return list
}

// member returns the string that is a member of a JSON object, or "".
func member(o map[string]any, name string) string {
	s, _ := o[name].(string)
	return s
}
