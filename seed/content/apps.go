package content

import (
	"reflect"
	"slices"

	"understudy/idp/catalog"
	"understudy/seed/scenario"
)

// Catalog returns the app catalog of the server: the program's entries and those of app files. New files appear in it; an app that
// was added keeps its entry when the file changes or goes.
func (l *Library) Catalog() *catalog.Catalog {
	own, err := catalog.Embedded()
	if err != nil {
		panic(err) // a mistake in a file of the program, which its tests find
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var entries []catalog.Entry
	for _, folder := range l.folders {
		if folder.origin == BuiltIn {
			continue
		}
		folder.refresh(Apps)
		for _, f := range folder.sorted(Apps) {
			if f.good {
				entries = append(entries, f.app)
			}
		}
	}
	if reflect.DeepEqual(entries, l.catalogOf) && l.catalog != nil {
		return l.catalog
	}
	l.catalog, l.catalogOf = own.With(entries), entries
	return l.catalog
}

// completion is a scenario with the catalog entries that its apps use.
type completion struct {
	text     string // of the file
	with     []catalog.Entry
	scenario scenario.Scenario
}

// completed returns the scenario of a file with the catalog entries of all its apps, so that a lab can be reset after the
// files of the apps have gone.
func (l *Library) completed(f *file) (scenario.Scenario, error) {
	s := f.scenario
	used, err := l.entriesOf(s)
	if err != nil || len(used) == 0 {
		return s, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.complete[s.Name]; known.text == s.Text && reflect.DeepEqual(used, known.with) {
		return known.scenario, nil
	}
	text := s.Text
	s.Okta.Catalog = append(slices.Clone(s.Okta.Catalog), used...)
	if s.Text, err = scenario.Format(s); err != nil {
		return s, err
	}
	if s, err = scenario.Parse(s.Name, s.Text); err == nil {
		l.complete[s.Name] = completion{text, used, s}
	}
	return s, err
}

// entriesOf returns the entries of app files that the apps of a scenario use.
func (l *Library) entriesOf(s scenario.Scenario) (used []catalog.Entry, err error) {
	own, err := catalog.Embedded()
	if err != nil {
		return nil, err
	}
	there := own.With(s.Okta.Catalog)
	for _, app := range s.Okta.Apps {
		has := func(e catalog.Entry) bool { return e.Key == app.CatalogKey }
		if _, known := there.Entry(app.CatalogKey); known || slices.ContainsFunc(used, has) {
			continue
		}
		if entry, known := l.Catalog().Entry(app.CatalogKey); known {
			used = append(used, entry)
		}
	}
	return used, nil
}
