package traffic

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"understudy/seed/base/exchange"
	"understudy/seed/lab"
)

// changes returns a line for each record that a message created, changed or deleted.
func changes(ctx context.Context, l *lab.Lab) ([]line, error) {
	list, err := l.RecordChanges(ctx)
	var lines []line
	for _, c := range list {
		x := line{At: c.At, Kind: kindChange, From: systemSigma, To: systemSigma, Text: upperFirst(c.Kind) + " " + c.Name,
			Result: "changed", Changed: true,
			Href: "/labs/" + l.Name + "/traffic/" + strconv.FormatInt(c.Exchange, 10), order: 2}
		switch {
		case c.Before == "":
			x.Text, x.Result = x.Text+" was created", "created"
		case c.After == "":
			x.Text, x.Result = x.Text+" was deleted", "deleted"
		default:
			var parts []string
			for _, d := range differences(c.Change) {
				parts = append(parts, d.Attribute+" "+cmp.Or(shorten(d.Before), "(empty)")+" → "+cmp.Or(shorten(d.After), "(empty)"))
			}
			if len(parts) == 0 { // the message wrote the same values again
				continue
			}
			x.Detail = strings.Join(parts, "; ")
		}
		lines = append(lines, x)
	}
	return lines, err
}

// difference is one attribute of a record that a message changed.
type difference struct{ Attribute, Before, After string }

// ignoredAttributes change with every write, or never, and say nothing about the record.
var ignoredAttributes = []string{"meta.lastModified", "meta.version", "meta.location", "meta.created", "schemas"}

// differences lists the attributes that a change altered, ordered by name. An attribute without a value is "".
func differences(c exchange.Change) (list []difference) {
	before, after := flat(c.Before), flat(c.After)
	names := map[string]bool{}
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	for name := range names {
		if before[name] != after[name] && !slices.Contains(ignoredAttributes, name) {
			list = append(list, difference{name, before[name], after[name]})
		}
	}
	slices.SortFunc(list, func(a, b difference) int { return strings.Compare(a.Attribute, b.Attribute) })
	return list
}

// flat returns the values of a JSON object by dotted name, such as "name.givenName". A list becomes one text, separated by
// commas; see shown for how its items appear.
func flat(text string) map[string]string {
	leaves := map[string]string{}
	var o any
	if json.Unmarshal([]byte(text), &o) == nil {
		flatten(leaves, "", o)
	}
	return leaves
}

// flatten adds the values below v to leaves. name is the dotted name of v.
func flatten(leaves map[string]string, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			flatten(leaves, strings.TrimPrefix(name+"."+key, "."), inner)
		}
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, shown(item))
		}
		leaves[name] = strings.Join(parts, ", ")
	case nil:
	default:
		leaves[name] = fmt.Sprint(v)
	}
}

// shown returns the text that identifies an item of a list: its display name, else its value, else its JSON.
func shown(item any) string {
	if o, ok := item.(map[string]any); ok {
		for _, name := range []string{"display", "value", "displayName"} {
			if s := member(o, name); s != "" {
				return s
			}
		}
		text, _ := json.Marshal(o) // cannot fail: the object was parsed from JSON
		return string(text)
	}
	return fmt.Sprint(item)
}
