package directory_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// described is an attribute as /Schemas describes it.
type described struct {
	Name            string
	Type            string
	MultiValued     bool
	Required        bool
	Mutability      string
	Returned        string
	CanonicalValues []string
	ReferenceTypes  []string
	SubAttributes   []described
}

type schema struct {
	ID         string
	Attributes []described
}

func (s *service) schemas() []schema {
	s.t.Helper()
	text, err := json.Marshal(s.want(200, "GET", "/Schemas", "")["Resources"])
	if err != nil {
		s.t.Fatal(err)
	}
	var list []schema
	if err := json.Unmarshal(text, &list); err != nil {
		s.t.Fatal(err)
	}
	return list
}

const coreUser = "urn:ietf:params:scim:schemas:core:2.0:User"

// sample returns a value for an attribute, and an attribute path with a text that a filter compares with. The two variants differ.
func (a described) sample(variant int) (value any, path, text string) {
	one := func(a described) any {
		switch {
		case a.Type == "boolean":
			return variant == 0
		case a.Name == "primary":
			return true
		case len(a.CanonicalValues) > variant:
			return a.CanonicalValues[variant]
		case a.Name == "userType":
			return []string{"Creator", "Viewer"}[variant]
		case a.Type == "binary":
			return []string{"TUlJ", "QUJD"}[variant]
		case a.Type == "reference":
			return fmt.Sprintf("https://people.example/%s/%d", a.Name, variant)
		}
		return fmt.Sprintf("%s %d", a.Name, variant)
	}
	if a.Type != "complex" {
		v := one(a)
		return v, a.Name, fmt.Sprintf("%#v", v)
	}
	o := map[string]any{}
	for _, sub := range a.SubAttributes {
		if sub.Mutability == "readOnly" {
			continue
		}
		v := one(sub)
		if a.Name == "emails" && sub.Name == "value" {
			v = fmt.Sprintf("Other%d@Lab.example", variant)
		}
		o[sub.Name] = v
		if path == "" && sub.Type != "boolean" {
			path, text = a.Name+"."+sub.Name, fmt.Sprintf("%#v", v)
		}
	}
	if a.MultiValued {
		return []any{o}, path, text
	}
	return o, path, text
}

// covers reports whether got has everything that want has. A server may add sub-attributes, such as $ref.
func covers(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		m, ok := got.(map[string]any)
		for name, v := range want {
			ok = ok && covers(m[name], v)
		}
		return ok
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return false
		}
		for i := range want {
			ok = ok && covers(list[i], want[i])
		}
		return ok
	}
	return reflect.DeepEqual(got, want)
}

// member is a User that a test changes. extension is empty for the core schema.
type member struct {
	s         *service
	id        string
	extension string
	attribute described
}

func (m member) body(value any) map[string]any {
	o := map[string]any{"schemas": []string{coreUser}, "userName": "bob@lab.example",
		"name": map[string]any{"givenName": "Bob", "familyName": "Stone"}}
	switch {
	case value == nil:
	case m.extension != "":
		o["schemas"] = []string{coreUser, m.extension}
		o[m.extension] = map[string]any{m.attribute.Name: value}
	default:
		o[m.attribute.Name] = value
	}
	return o
}

func (m member) of(resource map[string]any) any {
	if m.extension != "" {
		inner, _ := resource[m.extension].(map[string]any)
		return inner[m.attribute.Name]
	}
	return resource[m.attribute.Name]
}

func (m member) path() string {
	if m.extension != "" {
		return m.extension + ":" + m.attribute.Name
	}
	return m.attribute.Name
}

func (m member) patch(op string, value any) string {
	operation := map[string]any{"op": op, "path": m.path()}
	if value != nil {
		operation["value"] = value
	}
	return patchOf(mustJSON(m.s.t.(*testing.T), operation))
}

