package idp

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed catalog/*.yaml
var catalogFiles embed.FS

// embeddedCatalog reads the data files once; every lab shares them.
var embeddedCatalog = sync.OnceValues(func() (*Catalog, error) {
	names, err := fs.Glob(catalogFiles, "catalog/*.yaml")
	if err != nil {
		return nil, err
	}
	c := &Catalog{byKey: map[string]int{}}
	for _, name := range names {
		text, err := fs.ReadFile(catalogFiles, name)
		if err != nil {
			return nil, err
		}
		var e Entry
		if err := yaml.UnmarshalWithOptions(text, &e, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.entries = append(c.entries, e)
	}
	slices.SortFunc(c.entries, func(a, b Entry) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	for i, e := range c.entries {
		c.byKey[e.Key] = i
	}
	return c, nil
})

// Catalog gives the app catalog.
func (o *Org) Catalog() *Catalog { return o.catalog }

// Entry gives an entry by its key.
func (c *Catalog) Entry(key string) (Entry, bool) {
	i, found := c.byKey[key]
	if !found {
		return Entry{}, false
	}
	return c.entries[i], true
}

// Search finds entries by name within a category; both may be empty. What the wizard makes is not in the catalog.
func (c *Catalog) Search(text, category string) (list []Entry) {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, e := range c.entries {
		if !e.Wizard && strings.Contains(strings.ToLower(e.Name), text) && (category == "" || e.Category == category) {
			list = append(list, e)
		}
	}
	return list
}

// Categories lists the categories in use.
func (c *Catalog) Categories() (list []string) {
	for _, e := range c.entries {
		if !e.Wizard && !slices.Contains(list, e.Category) {
			list = append(list, e.Category)
		}
	}
	slices.Sort(list)
	return list
}
