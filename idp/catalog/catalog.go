// Package catalog holds the app integrations that an administrator can add: the entries of Applications > Browse App
// Catalog, and the templates behind Create App Integration.
//
// Each entry is a YAML file in this folder, so a new integration needs no code. The files are embedded and read once; all
// labs share the result, which does not change while the program runs.
//
//	entry.go    Entry and its parts: settings, SAML, SCIM, app user profile
//	check.go    what an entry of a user's own may contain
//	catalog.go  Catalog: reads the files, finds entries
//	*.yaml      the entries
//
// To add an integration, copy lakesidewiki.yaml (SAML) or bookmark.yaml, and change its key.
package catalog

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Files holds the entries that the program ships with.
//
//go:embed *.yaml
var Files embed.FS

// Catalog is the app catalog, sorted by name.
type Catalog struct {
	entries []Entry
	byKey   map[string]int // index in entries
}

// Embedded returns the catalog of the embedded files. Its error is a mistake in one of the files.
var Embedded = sync.OnceValues(func() (*Catalog, error) {
	names, err := fs.Glob(Files, "*.yaml")
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, name := range names {
		text, err := fs.ReadFile(Files, name)
		if err != nil {
			return nil, err
		}
		var e Entry
		if err := yaml.UnmarshalWithOptions(text, &e, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		entries = append(entries, e)
	}
	return of(entries), nil
})

// of returns the catalog of these entries, whose keys differ.
func of(entries []Entry) *Catalog {
	c := &Catalog{entries: entries, byKey: map[string]int{}}
	slices.SortFunc(c.entries, func(a, b Entry) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	for i, e := range c.entries {
		c.byKey[e.Key] = i
	}
	return c
}

// With returns the catalog with further entries. An entry whose key is in the catalog is left out.
func (c *Catalog) With(more []Entry) *Catalog {
	entries, taken := slices.Clone(c.entries), maps.Clone(c.byKey)
	for _, e := range more {
		if _, is := taken[e.Key]; !is {
			taken[e.Key] = 0
			entries = append(entries, e)
		}
	}
	return of(entries)
}

// Entry returns the entry with a key; found is false if there is none.
func (c *Catalog) Entry(key string) (e Entry, found bool) {
	i, found := c.byKey[key]
	if !found {
		return Entry{}, false
	}
	return c.entries[i], true
}

// Search lists the entries of a category whose name contains text, in any case. An empty text or category matches all.
// Entries of the wizard are not listed.
func (c *Catalog) Search(text, category string) (list []Entry) {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, e := range c.entries {
		if !e.Wizard && strings.Contains(strings.ToLower(e.Name), text) && (category == "" || e.Category == category) {
			list = append(list, e)
		}
	}
	return list
}

// Categories lists the categories that have entries, sorted.
func (c *Catalog) Categories() (list []string) {
	for _, e := range c.entries {
		if !e.Wizard && !slices.Contains(list, e.Category) {
			list = append(list, e.Category)
		}
	}
	slices.Sort(list)
	return list
}
