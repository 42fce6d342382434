package directory_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// emptyValues are values of a multi-valued complex attribute in which an element holds no value.
var emptyValues = []string{`[{}]`, `[null]`, `[""]`, `""`, `{}`, `[{"value":null}]`, `[{"value":""}]`, `[{"display":"x"}]`,
	`[{"type":"work"}]`, `[{"$ref":"http://x/Users/1"}]`, `[{"unknown":1}]`}

// emptyCase is a resource with a value for a multi-valued complex attribute.
type emptyCase struct {
	endpoint, attribute, kept string // kept is the value before
	body                      func(value string) string
}

func emptyCases(s *service, people string) []emptyCase {
	core := func(kind string) string {
		return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:%s"],`, kind)
	}
	cases := []emptyCase{{"/Groups", "members", people, func(v string) string {
		return core("Group") + `"displayName":"Crew","members":` + v + `}`
	}}}
	for _, schema := range s.schemas() {
		for _, a := range schema.Attributes {
			if schema.ID != coreUser || !a.MultiValued || a.Type != "complex" || a.Mutability != "readWrite" {
				continue
			}
			kept, _, _ := a.sample(0)
			cases = append(cases, emptyCase{"/Users", a.Name, mustJSON(s.t.(*testing.T), kept), func(v string) string {
				return core("User") + `"userName":"cora@lab.example","name":{"givenName":"Cora","familyName":"Low"},"` + a.Name + `":` + v + `}`
			}})
		}
	}
	return cases
}

// An element without a value is refused in every multi-valued complex attribute and every request, and removes nothing. Null and the
// empty list remove the attribute (RFC 7643 section 2.5).
func TestAnElementWithoutAValueRemovesNothing(t *testing.T) {
	s := start(t)
	list, _ := s.want(200, "GET", "/Users"+filter(`userName eq "piet@lab.example"`), "")["Resources"].([]any)
	cases := emptyCases(s, fmt.Sprintf(`[{"value":%q}]`, list[0].(map[string]any)["id"]))
	if len(cases) < 9 {
		t.Errorf("the schemas have only %d multi-valued complex attributes", len(cases))
	}
	for _, c := range cases {
		made := s.want(201, "POST", c.endpoint, c.body(c.kept))
		one := c.endpoint + "/" + made["id"].(string)
		before := s.want(200, "GET", one, "")[c.attribute]
		for _, value := range emptyValues {
			if c.attribute == "addresses" && strings.Contains(value, "work") {
				continue // an address has no sub-attribute value: its type is a value of its own
			}
			operation := func(op string) string {
				return patchOf(fmt.Sprintf(`{"op":%q,"path":%q,"value":%s}`, op, c.attribute, value))
			}
			for _, request := range [][3]string{
				{"POST", c.endpoint, strings.NewReplacer("cora@", "dora@", "Crew", "Staff").Replace(c.body(value))},
				{"PUT", one, c.body(value)}, {"PATCH", one, operation("add")}, {"PATCH", one, operation("replace")},
				{"PATCH", one, patchOf(fmt.Sprintf(`{"op":"replace","value":{%q:%s}}`, c.attribute, value))},
			} {
				status, answer := s.do(request[0], request[1], request[2])
				if status != 400 || answer["scimType"] != "invalidValue" {
					t.Errorf("%s %s: %d %v", request[0], request[2], status, answer)
				}
			}
		}
		if after := s.want(200, "GET", one, "")[c.attribute]; before == nil || !reflect.DeepEqual(after, before) {
			t.Errorf("%s was %v and is %v", c.attribute, before, after)
		}
		answer := s.want(200, "PATCH", one, patchOf(fmt.Sprintf(`{"op":"replace","path":%q,"value":null}`, c.attribute)))
		if c.attribute != "emails" && answer[c.attribute] != nil {
			t.Errorf("%s is still %v after null", c.attribute, answer[c.attribute])
		}
		s.want(204, "DELETE", one, "")
	}
}
