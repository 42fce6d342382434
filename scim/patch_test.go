package scim_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"understudy/scim"
	"understudy/scim/scimtest"
)

const enterprise = `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`

type patchCase struct {
	name, before, operations string
	after                    string // the resource after the PATCH; empty if it fails
	scimType                 string // of the error; empty if it succeeds
}

// The examples of RFC 7644 sections 3.5.2.1 to 3.5.2.3.
var rfcGroupPatches = []patchCase{
	{"add a member", `{"displayName":"G"}`,
		`[{"op":"add","path":"members","value":[{"display":"Babs Jensen",` +
			`"$ref":"https://example.com/v2/Users/2819c223","value":"2819c223"}]}]`,
		`{"displayName":"G","members":[{"display":"Babs Jensen","$ref":"https://example.com/v2/Users/2819c223","value":"2819c223"}]}`, ""},
	{"add an existing member", `{"displayName":"G","members":[{"value":"1","type":"User"}]}`,
		`[{"op":"add","path":"members","value":[{"value":"1"},{"value":"2"},{"value":"2"}]}]`,
		`{"displayName":"G","members":[{"value":"1","type":"User"},{"value":"2"}]}`, ""},
	{"remove one member by filter", `{"displayName":"G","members":[{"value":"2819c223"},{"value":"902c246b"}]}`,
		`[{"op":"remove","path":"members[value eq \"2819c223\"]"}]`,
		`{"displayName":"G","members":[{"value":"902c246b"}]}`, ""},
	{"remove all members", `{"displayName":"G","members":[{"value":"1"},{"value":"2"}]}`,
		`[{"op":"remove","path":"members"}]`, `{"displayName":"G"}`, ""},
	{"remove one and add another", `{"displayName":"G","members":[{"value":"2819c223"}]}`,
		`[{"op":"remove","path":"members[value eq \"2819c223\"]"},
		  {"op":"add","path":"members","value":[{"display":"James Smith","value":"08e1d05d"}]}]`,
		`{"displayName":"G","members":[{"display":"James Smith","value":"08e1d05d"}]}`, ""},
	{"replace all members, in two operations", `{"displayName":"G","members":[{"value":"0"}]}`,
		`[{"op":"remove","path":"members"},
		  {"op":"add","path":"members","value":[{"display":"Babs","value":"1"},{"display":"James","value":"2"}]}]`,
		`{"displayName":"G","members":[{"display":"Babs","value":"1"},{"display":"James","value":"2"}]}`, ""},
	{"replace all members", `{"displayName":"G","members":[{"value":"0"}]}`,
		`[{"op":"replace","path":"members","value":[{"display":"Babs","value":"1"},{"display":"James","value":"2"}]}]`,
		`{"displayName":"G","members":[{"display":"Babs","value":"1"},{"display":"James","value":"2"}]}`, ""},
}

var rfcUserPatches = []patchCase{
	{"add without path", `{"userName":"b","emails":[{"value":"old@x","type":"work"}]}`,
		`[{"op":"add","value":{"emails":[{"value":"babs@jensen.org","type":"home"}],"nickname":"Babs"}}]`,
		`{"userName":"b","emails":[{"value":"old@x","type":"work"},{"value":"babs@jensen.org","type":"home"}],"nickName":"Babs"}`, ""},
	{"remove by a filter with and", `{"userName":"b","emails":[{"type":"work","value":"b@example.com"},` +
		`{"type":"work","value":"b@x.org"},{"type":"home","value":"h@example.com"}]}`,
		`[{"op":"remove","path":"emails[type eq \"work\" and value ew \"example.com\"]"}]`,
		`{"userName":"b","emails":[{"type":"work","value":"b@x.org"},{"type":"home","value":"h@example.com"}]}`, ""},
	{"replace one whole address", `{"userName":"b","addresses":[{"type":"work","country":"DE",` +
		`"streetAddress":"Old"},{"type":"home","region":"BY"}]}`,
		`[{"op":"replace","path":"addresses[type eq \"work\"]","value":{"type":"work",` +
			`"streetAddress":"911 Universal City Plaza","locality":"Hollywood","region":"CA","postalCode":"91608",` +
			`"country":"US","primary":true}}]`,
		`{"userName":"b","addresses":[{"type":"work","streetAddress":"911 Universal City Plaza",` +
			`"locality":"Hollywood","region":"CA","postalCode":"91608","country":"US","primary":true},{"type":"home","region":"BY"}]}`, ""},
	{"replace one sub-attribute of one address", `{"userName":"b","addresses":[{"type":"work","country":"DE",` +
		`"streetAddress":"Old"},{"type":"home","streetAddress":"Home"}]}`,
		`[{"op":"replace","path":"addresses[type eq \"work\"].streetAddress","value":"1010 Broadway Ave"}]`,
		`{"userName":"b","addresses":[{"type":"work","country":"DE","streetAddress":"1010 Broadway Ave"},` +
			`{"type":"home","streetAddress":"Home"}]}`, ""},
	{"replace without path", `{"userName":"b","nickName":"B","emails":[{"value":"old@x"}]}`,
		`[{"op":"replace","value":{"emails":[{"value":"bjensen@example.com","type":"work","primary":true},` +
			`{"value":"babs@jensen.org","type":"home"}],"nickname":"Babs"}}]`,
		`{"userName":"b","nickName":"Babs","emails":[{"value":"bjensen@example.com","type":"work","primary":true},` +
			`{"value":"babs@jensen.org","type":"home"}]}`, ""},
	{"no match is noTarget", `{"userName":"b","addresses":[{"type":"home","country":"DE"}]}`,
		`[{"op":"replace","path":"addresses[type eq \"work\"].country","value":"US"}]`, "", "noTarget"},
}