// expect checks an answer and what a new request reads.
func (m member) expect(what string, answer map[string]any, want any) {
	m.s.t.Helper()
	for from, got := range map[string]any{"the answer": m.of(answer), "GET": m.of(m.s.want(200, "GET", "/Users/"+m.id, ""))} {
		if !covers(got, want) {
			m.s.t.Errorf("%s: %s has %v, want %v", what, from, got, want)
		}
	}
}

func (m member) found(expression string) bool {
	m.s.t.Helper()
	list, _ := m.s.want(200, "GET", "/Users"+filter(expression), "")["Resources"].([]any)
	return slices.ContainsFunc(list, func(o any) bool { return o.(map[string]any)["id"] == m.id })
}

// What /Schemas lists as writable is kept: every attribute of every schema of a User survives POST, PUT and PATCH, is read
// back, and can be filtered by.
func TestEveryUserAttributeOfTheSchemasIsKept(t *testing.T) {
	writable := 0
	for _, schema := range start(t).schemas() {
		if schema.ID == "urn:ietf:params:scim:schemas:core:2.0:Group" {
			continue
		}
		for _, a := range schema.Attributes {
			if a.Mutability != "readWrite" {
				continue
			}
			writable++
			m := member{attribute: a}
			if schema.ID != coreUser {
				m.extension = schema.ID
			}
			t.Run(m.path(), func(t *testing.T) { m.roundTrip(t) })
		}
	}
	if writable < 25 {
		t.Errorf("only %d attributes are writable", writable)
	}
}

func (m member) roundTrip(t *testing.T) {
	m.s = start(t)
	first, path, text := m.attribute.sample(0)
	second, _, otherText := m.attribute.sample(1)
	if m.attribute.Name == "name" {
		first.(map[string]any)["givenName"], second.(map[string]any)["givenName"] = "Bob", "Robert"
	}
	answer := m.s.want(201, "POST", "/Users", mustJSON(t, m.body(first)))
	m.id, _ = answer["id"].(string)
	m.expect("POST", answer, first)
	if m.extension != "" {
		path = m.extension + ":" + path
	}
	if !m.found(path+" eq "+text) || m.found(path+" eq "+otherText) {
		t.Errorf("the filter %s eq %s does not find the User, or another value does", path, text)
	}
	m.expect("PUT", m.s.want(200, "PUT", "/Users/"+m.id, mustJSON(t, m.body(second))), second)
	if !m.found(path+" eq "+otherText) || m.found(path+" eq "+text) {
		t.Errorf("after PUT the filter %s eq %s does not find the User, or the old value does", path, otherText)
	}
	m.expect("PATCH", m.s.want(200, "PATCH", "/Users/"+m.id, m.patch("replace", first)), first)
	if m.attribute.Required || slices.Contains([]string{"userType", "active"}, m.attribute.Name) {
		return
	}
	m.s.want(200, "PATCH", "/Users/"+m.id, m.patch("remove", nil))
	if left := m.of(m.s.want(200, "GET", "/Users/"+m.id, "")); covers(left, first) {
		t.Errorf("after PATCH remove: %v", left)
	}
	m.s.want(200, "PUT", "/Users/"+m.id, mustJSON(t, m.body(second)))
	m.s.want(200, "PUT", "/Users/"+m.id, mustJSON(t, m.body(nil)))
	if left := m.of(m.s.want(200, "GET", "/Users/"+m.id, "")); covers(left, second) {
		t.Errorf("after a PUT without the attribute: %v", left)
	}
}

