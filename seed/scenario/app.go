package scenario

import (
	"reflect"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"understudy/idp/catalog"
	"understudy/seed/base/textlimit"
)

// ParseApp reads the text of an app file: an entry of Okta's app catalog. The name of the file is its key, which the text can leave
// out. The error names the line of a mistake.
func ParseApp(name, text string) (entry catalog.Entry, err error) {
	file, err := textlimit.ParseYAML(text)
	if err != nil {
		return entry, &Mistakes{name, []Mistake{mistakeOf(err)}}
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return entry, &Mistakes{name, []Mistake{{1, 1, "expected one YAML document with the keys name, label, category, overview and signOnMode"}}}
	}
	body := file.Docs[0].Body
	checked := structure{anchors: map[string]ast.Node{}, open: map[string]bool{}}
	checked.check(body, reflect.TypeFor[catalog.Entry]())
	if len(checked.mistakes) > 0 {
		return entry, &Mistakes{name, checked.mistakes}
	}
	if err := yaml.NodeToValue(body, &entry, yaml.Strict()); err != nil {
		return entry, &Mistakes{name, []Mistake{mistakeOf(err)}}
	}
	r := &references{body: body}
	if entry.Key == "" {
		entry.Key = name
	}
	if entry.Key != name {
		r.add("the key is the name of the file, "+name+"; correct the key or remove it", "key")
	}
	r.app(entry)
	if len(r.found) > 0 {
		return entry, &Mistakes{name, r.found}
	}
	return entry, nil
}

// app adds the mistakes of a catalog entry at a path.
func (r *references) app(entry catalog.Entry, path ...any) {
	for _, m := range entry.Check() {
		suggestion := ""
		if len(m.Near) > 0 {
			suggestion = didYouMean(m.Word, m.Near)
		}
		r.add(m.Text+suggestion, append(append([]any{}, path...), m.Path...)...)
	}
}

// catalog checks the entries that a scenario brings. What the apps of the scenario use may also come from an app file.
func (r *references) catalog(entries []catalog.Entry) {
	seen := map[string]bool{}
	for i, entry := range entries {
		if seen[entry.Key] {
			r.add("an entry with this key is listed above", "okta", "catalog", i, "key")
		}
		seen[entry.Key] = true
		r.app(entry, "okta", "catalog", i)
	}
}
