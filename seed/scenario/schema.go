package scenario

import (
	"encoding/json"
	"reflect"
)

// choices are the values that a key accepts, by the name of the type and the key.
var choices = map[string][]any{
	"Identity.half":          {"okta", "sigma"},
	"SeedUser.status":        {"STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT", "SUSPENDED", "DEPROVISIONED"},
	"SeedMember.status":      {"active", "pending", "inactive"},
	"SeedTeam.visibility":    {"public", "private"},
	"SeedAuth.method":        {"Password", "SAML or password", "SAML"},
	"SeedGrant.access":       {"view", "explore", "edit", "contribute", "manage"},
	"SeedFolderGrant.access": {"view", "explore", "edit", "contribute", "manage"},
	"SeedGroupRule.operator": {"EQUALS", "NOT_EQUALS", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "NOT_CONTAINS"},
	"SeedPushRule.match":     {"STARTS_WITH", "ENDS_WITH", "CONTAINS"},
	"Element.kind":           {"table", "bar", "line"},
	"Entry.signOnMode":       {"SAML_2_0", "BOOKMARK"},
	"Entry.userNameFormat":   {"login", "login_prefix", "email", "email_prefix", "none"},
	"Entry.peer":             {"sigma"},
	"SeedLog.result":         {"SUCCESS", "FAILURE", "SKIPPED", "ALLOW", "DENY", "CHALLENGE", "UNKNOWN"},
}

// Schema returns the JSON schema of scenario files (draft 2020-12), for editors.
func Schema() ([]byte, error) {
	schema := schemaOf(reflect.TypeFor[Scenario]())
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "Scenario of Understudy"
	schema["required"] = []string{"title", "okta", "sigma"}
	text, err := json.MarshalIndent(schema, "", "  ")
	return append(text, '\n'), err
}

func schemaOf(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Struct:
		properties := map[string]any{}
		for key, field := range fieldsOf(t) {
			property := schemaOf(field)
			if values := choices[t.Name()+"."+key]; values != nil {
				property["enum"] = values
			}
			properties[key] = property
		}
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	}
	return map[string]any{"type": "string"}
}
