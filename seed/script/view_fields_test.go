package script_test

import (
	"strings"
	"testing"

	"understudy/seed/script"
)

// An expression names only fields that the view of a lab has, wherever it stands.
func TestExpressionWithAnUnknownFieldIsRefused(t *testing.T) {
	for field, want := range map[string]string{
		"okta.groupz": "did you mean okta.groups?", "sigma.member": "did you mean sigma.members?", "okta.rules": "unknown field",
		`okta["groupz"]`: "did you mean okta.groups?", "okta?.groupz": "did you mean okta.groups?", "okta.groups": "",
	} {
		for _, key := range []string{"bind:\n  it: len(FIELD ?? []) > 0\n", "done: len(FIELD ?? []) > 0\nawaits: A thing exists.\n",
			"miss:\n  - when: len(FIELD ?? []) > 0\n    say: No.\n"} {
			head, step := "", "id: 1.1\nas: okta-admin\ndo:\n  - visit: \"{admin}\"\n"
			if strings.HasPrefix(key, "bind") {
				head = "<!-- script\n" + key + "-->\n\n"
			} else {
				step += key
			}
			text := "id: a\n\n# T\n\n" + head + "## S\nDuration: 1\n\n<!-- script\n" + step + "-->\n"
			_, err := script.Parse("a.md", []byte(strings.ReplaceAll(text, "FIELD", field)))
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s in %q: %v, want %q", field, key, err, want)
			}
		}
	}
}
