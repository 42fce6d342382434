package codelab

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// CopyPictures copies the pictures of a guide from one folder to another. It lists the pictures that the first folder
// does not contain. An empty name of the first folder means that there are no pictures to copy.
func CopyPictures(d *Document, from, to string) (missing []string, err error) {
	if from == "" {
		return nil, nil
	}
	copied := map[string]bool{}
	for _, image := range d.Images() {
		name := filepath.Base(image.Src)
		if copied[name] {
			continue
		}
		copied[name] = true
		err := copyFile(filepath.Join(from, name), filepath.Join(to, name))
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
		} else if err != nil {
			return missing, fmt.Errorf("copy %s: %w", name, err)
		}
	}
	return missing, nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // read only: nothing can be lost
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}