// The example paths of RFC 7644 section 3.5.2, and others. The example members[…].displayName is an error of the RFC:
// by RFC 7643 section 4.2, members have no such sub-attribute, but "display". TestPathExamples expects an error for it.
var rfcPaths = []struct{ path, canonical string }{
	{`members`, ``},
	{`name.familyName`, ``},
	{`addresses[type eq "work"]`, ``},
	{`members[value eq "2819c223-7f76-453a-919d-413861904646"]`, ``},
	{`members[value eq "2819c223-7f76-453a-919d-413861904646"].displayName`, ``},
	{`emails[type eq "work" and value ew "example.com"]`, ``},
	{`addresses[type eq "work"].streetAddress`, ``},
	{`urn:ietf:params:scim:schemas:core:2.0:User:name.familyName`, ``},
	{`urn:ietf:params:scim:schemas:core:2.0:User:emails[not (type pr)].value`, ``},
	{` emails [ type EQ "work" ].value `, `emails[type eq "work"].value`},
}

func TestPathExamples(t *testing.T) {
	for _, c := range rfcPaths {
		p, err := scim.ParsePatchPath(c.path, scim.Limits{})
		want := c.canonical
		if want == "" {
			want = c.path
		}
		if err != nil || p.String() != want {
			t.Errorf("%s was parsed as %s, %v", c.path, p, err)
		}
	}
	group := scim.NewGroupType(scimtest.NewBackend("g", ""))
	patchCase{"", `{"displayName":"G","members":[{"value":"1"}]}`,
		`[{"op":"replace","path":"members[value eq \"1\"].displayName","value":"Babs"}]`, "", "invalidPath"}.check(t, group)
	patchCase{"", `{"displayName":"G","members":[{"value":"1"}]}`,
		`[{"op":"replace","path":"members[value eq \"1\"].display","value":"Babs"}]`,
		`{"displayName":"G","members":[{"value":"1","display":"Babs"}]}`, ""}.check(t, group)
}

