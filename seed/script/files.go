package script

import (
	"embed"
	"fmt"
	"io/fs"
)

// Files holds the quickstart that Understudy is shipped with.
//
//go:embed quickstart.md offboarding.md
var Files embed.FS

// QuickstartFile is the name of the shipped quickstart within Files.
const QuickstartFile = "quickstart.md"

// Load reads a quickstart from a file system, such as Files or os.DirFS.
func Load(files fs.FS, name string) (*Script, error) {
	source, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read the quickstart: %w", err)
	}
	return Parse(name, source)
}

// Quickstart loads the quickstart that Understudy is shipped with.
func Quickstart() (*Script, error) { return Load(Files, QuickstartFile) }