// A client that reads a User, changes the name and sends everything back has not chosen the display name.
func TestDerivedAttributesFollowTheName(t *testing.T) {
	s := start(t)
	made := s.want(201, "POST", "/Users", bob)
	id, _ := made["id"].(string)
	made["name"].(map[string]any)["familyName"] = "Rivers"
	s.want(200, "PUT", "/Users/"+id, mustJSON(t, made))
	read := s.want(200, "GET", "/Users/"+id, "")
	if read["displayName"] != "Bob Rivers" || read["name"].(map[string]any)["formatted"] != "Bob Rivers" {
		t.Errorf("after the change of the name: %v", read)
	}
	s.want(200, "PATCH", "/Users/"+id, patchOf(`{"op":"replace","path":"displayName","value":"Bobby"}`))
	s.want(200, "PATCH", "/Users/"+id, patchOf(`{"op":"replace","path":"name.familyName","value":"Stone"}`))
	if read := s.want(200, "GET", "/Users/"+id, ""); read["displayName"] != "Bobby" {
		t.Errorf("the display name that the directory chose became %v", read["displayName"])
	}
}

func TestEveryReferenceOfTheSchemasNamesItsTypes(t *testing.T) {
	s := start(t)
	var visit func(path string, list []described)
	references := 0
	visit = func(path string, list []described) {
		for _, a := range list {
			if a.Type == "reference" {
				references++
				if len(a.ReferenceTypes) == 0 {
					t.Errorf("%s%s has no referenceTypes (RFC 7643 section 7)", path, a.Name)
				}
			}
			visit(path+a.Name+".", a.SubAttributes)
		}
	}
	for _, schema := range s.schemas() {
		visit(schema.ID+":", schema.Attributes)
	}
	if references == 0 {
		t.Error("the schemas have no reference")
	}
}

// A User without a required attribute is refused, and /Schemas says which attributes are required.
func TestRequiredAttributesAreThoseOfTheSchemas(t *testing.T) {
	s := start(t)
	required := map[string]bool{}
	var visit func(prefix string, list []described)
	visit = func(prefix string, list []described) {
		for _, a := range list {
			if a.Required {
				required[prefix+a.Name] = true
				visit(prefix+a.Name+".", a.SubAttributes)
			}
		}
	}
	for _, schema := range s.schemas() {
		if schema.ID == coreUser {
			visit("", schema.Attributes)
		}
	}
	for _, name := range []string{"userName", "name", "name.givenName", "name.familyName"} {
		if !required[name] {
			t.Errorf("%s is not required in the schema", name)
		}
	}
	for name := range required {
		var user map[string]any
		if err := json.Unmarshal([]byte(bob), &user); err != nil {
			t.Fatal(err)
		}
		holder, last := user, name
		if head, tail, dotted := strings.Cut(name, "."); dotted {
			holder, last = user[head].(map[string]any), tail
		}
		delete(holder, last)
		if status, answer := s.do("POST", "/Users", mustJSON(t, user)); status != 400 || answer["scimType"] != "invalidValue" {
			t.Errorf("without %s: %d %v", name, status, answer)
		}
	}
}

func TestUserNameIsImmutable(t *testing.T) {
	s := start(t)
	id := s.want(201, "POST", "/Users", bob)["id"].(string)
	for what, request := range map[string][2]string{
		"PUT":   {"PUT", strings.Replace(bob, `"userName":"bob@`, `"userName":"robert@`, 1)},
		"PATCH": {"PATCH", patchOf(`{"op":"replace","path":"userName","value":"robert@lab.example"}`)},
	} {
		if answer := s.want(400, request[0], "/Users/"+id, request[1]); answer["scimType"] != "mutability" {
			t.Errorf("%s: %v", what, answer)
		}
	}
	s.want(200, "PUT", "/Users/"+id, strings.Replace(bob, `"userName":"bob@`, `"userName":"BOB@`, 1))
	if read := s.want(200, "GET", "/Users/"+id, ""); read["userName"] != "bob@lab.example" {
		t.Errorf("the userName is %v", read["userName"])
	}
}

