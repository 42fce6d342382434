package script

import (
	"embed"
	"fmt"
	"io/fs"
)

// Files holds the guides that Understudy ships with.
//
//go:embed *.md
var Files embed.FS

// QuickstartFile is the name of the quickstart within Files.
const QuickstartFile = "quickstart.md"

// Load reads and parses a guide from a file system, such as [Files] or os.DirFS. A mistake in the file is an [*Error].
func Load(files fs.FS, name string) (*Script, error) {
	source, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read the guide: %w", err)
	}
	return Parse(name, source)
}

// Quickstart loads the quickstart that Understudy ships with.
func Quickstart() (*Script, error) { return Load(Files, QuickstartFile) }
