package content

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"understudy/idp/catalog"
	"understudy/seed/scenario"
	"understudy/seed/script"
)

// MaxFile is the largest size of a scenario, guide or app, in bytes. A form with the file in it fits into the limit of forms.
const MaxFile = 1000 << 10

// maxFiles is the largest number of files that the library reads from one folder of a kind.
const maxFiles = 500

// validName matches the names of files: they stand in addresses, in file names and on command lines.
var validName = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]{0,58}[a-z0-9])?$`)

const nameRule = "the name of the file has up to 60 small letters, digits, hyphens and underscores"

type fileID struct {
	kind Kind
	name string
}

// file is one file as it was read. A mistake that comes later leaves the good version in place.
type file struct {
	id       fileID
	path     string
	stamp    string // changes with the file
	good     bool   // one of the following is set
	scenario scenario.Scenario
	guide    *script.Script
	app      catalog.Entry
	err      error // in the present version
}

const builtInStamp = "built-in"

// folder is the files of one origin.
type folder struct {
	origin  Origin
	files   map[fileID]*file
	source  fs.FS
	checked map[Kind]time.Time // when the folder of a kind was looked at last
}

func newFolder(origin Origin, source fs.FS) *folder {
	return &folder{origin: origin, source: source, files: map[fileID]*file{}, checked: map[Kind]time.Time{}}
}

func (k Kind) extension() string {
	if k == Guides {
		return ".md"
	}
	return ".yaml"
}

// refresh reads what has changed. Built-in files are read once.
func (f *folder) refresh(kind Kind) {
	last := f.checked[kind]
	if !last.IsZero() && (f.origin == BuiltIn || time.Since(last) < readEvery) {
		return
	}
	f.checked[kind] = time.Now()
	entries, err := fs.ReadDir(f.source, string(kind)) // a folder that does not exist is empty
	if err != nil {
		entries = nil
	}
	seen := map[fileID]bool{}
	for _, entry := range entries {
		name, fits := strings.CutSuffix(entry.Name(), kind.extension())
		if !fits || entry.IsDir() || len(seen) >= maxFiles {
			continue
		}
		id := fileID{kind, name}
		seen[id] = true
		f.readIfChanged(id, entry)
	}
	for id := range f.files {
		if id.kind == kind && !seen[id] {
			delete(f.files, id)
		}
	}
}

// readIfChanged reads a file unless its time and size are as they were.
func (f *folder) readIfChanged(id fileID, entry fs.DirEntry) {
	stamp := builtInStamp
	if f.origin != BuiltIn {
		info, err := entry.Info()
		if err != nil {
			return // it was deleted in the meantime
		}
		stamp = fmt.Sprint(info.ModTime().UnixNano(), info.Size())
	}
	known := f.files[id]
	if known != nil && known.stamp == stamp {
		return
	}
	if known == nil {
		known = &file{id: id, path: path.Join(string(id.kind), entry.Name())}
		f.files[id] = known
	}
	known.stamp = stamp
	text, err := readBounded(f.source, known.path)
	if err != nil {
		known.err = fmt.Errorf("%s: %w", known.path, err)
		return
	}
	known.read(text)
}

func readBounded(source fs.FS, name string) (text []byte, err error) {
	opened, err := source.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = opened.Close() }() // read only
	text, err = io.ReadAll(io.LimitReader(opened, MaxFile+1))
	if err == nil && len(text) > MaxFile {
		err = fmt.Errorf("the file is larger than %d kB; make it smaller", MaxFile>>10)
	}
	return text, err
}

// read parses a version of the file.
func (f *file) read(text []byte) {
	parsed := *f
	parsed.err = nil
	parsed.parse(text)
	if parsed.err != nil {
		f.err = parsed.err
		return
	}
	parsed.good = true
	*f = parsed
}

func (f *file) parse(text []byte) {
	if !validName.MatchString(f.id.name) {
		f.err = fmt.Errorf("%s: %s", f.path, nameRule)
		return
	}
	switch f.id.kind {
	case Scenarios:
		f.scenario, f.err = scenario.Parse(f.id.name, string(text))
	case Guides:
		f.guide, f.err = script.Parse(f.path, text)
	case Apps:
		if own, err := catalog.Embedded(); err == nil && f.stamp == builtInStamp {
			f.app, _ = own.Entry(f.id.name)
			return
		}
		f.app, f.err = scenario.ParseApp(f.id.name, string(text))
	}
}

func (f *file) title() string {
	switch f.id.kind {
	case Scenarios:
		return f.scenario.Title
	case Guides:
		if f.guide != nil {
			return f.guide.Title
		}
	case Apps:
		return f.app.Name
	}
	return ""
}

func (f *file) item(origin Origin) Item {
	item := Item{Kind: f.id.kind, Name: f.id.name, Title: f.title(), Origin: origin, Err: f.err}
	if item.Title == "" {
		item.Title = f.id.name
	}
	if f.guide != nil {
		item.Summary, item.Needs = f.guide.Meta["summary"], f.guide.Scenario
	}
	return item
}

func (f *folder) sorted(kind Kind) (list []*file) {
	for id, known := range f.files {
		if id.kind == kind {
			list = append(list, known)
		}
	}
	slices.SortFunc(list, func(a, b *file) int { return strings.Compare(a.id.name, b.id.name) })
	return list
}