func TestExternalIDCanBeRemoved(t *testing.T) {
	s := start(t)
	id := s.want(201, "POST", "/Users", bob)["id"].(string)
	without := strings.Replace(bob, `"externalId":"00ubob",`, "", 1)
	for what, request := range map[string][2]string{
		"PATCH": {"PATCH", patchOf(`{"op":"remove","path":"externalId"}`)},
		"PUT":   {"PUT", without},
	} {
		s.want(200, "PUT", "/Users/"+id, bob)
		s.want(200, request[0], "/Users/"+id, request[1])
		if read := s.want(200, "GET", "/Users/"+id, ""); read["externalId"] != nil {
			t.Errorf("after %s: %v", what, read["externalId"])
		}
		if found := s.want(200, "GET", "/Users"+filter(`externalId eq "00ubob"`), ""); found["totalResults"] != 0.0 {
			t.Errorf("after %s a filter finds %v", what, found["totalResults"])
		}
	}
}

// What Microsoft Entra ID sends for the attributes that Sigma has no fields for.
func TestEntraAttributesAreKept(t *testing.T) {
	s := start(t)
	id := s.want(201, "POST", "/Users", bob)["id"].(string)
	const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	s.want(200, "PATCH", "/Users/"+id, patchOf(`{"op":"Add","path":"`+enterprise+`:department","value":"Retail"},`+
		`{"op":"Add","path":"`+enterprise+`:manager","value":"26118915"},`+
		`{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+44 1"},{"op":"Add","path":"title","value":"Clerk"}`))
	read := s.want(200, "GET", "/Users/"+id, "")
	want := map[string]any{"title": "Clerk", "phoneNumbers": []any{map[string]any{"type": "mobile", "value": "+44 1"}},
		enterprise: map[string]any{"department": "Retail", "manager": map[string]any{"value": "26118915"}}}
	if !covers(read, want) {
		t.Errorf("kept %v", read)
	}
	s.want(200, "PATCH", "/Users/"+id, patchOf(`{"op":"Replace","path":"`+enterprise+`:manager","value":[{"value":"7"}]}`))
	if read := s.want(200, "GET", "/Users/"+id, ""); !covers(read, map[string]any{
		enterprise: map[string]any{"department": "Retail", "manager": map[string]any{"value": "7"}}}) {
		t.Errorf("the manager as a list of one: %v", read[enterprise])
	}
	s.want(400, "PATCH", "/Users/"+id, patchOf(`{"op":"Replace","path":"`+enterprise+`:manager","value":[{"value":"7"},{"value":"8"}]}`))
	huge := strings.Repeat("x", 70_000)
	s.want(400, "PATCH", "/Users/"+id, patchOf(`{"op":"replace","path":"title","value":"`+huge+`"}`))
}

// RFC 7644 section 3.6: a deleted User is not found, is in no list and no Group, and is no conflict.
func TestDeletedUserIsGone(t *testing.T) {
	s := start(t)
	made := s.want(201, "POST", "/Users", strings.Replace(bob, `"viewer"`, `"admin"`, 1))
	id, _ := made["id"].(string)
	group := s.want(201, "POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],`+
		`"displayName":"OktaViewers","members":[{"value":"`+id+`"}]}`)["id"].(string)
	total := s.want(200, "GET", "/Users?count=0", "")["totalResults"].(float64)
	s.want(204, "DELETE", "/Users/"+id, "")
	for method, body := range map[string]string{"GET": "", "PUT": bob, "DELETE": "",
		"PATCH": patchOf(`{"op":"replace","value":{"active":true}}`)} {
		s.want(404, method, "/Users/"+id, body)
	}
	for _, expression := range []string{`userName eq "bob@lab.example"`, `externalId eq "00ubob"`, `displayName eq "Bob Stone"`,
		`emails.value eq "bob@lab.example"`, `id eq "` + id + `"`, `name.familyName eq "Stone"`} {
		if found := s.want(200, "GET", "/Users"+filter(expression), ""); found["totalResults"] != 0.0 {
			t.Errorf("%s finds %v", expression, found["totalResults"])
		}
	}
	if left := s.want(200, "GET", "/Users?count=0", "")["totalResults"]; left != total-1 {
		t.Errorf("%v Users are left of %v", left, total)
	}
	if read := s.want(200, "GET", "/Groups/"+group, ""); read["members"] != nil {
		t.Errorf("the Group still has %v", read["members"])
	}
	s.want(400, "PATCH", "/Groups/"+group, patchOf(`{"op":"add","path":"members","value":[{"value":"`+id+`"}]}`))
	again := s.want(201, "POST", "/Users", strings.Replace(bob, `"userType":"viewer",`, "", 1))
	if again["active"] != true || again["userType"] != "Viewer" || again["groups"] != nil {
		t.Errorf("created again: %v", again)
	}
	if found := s.want(200, "GET", "/Users"+filter(`userName eq "bob@lab.example"`), ""); found["totalResults"] != 1.0 {
		t.Errorf("after the second POST: %v", found)
	}
}

