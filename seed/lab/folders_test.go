package lab_test

import (
	"os"
	"path/filepath"
	"testing"

	"understudy/seed/lab"
)

// A file or a link in the place of a folder of the data directory is refused at the start: the server deletes files there.
func TestFoldersOfTheDataDirectoryAreFolders(t *testing.T) {
	for _, name := range []string{"labs", "templates", "checkpoints"} {
		elsewhere := t.TempDir()
		for what, place := range map[string]func(path string) error{
			"a file":                func(path string) error { return os.WriteFile(path, nil, 0o600) },
			"a link to a folder":    func(path string) error { return os.Symlink(elsewhere, path) },
			"a link that leads on":  func(path string) error { return os.Symlink("../..", path) },
			"a link to nothing":     func(path string) error { return os.Symlink(filepath.Join(elsewhere, "none"), path) },
			"a link back to itself": func(path string) error { return os.Symlink(name, path) },
		} {
			dir := t.TempDir()
			if err := place(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			r, err := lab.OpenRegistry(dir, lab.Config{})
			if err == nil {
				t.Errorf("%s instead of %s is accepted", what, name)
				_ = r.Close()
			}
		}
	}
}
