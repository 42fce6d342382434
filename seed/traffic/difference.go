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

// changes are the records that messages changed, each with what is different now.
func changes(ctx context.Context, l *lab.Lab) ([]line, error) {
	list, err := l.RecordChanges(ctx)
	var lines []line
	for _, c := range list {
		x := line{At: c.At, Kind: kindChange, From: systemSigma, To: systemSigma, Text: upperFirst(c.Kind) + " " + c.Name, Result: "changed", Changed: true,
			Href: "/labs/" + l.Name + "/traffic/" + strconv.FormatInt(c.Exchange, 10), order: 2}
		switch {
		case c.Before == "":
			x.Text, x.Result = x.Text+" is new", "new"
		case c.After == "":
			x.Text, x.Result = x.Text+" is gone", "gone"
		default:
			var parts []string
			for _, d := range differences(c.Change) {
				parts = append(parts, d.Attribute+" "+cmp.Or(shorten(d.Before), "(empty)")+" → "+cmp.Or(shorten(d.After), "(empty)"))
			}
			if len(parts) == 0 { // written anew as it was
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

// bookkeeping is what changes with every change.
var bookkeeping = []string{"meta.lastModified", "meta.version", "meta.location", "meta.created", "schemas"}

// differences lists the attributes in which a record differs before and after, by name.
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
		if before[name] != after[name] && !slices.Contains(bookkeeping, name) {
			list = append(list, difference{name, before[name], after[name]})
		}
	}
	slices.SortFunc(list, func(a, b difference) int { return strings.Compare(a.Attribute, b.Attribute) })
	return list
}

// flat gives the leaves of a JSON object by their dotted names; lists of objects by what identifies each.
func flat(text string) map[string]string {
	leaves := map[string]string{}
	var o any
	if json.Unmarshal([]byte(text), &o) == nil {
		flatten(leaves, "", o)
	}
	return leaves
}

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

func shown(item any) string {
	if o, ok := item.(map[string]any); ok {
		for _, name := range []string{"display", "value", "displayName"} {
			if s := member(o, name); s != "" {
				return s
			}
		}
		text, _ := json.Marshal(o) // it came from JSON
		return string(text)
	}
	return fmt.Sprint(item)
}
