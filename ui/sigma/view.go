package sigma

import (
	"fmt"
	"time"

	"understudy/ui/kit"
)

// At is the path prefix of all links of a page. It names the half, the lab and the window: "/sigma/demo~2".
type At string

// To returns the path of a page of the half. It joins the parts without separators.
func (at At) To(parts ...string) string {
	path := string(at)
	for _, p := range parts {
		path += p
	}
	return path
}

// Errors are the errors of a form, by field.
type Errors = kit.Errors

// ErrorsOf returns what a form shows of an error.
func ErrorsOf(err error) Errors { return kit.ErrorsOf(err) }

// Paging says which page of a list is shown.
type Paging struct {
	Number int // from 1
	Size   int // entries of a full page
	Shown  int // entries of this page
	Total  int // entries of all pages
}

// pager returns the control that leads through the pages of a list. link returns the address of a page.
func (p Paging) pager(noun string, link func(page int) string) kit.Pager {
	k := kit.Pager{Noun: noun, Total: p.Total}
	if p.Shown > 0 {
		k.First = (p.Number-1)*p.Size + 1
		k.Last = k.First + p.Shown - 1
	}
	if p.Number > 1 {
		k.Prev = link(p.Number - 1)
	}
	if p.Number*p.Size < p.Total {
		k.Next = link(p.Number + 1)
	}
	return k
}

// FileKind is the kind of a file. The values are those of package sp.
type FileKind string

// The kinds of file.
const (
	Workspace FileKind = "workspace"
	FolderDir FileKind = "folder"
	HomeDir   FileKind = "home" // My Documents of a member
	Document  FileKind = "workbook"
)

func (k FileKind) label() string {
	switch k {
	case Workspace:
		return "Workspace"
	case FolderDir:
		return "Folder"
	case HomeDir:
		return "My Documents"
	}
	return "Workbook"
}

func (k FileKind) icon() string {
	switch k {
	case Workspace:
		return "briefcase"
	case FolderDir, HomeDir:
		return "folder"
	}
	return "chart-column"
}

// when writes a time: "2 Jan 2006, 15:04" in UTC.
func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2 Jan 2006, 15:04")
}

// day writes a date: "2 Jan 2006" in UTC.
func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2 Jan 2006")
}

// count writes a number with its noun: "1 member", "3 members".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func onOff(on bool) string {
	if on {
		return "On"
	}
	return "Off"
}