// Rules in the text of RFC 7644 section 3.5.2 that have no example there.
var rulePatches = []patchCase{
	{"a new primary value replaces the old one", `{"userName":"b","emails":[{"value":"a","primary":true},{"value":"b"}]}`,
		`[{"op":"add","path":"emails","value":{"value":"c","primary":true}}]`,
		`{"userName":"b","emails":[{"value":"a","primary":false},{"value":"b"},{"value":"c","primary":true}]}`, ""},
	{"primary set by a filter", `{"userName":"b","emails":[{"value":"a","primary":true},{"value":"b"}]}`,
		`[{"op":"replace","path":"emails[value eq \"b\"].primary","value":true}]`,
		`{"userName":"b","emails":[{"value":"a","primary":false},{"value":"b","primary":true}]}`, ""},
	{"primary set by adding an existing value", `{"userName":"b","emails":[{"value":"a","primary":true},{"value":"b"}]}`,
		`[{"op":"add","path":"emails","value":[{"value":"b","primary":true}]}]`,
		`{"userName":"b","emails":[{"value":"a","primary":false},{"value":"b","primary":true}]}`, ""},
	{"two new primary values", `{"userName":"b"}`,
		`[{"op":"add","path":"emails","value":[{"value":"a","primary":true},{"value":"b","primary":true}]}]`, "", "invalidValue"},
	{"add to a complex attribute merges", `{"userName":"b","name":{"givenName":"B","familyName":"J"}}`,
		`[{"op":"add","path":"name","value":{"familyName":"K","formatted":"B K"}}]`,
		`{"userName":"b","name":{"givenName":"B","familyName":"K","formatted":"B K"}}`, ""},
	{"replace of a complex attribute leaves the others", `{"userName":"b","name":{"givenName":"B","familyName":"J"}}`,
		`[{"op":"replace","path":"name","value":{"familyName":"K"}}]`, `{"userName":"b","name":{"givenName":"B","familyName":"K"}}`, ""},
	{"replace of an unassigned attribute adds", `{"userName":"b"}`, `[{"op":"replace","path":"name.givenName","value":"B"}]`,
		`{"userName":"b","name":{"givenName":"B"}}`, ""},
	{"replace by null unassigns", `{"userName":"b","title":"T","name":{"givenName":"B"}}`,
		`[{"op":"replace","path":"title","value":null},{"op":"replace","value":{"name":{"givenName":null}}}]`, `{"userName":"b"}`, ""},
	{"replace by an empty list unassigns", `{"userName":"b","emails":[{"value":"a"}]}`,
		`[{"op":"replace","path":"emails","value":[]}]`, `{"userName":"b"}`, ""},
	{"add of null adds nothing", `{"userName":"b","title":"T"}`, `[{"op":"add","path":"title","value":null}]`,
		`{"userName":"b","title":"T"}`, ""},
	{"remove a sub-attribute of a selected value", `{"userName":"b","emails":[{"value":"a","type":"work"},{"type":"home"}]}`,
		`[{"op":"remove","path":"emails[type pr].type"}]`, `{"userName":"b","emails":[{"value":"a"}]}`, ""},
	{"remove a sub-attribute of all values", `{"userName":"b","emails":[{"value":"a","type":"work"},{"value":"c","type":"home"}]}`,
		`[{"op":"remove","path":"emails.type"}]`, `{"userName":"b","emails":[{"value":"a"},{"value":"c"}]}`, ""},
	{"replace a sub-attribute of all values", `{"userName":"b","emails":[{"value":"a"},{"value":"c","type":"home"}]}`,
		`[{"op":"replace","path":"emails.type","value":"work"}]`,
		`{"userName":"b","emails":[{"value":"a","type":"work"},{"value":"c","type":"work"}]}`, ""},
	{"remove the last sub-attribute", `{"userName":"b","name":{"givenName":"B"}}`,
		`[{"op":"remove","path":"name.givenName"}]`, `{"userName":"b"}`, ""},
	{"remove of unassigned attributes", `{"userName":"b"}`, `[{"op":"remove","path":"title"},{"op":"remove",` +
		`"path":"emails[type eq \"work\"]"},{"op":"remove","path":` + enterprise + `}]`, `{"userName":"b"}`, ""},
	{"a filter on a single complex attribute", `{"userName":"b","name":{"givenName":"B","familyName":"J"}}`,
		`[{"op":"replace","path":"name[givenName eq \"b\"].familyName","value":"K"}]`,
		`{"userName":"b","name":{"givenName":"B","familyName":"K"}}`, ""},
	{"add to a selected value", `{"userName":"b","addresses":[{"type":"work","country":"DE"},{"type":"home"}]}`,
		`[{"op":"add","path":"addresses[type eq \"work\"]","value":{"locality":"Ulm"}}]`,
		`{"userName":"b","addresses":[{"type":"work","country":"DE","locality":"Ulm"},{"type":"home"}]}`, ""},
	{"paths with the core schema's URI", `{"userName":"b"}`,
		`[{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:name.givenName","value":"B"},
		  {"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq \"work\"].value","value":"w@x"}]`,
		`{"userName":"b","name":{"givenName":"B"},"emails":[{"type":"work","value":"w@x"}]}`, ""},
	{"an extension, attribute by attribute and as a whole", `{"userName":"b"}`,
		`[{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"D"},
		  {"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value","value":"26"},
		  {"op":"add","path":` + enterprise + `,"value":{"costCenter":"C"}},
		  {"op":"add","value":{` + enterprise + `:{"division":"V"}}}]`,
		`{"userName":"b",` + enterprise + `:{"department":"D","manager":{"value":"26"},"costCenter":"C","division":"V"}}`, ""},
	{"remove an extension", `{"userName":"b",` + enterprise + `:{"department":"D"}}`, `[{"op":"remove","path":` +
		enterprise + `}]`, `{"userName":"b"}`, ""},
	{"numbers, lists and codes of another extension", `{"userName":"b"}`,
		`[{"op":"add","path":"urn:example:2.0:Extra:score","value":7},{"op":"add","path":"urn:example:2.0:Extra:tags",
			"value":["Red","red","blue"]},
		  {"op":"add","path":"urn:example:2.0:Extra:codes","value":["X","x"]},{"op":"remove","path":"urn:example:2.0:Extra:tags","value":["RED"]}]`,
		`{"userName":"b","urn:example:2.0:Extra":{"score":7,"tags":["blue"],"codes":["X","x"]}}`, ""},
	{"immutable may be set once, and repeated", `{"userName":"b"}`,
		`[{"op":"add","path":"urn:example:2.0:Extra:badge","value":"1"},{"op":"replace","path":"urn:example:2.0:Extra:badge","value":"1"}]`,
		`{"userName":"b","urn:example:2.0:Extra":{"badge":"1"}}`, ""},
	{"read-only and unknown names without path are ignored", `{"id":"1","userName":"b"}`,
		`[{"op":"replace","value":{"id":"2","meta":{"version":"x"},"groups":[{"value":"g"}],"schemas":["x"],` +
			`"shoeSize":9,"urn:x:y":{"a":1},"title":"T"}}]`,
		`{"id":"1","userName":"b","title":"T"}`, ""},

	{"immutable cannot be changed", `{"userName":"b","urn:example:2.0:Extra":{"badge":"1"}}`,
		`[{"op":"replace","path":"urn:example:2.0:Extra:badge","value":"2"}]`, "", "mutability"},
	{"immutable cannot be removed", `{"userName":"b","urn:example:2.0:Extra":{"badge":"1"}}`,
		`[{"op":"remove","path":"urn:example:2.0:Extra:badge"}]`, "", "mutability"},
	{"read-only by path", `{"id":"1","userName":"b"}`, `[{"op":"replace","path":"id","value":"2"}]`, "", "mutability"},
	{"read-only sub-attribute by path", `{"userName":"b"}`, `[{"op":"replace","path":"meta.version","value":"2"}]`, "", "mutability"},
	{"required cannot be removed", `{"userName":"b"}`, `[{"op":"remove","path":"userName"}]`, "", "mutability"},
	{"required cannot become null", `{"userName":"b"}`, `[{"op":"replace","value":{"userName":null}}]`, "", "mutability"},
	{"required sub-attribute", `{"userName":"b"}`, `[{"op":"add","path":"urn:example:2.0:Extra:desk.note",` +
		`"value":"x"}]`, "", "invalidValue"},
	{"remove without path", `{"userName":"b"}`, `[{"op":"remove"}]`, "", "noTarget"},
	{"unknown path", `{"userName":"b"}`, `[{"op":"add","path":"shoeSize","value":9}]`, "", "invalidPath"},
	{"unknown sub-attribute", `{"userName":"b"}`, `[{"op":"add","path":"name.shoe","value":9}]`, "", "invalidPath"},
	{"unknown extension", `{"userName":"b"}`, `[{"op":"add","path":"urn:x:y:z","value":9}]`, "", "invalidPath"},
	{"malformed path", `{"userName":"b"}`, `[{"op":"add","path":"emails[type eq \"work\"]value","value":"x"}]`, "", "invalidPath"},
	{"path too long", `{"userName":"b"}`, `[{"op":"add","path":"emails[type eq \"` + strings.Repeat("x", 512) +
		`\"].value","value":"x"}]`, "", "invalidPath"},
	{"filter nested too deep", `{"userName":"b"}`, `[{"op":"add","path":"emails[` + strings.Repeat("(", 21) +
		`type pr` + strings.Repeat(")", 21) + `].value","value":"x"}]`, "", "invalidFilter"},
	{"malformed filter in a path", `{"userName":"b"}`, `[{"op":"add","path":"emails[type eq].value","value":"x"}]`, "", "invalidFilter"},
	{"filter on a simple attribute", `{"userName":"b"}`, `[{"op":"add","path":"title[value eq \"x\"]","value":"x"}]`, "", "invalidPath"},
	{"filter that describes no value", `{"userName":"b"}`, `[{"op":"add","path":"emails[type pr].value","value":"x"}]`, "", "noTarget"},
	{"wrong type", `{"userName":"b"}`, `[{"op":"add","path":"title","value":5}]`, "", "invalidValue"},
	{"wrong boolean", `{"userName":"b"}`, `[{"op":"replace","path":"active","value":"maybe"}]`, "", "invalidValue"},
	{"wrong complex", `{"userName":"b"}`, `[{"op":"replace","path":"name","value":"Bob"}]`, "", "invalidValue"},
	{"wrong integer", `{"userName":"b"}`, `[{"op":"add","path":"urn:example:2.0:Extra:score","value":7.5}]`, "", "invalidValue"},
	{"wrong moment", `{"userName":"b"}`, `[{"op":"add","path":"urn:example:2.0:Extra:hired","value":"soon"}]`, "", "invalidValue"},
	{"wrong base64", `{"userName":"b"}`, `[{"op":"add","path":"x509Certificates","value":[{"value":"%%"}]}]`, "", "invalidValue"},
	{"no object without path", `{"userName":"b"}`, `[{"op":"add","value":"x"}]`, "", "invalidValue"},
	{"unknown op", `{"userName":"b"}`, `[{"op":"move","path":"title"}]`, "", "invalidSyntax"},
	{"all or nothing", `{"userName":"b"}`, `[{"op":"add","path":"title","value":"T"},{"op":"add","path":"shoe",` +
		`"value":1}]`, "", "invalidPath"},
}

