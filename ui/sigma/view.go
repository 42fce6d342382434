// Package sigma holds the pages of the Sigma half as templ components. They take plain view data and types of package sp,
// and know neither request nor storage.
package sigma

import (
	"fmt"
	"time"

	"understudy/sp"
	"understudy/ui/kit"
)

// At is the path prefix of the half within the window, of which a page makes its links: "/sigma/demo~2".
type At string

// To gives the address of a path of the half.
func (at At) To(parts ...string) string {
	path := string(at)
	for _, p := range parts {
		path += p
	}
	return path
}

// File gives the address at which a file opens.
func (at At) File(f sp.File) string {
	if f.Kind == sp.KindWorkbook {
		return at.To("/workbook/", f.URLID)
	}
	return at.To("/folder/", f.ID)
}

// Errors is what a form could not take.
type Errors = kit.Errors

// ErrorsOf turns a half's error into what a form shows.
func ErrorsOf(err error) Errors { return kit.ErrorsOf(err) }

// when writes a time of the lab.
func when(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2 Jan 2006, 15:04")
}

// day writes a date of the lab.
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

// kindLabel names a kind of file.
func kindLabel(k sp.FileKind) string {
	switch k {
	case sp.KindWorkspace:
		return "Workspace"
	case sp.KindFolder:
		return "Folder"
	case sp.KindHome:
		return "My Documents"
	}
	return "Workbook"
}

func kindIcon(k sp.FileKind) string {
	switch k {
	case sp.KindWorkspace:
		return "briefcase"
	case sp.KindFolder, sp.KindHome:
		return "folder"
	}
	return "chart-column"
}
