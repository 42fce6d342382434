package content

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"understudy/seed/scenario"
)

// appText matches the texts of app files: scenarios do not have this key at the left margin.
var appText = regexp.MustCompile(`(?m)^signOnMode:`)

// kindOf tells scenarios, guides and apps apart.
func kindOf(path string, text []byte) Kind {
	switch {
	case filepath.Ext(path) == ".md":
		return Guides
	case filepath.Base(filepath.Dir(path)) == string(Apps), appText.Match(text):
		return Apps
	}
	return Scenarios
}

// CheckFile reads a file as a library does, wherever it is. Apps of a scenario are looked for in the folder apps beside the scenario's
// folder, too. try creates a lab from a scenario, and reports what does not work.
func CheckFile(path string, try func(scenario.Scenario) error) error {
	text, err := readBounded(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	kind := kindOf(path, text)
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	f := &file{id: fileID{kind, name}, path: path}
	if f.read(text); f.err != nil {
		return f.err
	}
	l := BuiltInOnly()
	l.folders = append(l.folders, newFolder(Folder, os.DirFS(filepath.Dir(filepath.Dir(path)))))
	l.Try(try)
	return l.tryScenario(f)
}

// Try sets the function that creates a lab from a scenario before the scenario is taken. Call Try before the library is used.
func (l *Library) Try(try func(scenario.Scenario) error) { l.try = try }

// tryScenario creates a lab from the scenario of a file.
func (l *Library) tryScenario(f *file) error {
	if f.id.kind != Scenarios || l.try == nil {
		return nil
	}
	s, err := l.completed(f)
	if err != nil {
		return err
	}
	return l.try(s)
}