// Requests of Microsoft Entra ID that deviate from the RFC, or that use rarely used parts of it.
var entraPatches = []patchCase{
	{"capitals and a string for a boolean", `{"userName":"b","active":true}`,
		`[{"op":"Replace","path":"active","value":"False"}]`, `{"userName":"b","active":false}`, ""},
	{"boolean in an object", `{"userName":"b","active":true}`, `[{"op":"Replace","value":{"active":"False"}}]`,
		`{"userName":"b","active":false}`, ""},
	{"dotted names as keys", `{"userName":"b","name":{"givenName":"B","familyName":"J"}}`,
		`[{"op":"Add","value":{"name.givenName":"Ada","name.formatted":"Ada J","displayName":"Ada J",` +
			`"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"R&D",` +
			`"emails[type eq \"work\"].value":"a@x","active":"True"}}]`,
		`{"userName":"b","name":{"givenName":"Ada","familyName":"J","formatted":"Ada J"},"displayName":"Ada J",` +
			enterprise + `:{"department":"R&D"},"emails":[{"type":"work","value":"a@x"}],"active":true}`, ""},
	{"add the value that the filter describes", `{"userName":"b"}`,
		`[{"op":"Add","path":"emails[type eq \"work\"].value","value":"a@x"},{"op":"Add",` +
			`"path":"phoneNumbers[type eq \"mobile\"].value","value":"1"},{"op":"Add",` +
			`"path":"emails[type eq \"work\" and primary eq true].value","value":"p@x"}]`,
		`{"userName":"b","emails":[{"type":"work","value":"a@x"},{"type":"work","primary":true,"value":"p@x"}],` +
			`"phoneNumbers":[{"type":"mobile","value":"1"}]}`, ""},
	{"manager as a string", `{"userName":"b"}`,
		`[{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"26118915"}]`,
		`{"userName":"b",` + enterprise + `:{"manager":{"value":"26118915"}}}`, ""},
	{"manager as a list of one", `{"userName":"b"}`,
		`[{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":[{"value":"26118915"}]}]`,
		`{"userName":"b",` + enterprise + `:{"manager":{"value":"26118915"}}}`, ""},
	{"manager removed", `{"userName":"b",` + enterprise + `:{"manager":{"value":"1"}}}`,
		`[{"op":"Remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"}]`, `{"userName":"b"}`, ""},
	{"members removed by filter", `{"displayName":"G","members":[{"value":"1"},{"value":"2"}]}`,
		`[{"op":"Remove","path":"members[value eq \"1\"]"}]`, `{"displayName":"G","members":[{"value":"2"}]}`, ""},
	{"members removed by value", `{"displayName":"G","members":[{"value":"1","display":"One"},{"value":"2"},{"value":"3"}]}`,
		`[{"op":"Remove","path":"members","value":[{"value":"1"},{"value":"3"}]}]`, `{"displayName":"G","members":[{"value":"2"}]}`, ""},
	{"members removed by an unlisted value", `{"displayName":"G","members":[{"value":"1"}]}`,
		`[{"op":"Remove","path":"members","value":[{"value":"9"}]}]`, `{"displayName":"G","members":[{"value":"1"}]}`, ""},
	{"members removed by an empty list", `{"displayName":"G","members":[{"value":"1"}]}`,
		`[{"op":"Remove","path":"members","value":[]}]`, `{"displayName":"G","members":[{"value":"1"}]}`, ""},
	{"members with an empty reference", `{"displayName":"G"}`,
		`[{"op":"Add","path":"members","value":[{"$ref":null,"value":"1"}]}]`, `{"displayName":"G","members":[{"value":"1"}]}`, ""},
	{"one member without a list", `{"displayName":"G"}`, `[{"op":"Add","path":"members","value":{"value":"1"}}]`,
		`{"displayName":"G","members":[{"value":"1"}]}`, ""},
	{"roles as strings", `{"userName":"b"}`, `[{"op":"Add","path":"roles","value":["Editor"]}]`,
		`{"userName":"b","roles":[{"value":"Editor"}]}`, ""},
}

