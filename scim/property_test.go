package scim_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"understudy/scim"
)

// anyValue draws a value that a client might send for an attribute: usually of its type, sometimes of another.
func anyValue(t *rapid.T, a *scim.Attribute, depth int) any {
	if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
		return rapid.SampledFrom([]any{nil, "", "x", true, json.Number("1.5"), []any{}, []any{nil}, scim.NewObject(),
			scim.NewObject("value", "v")}).Draw(t, "nonsense")
	}
	if a.MultiValued && depth == 0 && rapid.IntRange(0, 3).Draw(t, "list") > 0 {
		list := make([]any, rapid.IntRange(0, 4).Draw(t, "length"))
		for i := range list {
			list[i] = anyValue(t, a, 1)
		}
		return list
	}
	switch a.Type {
	case scim.Complex:
		o := scim.NewObject()
		for i := range a.SubAttributes {
			if sub := &a.SubAttributes[i]; rapid.Bool().Draw(t, "has") {
				o.Set(sub.Name, anyValue(t, sub, 1))
			}
		}
		return o
	case scim.Boolean:
		return rapid.SampledFrom([]any{true, false, "True", "false"}).Draw(t, "boolean")
	case scim.Integer:
		return json.Number(rapid.SampledFrom([]string{"0", "-7", "12"}).Draw(t, "integer"))
	case scim.Decimal:
		return json.Number(rapid.SampledFrom([]string{"0", "-7.5", "1e3"}).Draw(t, "decimal"))
	case scim.DateTime:
		return rapid.SampledFrom([]string{"2026-11-24T07:30:00Z", "2026-11-24T07:30:00.5+01:00"}).Draw(t, "moment")
	case scim.Binary:
		return rapid.SampledFrom([]string{"", "TUlJ", "TQ=="}).Draw(t, "binary")
	}
	return rapid.SampledFrom([]string{"a", "A", "b", "work", "home", "é"}).Draw(t, "text")
}

// anyTarget draws an attribute, and one of the ways to write its path.
func anyTarget(t *rapid.T, user *scim.ResourceType) (string, *scim.Attribute) {
	schema := &user.Schema
	prefix := rapid.SampledFrom([]string{"", scim.CoreUser + ":"}).Draw(t, "prefix")
	if n := rapid.IntRange(-1, len(user.Extensions)-1).Draw(t, "extension"); n >= 0 {
		schema = &user.Extensions[n].Schema
		prefix = schema.ID + ":"
	}
	a := &schema.Attributes[rapid.IntRange(0, len(schema.Attributes)-1).Draw(t, "attribute")]
	path := prefix + a.Name
	if len(a.SubAttributes) == 0 {
		return path, a
	}
	sub := &a.SubAttributes[rapid.IntRange(0, len(a.SubAttributes)-1).Draw(t, "sub")]
	switch rapid.IntRange(0, 3).Draw(t, "form") {
	case 0:
		return path + "." + sub.Name, sub
	case 1:
		return path + `[` + sub.Name + ` pr]`, a
	case 2:
		other := &a.SubAttributes[rapid.IntRange(0, len(a.SubAttributes)-1).Draw(t, "other")]
		value := rapid.SampledFrom([]string{`"a"`, `"work"`, `true`}).Draw(t, "value")
		return path + `[` + other.Name + ` eq ` + value + `].` + sub.Name, sub
	}
	return path, a
}

// After any PATCH, a valid resource is valid again, or it is unchanged and the error is complete.
func TestPatchedResourceIsValid(t *testing.T) {
	user := userType(t)
	rapid.Check(t, func(t *rapid.T) {
		o := scim.NewObject("id", "1", "userName", "u")
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			var ops []scim.Operation
			for range rapid.IntRange(1, 3).Draw(t, "operations") {
				path, a := anyTarget(t, user)
				op := scim.Operation{Op: rapid.SampledFrom([]string{"add", "Replace", "remove"}).Draw(t, "op"), Path: path}
				if op.Op != "remove" || rapid.Bool().Draw(t, "removal with value") {
					op.Value = anyValue(t, a, 0)
				}
				if op.Op != "remove" && rapid.IntRange(0, 3).Draw(t, "without path") == 0 {
					key := scim.NewObject() // a path as a key, as Entra writes it
					raw, _ := json.Marshal(map[string]any{path: op.Value})
					if err := json.Unmarshal(raw, key); err != nil {
						t.Fatal(err)
					}
					op.Path, op.Value = "", key
				}
				ops = append(ops, op)
			}
			before := o.Clone()
			after, err := user.Patch(o, ops, scim.Limits{})
			if !o.Equal(before) {
				t.Fatalf("the original was changed by %v", ops)
			}
			if err != nil {
				if e, ok := err.(*scim.Error); !ok || e.Status != 400 || e.ScimType == "" || e.Detail == "" {
					t.Fatalf("%v: error %v", ops, err)
				}
				continue
			}
			if err := user.Validate(after); err != nil {
				b, _ := before.MarshalJSON()
				a, _ := after.MarshalJSON()
				t.Fatalf("%s\nwith %v became\n%s: %v", b, ops, a, err)
			}
			o = after
		}
	})
}
