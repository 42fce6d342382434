package content

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"understudy/idp/catalog"
	"understudy/seed/base/problem"
	"understudy/seed/scenario"
	"understudy/seed/script"
)

// Origin tells where a file of the library comes from.
type Origin string

// The origins, in the order in which the library looks for a name.
const (
	BuiltIn  Origin = "built-in"
	Folder   Origin = "folder"
	Uploaded Origin = "uploaded"
)

// Kind is a kind of file.
type Kind string

// The kinds, as the names of their folders.
const (
	Scenarios Kind = "scenarios"
	Guides    Kind = "guides"
	Apps      Kind = "apps"
)

// Item is one file of the library.
type Item struct {
	Kind    Kind
	Name    string // file name without extension
	Title   string
	Summary string // of a guide
	Origin  Origin
	Needs   string // the scenario that a guide begins in; empty for scenarios and apps
	Err     error  // the file has a mistake; an earlier version of it may still be in use
}

// Library holds the content of a server. It is safe for concurrent use.
type Library struct {
	mu      sync.Mutex
	folders []*folder
	uploads string // folder of uploaded files; empty for none

	catalog   *catalog.Catalog // the last result of Catalog
	catalogOf []catalog.Entry  // the entries of files in it

	complete map[string]completion // of scenarios that use app files, by name
	try      func(scenario.Scenario) error
}

// Open reads the built-in content and the folders. dir is the folder of the instructor's files and uploads the one of uploaded
// files; either may be empty. The error lists the mistakes in the files of dir.
func Open(dir, uploads string) (*Library, error) {
	l := BuiltInOnly()
	if dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("%s is not a folder; give the folder of your scenarios and guides with --content", dir)
		}
		l.folders = append(l.folders, newFolder(Folder, os.DirFS(dir)))
	}
	if uploads != "" {
		l.folders, l.uploads = append(l.folders, newFolder(Uploaded, os.DirFS(uploads))), uploads
	}
	var errs []error
	for _, f := range l.folders {
		if f.origin != Folder {
			continue // built-in files are read when they are needed
		}
		for _, kind := range []Kind{Scenarios, Guides, Apps} {
			f.refresh(kind)
			for _, file := range f.sorted(kind) {
				errs = append(errs, file.err)
			}
		}
	}
	return l, errors.Join(errs...)
}

// BuiltInOnly returns the library of the program's own files.
func BuiltInOnly() *Library {
	return &Library{folders: []*folder{newFolder(BuiltIn, builtIn{})}, complete: map[string]completion{}}
}

// Scenario returns the scenario with a name. NotFound when there is none.
func (l *Library) Scenario(name string) (scenario.Scenario, error) {
	f, err := l.file(Scenarios, name)
	if err != nil {
		return scenario.Scenario{}, err
	}
	return l.completed(f)
}

// Guide returns the guide with a name: the same script until its file changes. NotFound when there is none.
func (l *Library) Guide(name string) (*script.Script, error) {
	f, err := l.file(Guides, name)
	if err != nil {
		return nil, err
	}
	return f.guide, nil
}

// App returns the catalog app with a key. NotFound when there is none.
func (l *Library) App(key string) (catalog.Entry, error) {
	f, err := l.file(Apps, key)
	if err != nil {
		return catalog.Entry{}, err
	}
	return f.app, nil
}

// Choice is what a lab is created from.
type Choice struct {
	Scenario scenario.Scenario
	Guides   []string // names; at least one
}

// Choose finds a scenario and guides by their names. Without guides it is the quickstart. Without a scenario it is the one that the
// first guide begins in. The error has the field scenario or guide.
func (l *Library) Choose(scenarioName string, guides []string) (c Choice, err error) {
	c.Guides = slices.Clone(guides)
	if len(c.Guides) == 0 {
		c.Guides = []string{"quickstart"}
	}
	for i, name := range c.Guides {
		read, err := l.Guide(name)
		if err != nil {
			return c, atField("guide", err)
		}
		if scenarioName == "" && i == 0 {
			scenarioName = read.Scenario
		}
	}
	c.Scenario, err = l.Scenario(cmp.Or(scenarioName, scenario.Starter))
	return c, atField("scenario", err)
}

func atField(field string, err error) error {
	if p := problem.As(err); p != nil {
		return problem.InvalidField(field, p.Message)
	}
	return err
}

// file returns the good version of a file.
func (l *Library) file(kind Kind, name string) (*file, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, folder := range l.folders {
		folder.refresh(kind)
		f := folder.files[fileID{kind, name}]
		switch {
		case f == nil:
		case f.good:
			good := *f // the next refresh may change the file
			return &good, nil
		default:
			return nil, problem.New(problem.Conflict, f.err.Error())
		}
	}
	return nil, problem.New(problem.NotFound, "There is no "+kind.singular()+" named "+name+".")
}

func (k Kind) singular() string { return strings.TrimSuffix(string(k), "s") }

// Items lists all files of the kinds, or of all kinds, sorted by origin, kind and title.
func (l *Library) Items(kinds ...Kind) (list []Item) {
	if len(kinds) == 0 {
		kinds = []Kind{Scenarios, Guides, Apps}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := map[fileID]Origin{}
	for _, folder := range l.folders {
		for _, kind := range kinds {
			folder.refresh(kind)
			for _, f := range folder.sorted(kind) {
				item := f.item(folder.origin)
				if first, isTaken := taken[f.id]; isTaken && item.Err == nil {
					item.Err = fmt.Errorf("%s: the name %s belongs to a file that is %s; choose another file name", f.path, f.id.name, first.describe())
				}
				taken[f.id] = cmp.Or(taken[f.id], folder.origin)
				list = append(list, item)
			}
		}
	}
	return list
}

// Usable lists the files of a kind that a lab can use.
func (l *Library) Usable(kind Kind) []Item {
	return slices.DeleteFunc(l.Items(kind), func(i Item) bool { return i.Err != nil })
}

// Title returns the title of a file; its name when there is no such file.
func (l *Library) Title(kind Kind, name string) string {
	f, err := l.file(kind, name)
	if err != nil {
		return name
	}
	return cmp.Or(f.title(), name)
}

// builtIn has the program's own files in the folders of a content folder.
type builtIn struct{}

// Open implements fs.FS.
func (builtIn) Open(name string) (fs.File, error) {
	kind, base, nested := strings.Cut(name, "/")
	if !nested {
		base = "."
	}
	switch Kind(kind) {
	case Scenarios:
		return scenario.Files.Open(base)
	case Guides:
		return script.Files.Open(base)
	case Apps:
		return catalog.Files.Open(base)
	}
	return nil, fs.ErrNotExist
}

// readEvery is the shortest time between two looks at the files of a folder.
const readEvery = 500 * time.Millisecond