func TestPatch(t *testing.T) {
	group := scim.NewGroupType(scimtest.NewBackend("g", ""))
	for _, c := range rfcGroupPatches {
		t.Run(c.name, func(t *testing.T) { c.check(t, group) })
	}
	user := userType(t)
	for _, table := range [][]patchCase{rfcUserPatches, rulePatches, entraPatches} {
		for _, c := range table {
			ty := user
			if object(t, c.before).Has("displayName") && !object(t, c.before).Has("userName") {
				ty = group
			}
			t.Run(c.name, func(t *testing.T) { c.check(t, ty) })
		}
	}
}

func operations(t testing.TB, text string) []scim.Operation {
	t.Helper()
	var list []*scim.Object
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	ops := make([]scim.Operation, len(list))
	for i, o := range list {
		ops[i] = scim.Operation{Op: o.Text("op"), Path: o.Text("path"), Value: o.Get("value")}
	}
	return ops
}

func (c patchCase) check(t *testing.T, ty *scim.ResourceType) {
	before := object(t, c.before)
	after, err := ty.Patch(before, operations(t, c.operations), scim.Limits{})
	if !before.Equal(object(t, c.before)) {
		t.Error("the original was changed")
	}
	if c.scimType != "" {
		var e *scim.Error
		if !errors.As(err, &e) || e.Status != 400 || e.ScimType != c.scimType {
			t.Errorf("error %v, want %s", err, c.scimType)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !after.Equal(object(t, c.after)) {
		got, _ := after.MarshalJSON()
		t.Errorf("got  %s\nwant %s", got, c.after)
	}
	if err := ty.Validate(after); err != nil {
		t.Errorf("the result is not valid: %v", err)
	}
}

// FuzzPatch looks for panics, for changes to the original resource, and for results that the schemas do not allow.
func FuzzPatch(f *testing.F) {
	for _, table := range [][]patchCase{rfcUserPatches, rulePatches, entraPatches} {
		for _, c := range table {
			f.Add(c.before, c.operations)
		}
	}
	user := userType(f)
	f.Fuzz(func(t *testing.T, resource, patch string) {
		before := &scim.Object{}
		var list []*scim.Object
		if json.Unmarshal([]byte(resource), before) != nil || json.Unmarshal([]byte(patch), &list) != nil || user.Validate(before) != nil {
			return
		}
		var ops []scim.Operation
		for _, o := range list {
			ops = append(ops, scim.Operation{Op: o.Text("op"), Path: o.Text("path"), Value: o.Get("value")})
		}
		kept := before.Clone()
		after, err := user.Patch(before, ops, scim.Limits{})
		if !before.Equal(kept) {
			t.Fatal("the original was changed")
		}
		if err != nil {
			return
		}
		if err := user.Validate(after); err != nil {
			got, _ := after.MarshalJSON()
			t.Fatalf("%s with %s became %s: %v", resource, patch, got, err)
		}
	})
}