// A list that names an unknown member is a mistake. It is refused as a whole, with the id, in every verb.
func TestUnknownMembersOfAGroup(t *testing.T) {
	s := start(t)
	user := s.want(201, "POST", "/Users", bob)["id"].(string)
	s.want(200, "PATCH", "/Users/"+user, patchOf(`{"op":"replace","path":"active","value":false}`))
	create := func(name, members string) string {
		return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"` + name + `","members":[` + members + `]}`
	}
	known, unknown := `{"value":"`+s.admin.MemberID+`"}`, `{"value":"this-user-does-not-exist"}`
	group := s.want(201, "POST", "/Groups", create("A", known))["id"].(string)
	members := func() string {
		var ids []string
		list, _ := s.want(200, "GET", "/Groups/"+group, "")["members"].([]any)
		for _, m := range list {
			ids = append(ids, m.(map[string]any)["value"].(string))
		}
		return strings.Join(ids, " ")
	}
	for name, request := range map[string][3]string{
		"replace":               {"PATCH", "/Groups/" + group, patchOf(`{"op":"replace","path":"members","value":[` + unknown + `]}`)},
		"replace without path":  {"PATCH", "/Groups/" + group, patchOf(`{"op":"replace","value":{"members":[` + unknown + `]}}`)},
		"add":                   {"PATCH", "/Groups/" + group, patchOf(`{"op":"add","path":"members","value":[` + unknown + `]}`)},
		"PUT":                   {"PUT", "/Groups/" + group, create("A", unknown)},
		"POST":                  {"POST", "/Groups", create("B", unknown)},
		"POST with two unknown": {"POST", "/Groups", create("B", unknown+`,{"value":"999"}`)},
		"add to a known one":    {"PATCH", "/Groups/" + group, patchOf(`{"op":"add","path":"members","value":[{"value":"` + user + `"},` + unknown + `]}`)},
		"add before a known":    {"PATCH", "/Groups/" + group, patchOf(`{"op":"add","path":"members","value":[` + unknown + `,{"value":"` + user + `"}]}`)},
		"second operation": {"PATCH", "/Groups/" + group, patchOf(`{"op":"replace","path":"displayName","value":"C"},` +
			`{"op":"add","path":"members","value":[` + unknown + `]}`)},
		"replace by a mix":      {"PATCH", "/Groups/" + group, patchOf(`{"op":"replace","path":"members","value":[{"value":"` + user + `"},` + unknown + `]}`)},
		"PUT with a known one":  {"PUT", "/Groups/" + group, create("A", known+","+unknown)},
		"POST with a known one": {"POST", "/Groups", create("B", known+","+unknown)},
		"a Group as a member":   {"PATCH", "/Groups/" + group, patchOf(`{"op":"add","path":"members","value":[{"value":"` + group + `","type":"Group"}]}`)},
	} {
		answer := s.want(400, request[0], request[1], request[2])
		if answer["scimType"] != "invalidValue" || !strings.Contains(fmt.Sprint(answer["detail"]), "There is no User with the id") ||
			name != "a Group as a member" && !strings.Contains(fmt.Sprint(answer["detail"]), "this-user-does-not-exist") {
			t.Errorf("%s: %v", name, answer)
		}
		if got := members(); got != s.admin.MemberID {
			t.Errorf("%s: the members are now %q", name, got)
		}
	}
	if found := s.want(200, "GET", "/Groups"+filter(`displayName eq "B"`), ""); found["totalResults"] != 0.0 {
		t.Error("a refused POST made a Group")
	}
	if group := s.want(200, "GET", "/Groups/"+group, ""); group["displayName"] != "A" {
		t.Errorf("a refused PATCH renamed the Group to %v", group["displayName"])
	}
	// Users that exist are added, inactive ones included.
	s.want(200, "PATCH", "/Groups/"+group, patchOf(`{"op":"add","path":"members","value":[{"value":"`+user+`"}]}`))
	if got := strings.Fields(members()); len(got) != 2 {
		t.Errorf("after adding an inactive User: %v", got)
	}
}

// RFC 7643 section 5: a client learns without a token how to authenticate. What the configuration says holds.
func TestServiceProviderConfigIsPublicAndTrue(t *testing.T) {
	s := start(t)
	token := s.token
	s.token = ""
	config := s.want(200, "GET", "/ServiceProviderConfig", "")
	for _, path := range []string{"/ResourceTypes", "/Schemas", "/Users", "/Me", "/Bulk", "/ServiceProviderConfig/x", "/"} {
		s.want(401, "GET", path, "")
	}
	s.want(401, "POST", "/ServiceProviderConfig", "{}")
	s.token = token
	supported := func(feature string) bool { return config[feature].(map[string]any)["supported"] == true }
	if supported("bulk") || supported("changePassword") {
		t.Errorf("the configuration offers %v", config)
	}
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		s.want(http.StatusNotImplemented, method, "/Me", "")
		s.want(http.StatusNotImplemented, method, "/Bulk", "")
	}
	for _, schema := range s.schemas() {
		for _, a := range schema.Attributes {
			if a.Name == "password" {
				t.Error("a schema lists a password, which nobody can change")
			}
		}
	}
	id := s.want(201, "POST", "/Users", bob)["id"].(string)
	for _, feature := range []struct {
		name  string
		works func() bool
	}{ // in this order: the filter finds what the patch sets
		{"patch", func() bool {
			s.want(200, "PATCH", "/Users/"+id, patchOf(`{"op":"add","path":"title","value":"Clerk"}`))
			return true
		}},
		{"filter", func() bool {
			return s.want(200, "GET", "/Users"+filter(`title eq "clerk"`), "")["totalResults"] == 1.0
		}},
		{"sort", func() bool {
			list := s.want(200, "GET", "/Users?"+url.Values{"sortBy": {"userName"}, "sortOrder": {"descending"}}.Encode(), "")
			return list["Resources"].([]any)[0].(map[string]any)["userName"] == "piet@lab.example"
		}},
		{"etag", func() bool { return s.want(200, "GET", "/Users/"+id, "")["meta"].(map[string]any)["version"] != "" }},
	} {
		if !supported(feature.name) || !feature.works() {
			t.Errorf("%s: the configuration says %t", feature.name, supported(feature.name))
		}
	}
}

// Lists of Users have no groups, but a filter may name them.
func TestUsersAreFoundByGroup(t *testing.T) {
	s := start(t)
	user := s.want(201, "POST", "/Users", bob)["id"].(string)
	group := s.want(201, "POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],`+
		`"displayName":"OktaViewers","members":[{"value":"`+user+`"}]}`)["id"].(string)
	found := s.want(200, "GET", "/Users"+filter(`groups.value eq "`+group+`"`), "")
	if list, _ := found["Resources"].([]any); len(list) != 1 || list[0].(map[string]any)["id"] != user {
		t.Errorf("found %v", found)
	}
}
