package lab

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"understudy/seed/base/problem"
)

// An exported lab is one file: the SQLite file compressed with gzip, with transferMark as the comment of the gzip header.
const (
	transferMark = "understudy lab 1"
	// TransferExtension is the extension of exported labs.
	TransferExtension = ".understudy"
	// TransferMaximum is the largest size of the database in an exported file, in bytes.
	TransferMaximum = 512 << 20
)

// Export writes the lab as it is now to w, as one file.
func (r *Registry) Export(ctx context.Context, name string, w io.Writer) error {
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	data, err := l.DB.Serialize(ctx)
	if err != nil {
		return fmt.Errorf("export %s: %w", name, err)
	}
	zip := gzip.NewWriter(w)
	zip.Name, zip.Comment = name+".db", transferMark
	if _, err := zip.Write(data); err != nil {
		return fmt.Errorf("export %s: %w", name, err)
	}
	return zip.Close()
}

func damaged(what string) error {
	return problem.InvalidField("file", "This file cannot be imported: "+what+" Nothing was changed.")
}

// importTime is how long the reading of an exported file may take.
const importTime = time.Minute

// Import creates a lab from an exported file. It copies the rows of the file into a new file that has this program's tables, so
// that nothing else of the file survives: no trigger, view, index, constraint or generated column. Invalid at the field file when
// the file is damaged, is no lab, or comes from a newer program; Invalid at the field name, or Conflict, when the name is not
// valid or is taken. An error changes nothing.
func (r *Registry) Import(ctx context.Context, name string, from io.Reader) error {
	if !validName.MatchString(name) {
		return errLabName
	}
	if r.Exists(name) {
		return errTaken(name)
	}
	return r.readTransfer(ctx, name, from, func(path string) error { return r.settle(name, path) })
}

// ImportInto is Import for a lab that exists. The lab as it was is kept as a checkpoint. People whom the file contains stay signed in.
func (r *Registry) ImportInto(ctx context.Context, name string, from io.Reader) error {
	ctx, done, err := r.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	return r.readTransfer(ctx, name, from, func(path string) error {
		if _, err := r.SaveCheckpoint(ctx, name, "Before another lab was imported", ""); err != nil {
			return err
		}
		return r.restore(ctx, name, path)
	})
}

// readTransfer makes a lab's file from an exported one, and lets use put it into its place.
func (r *Registry) readTransfer(ctx context.Context, name string, from io.Reader, use func(path string) error) error {
	ctx, cancel := context.WithTimeout(ctx, importTime)
	defer cancel()
	scratch, err := os.MkdirTemp(filepath.Join(r.dir, "templates"), "import-*")
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	source, path := filepath.Join(scratch, "source.db"), filepath.Join(scratch, "lab.db")
	oldName, err := unpack(source, from)
	if err != nil {
		return err
	}
	if err := copyLab(ctx, source, path); err != nil {
		return err
	}
	l, err := open(ctx, name, path, r.config) // applies missing migrations
	if err != nil {
		return errNotWhole
	}
	checked := l.check(ctx)
	if checked == nil {
		checked = l.followAddress(ctx, oldName)
	}
	if err := l.close(); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if checked != nil {
		return errNotWhole
	}
	return use(path)
}

// check reads everything without which the pages of a lab fail: card, scenario, and the state of both halves.
func (l *Lab) check(ctx context.Context) error {
	if _, err := l.Identities(ctx); err != nil {
		return err
	}
	if _, err := l.origin(ctx); err != nil {
		return err
	}
	_, err := l.View(ctx)
	return err
}

func errTaken(name string) error {
	return problem.New(problem.Conflict, "There is already a lab named "+name+".")
}

// settle links a finished file to a lab's name in one step, so that a crash leaves no incomplete lab.
func (r *Registry) settle(name, path string) error {
	r.publics.forget(name) // of a deleted lab; nobody can open the new one yet
	err := os.Link(path, r.path(name))
	if errors.Is(err, fs.ErrExist) {
		return errTaken(name)
	}
	if err != nil {
		return fmt.Errorf("make lab %s: %w", name, err)
	}
	return nil
}

// unpack writes the database of an exported lab to a file, and returns the name that the lab had.
func unpack(path string, from io.Reader) (oldName string, err error) {
	zip, err := gzip.NewReader(from)
	if err != nil || zip.Comment != transferMark {
		return "", damaged("it was not exported from a lab.")
	}
	oldName = strings.TrimSuffix(zip.Name, ".db")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("import: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	n, err := io.Copy(file, io.LimitReader(zip, TransferMaximum+1))
	switch {
	case err != nil:
		return "", damaged("it is incomplete, or its checksum is wrong.")
	case n > TransferMaximum:
		return "", damaged("it is too large.")
	}
	return oldName, nil
}

// ExportName returns the file name of an exported lab.
func ExportName(name string) string {
	return strings.TrimSuffix(name, TransferExtension) + TransferExtension
}
