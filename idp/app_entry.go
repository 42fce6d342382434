package idp

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"

	"understudy/idp/catalog"
)

// Catalog returns the app catalog.
func (o *Org) Catalog() *catalog.Catalog {
	if o.options.Catalog == nil {
		return o.catalog
	}
	return o.options.Catalog()
}

// Entry returns the catalog entry that an app was added from. An entry that is not the program's own is kept with the app, so that
// the app does not change when the catalog does.
func (o *Org) Entry(a App) catalog.Entry {
	if a.entry == "" {
		entry, _ := o.catalog.Entry(a.CatalogKey)
		return entry
	}
	if known, ok := o.entries.Load(a.entry); ok {
		if entry, ok := known.(catalog.Entry); ok {
			return entry
		}
	}
	var entry catalog.Entry
	if err := yaml.Unmarshal([]byte(a.entry), &entry); err != nil {
		return catalog.Entry{Key: a.CatalogKey, Name: a.Label, Label: a.Label, SignOnMode: a.SignOnMode}
	}
	o.entries.Store(a.entry, entry)
	return entry
}

// entryText returns what is stored with an app of an entry: nothing for an entry of the program.
func (o *Org) entryText(entry catalog.Entry) (string, error) {
	if _, own := o.catalog.Entry(entry.Key); own {
		return "", nil
	}
	text, err := yaml.MarshalWithOptions(entry, yaml.OmitEmpty())
	if err != nil {
		return "", fmt.Errorf("catalog entry %s: %w", entry.Key, err)
	}
	return string(text), nil
}

// seedCatalog returns the entries of apps that are not the program's own, each once.
func (o *Org) seedCatalog(apps []App) (list []catalog.Entry) {
	for _, a := range apps {
		known := func(e catalog.Entry) bool { return e.Key == a.CatalogKey }
		if a.entry != "" && !slices.ContainsFunc(list, known) {
			list = append(list, o.Entry(a))
		}
	}
	return list
}

// seedEntry finds the entry of an app of a scenario: the program's own ones come first, then those of the scenario.
func (o *Org) seedEntry(s Seed, key string) (entry catalog.Entry, known bool) {
	return o.catalog.With(s.Catalog).Entry(key)
}
