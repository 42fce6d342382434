package content

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"understudy/seed/base/problem"
)

// maxUploads is how many files can be uploaded, of all kinds together.
const maxUploads = 200

var errNoUploads = problem.New(problem.Forbidden, "This server takes no files. Start it with a data directory.")

// Add checks an uploaded file and takes it into the library. fileName decides its name and kind: .md is a guide, .yaml is a scenario
// unless kind is Apps or the text is one of an app. Invalid at the field file when the file has a mistake or its name is taken; an uploaded file of the same
// name is replaced.
func (l *Library) Add(kind Kind, fileName string, text []byte) (Item, error) {
	extension := filepath.Ext(fileName)
	switch {
	case extension == ".md":
		kind = Guides
	case extension != ".yaml" && extension != ".yml":
		return Item{}, problem.InvalidField("file", "Choose a file whose name ends in .md (a guide) or .yaml (a scenario or a catalog app).")
	case kind != Apps:
		kind = kindOf(fileName, text)
	}
	name := strings.TrimSuffix(path.Base(filepath.ToSlash(fileName)), extension)
	f := &file{id: fileID{kind, name}, path: path.Join(string(kind), name+kind.extension())}
	if len(text) > MaxFile {
		return Item{}, problem.InvalidField("file", fmt.Sprintf("The file is larger than %d kB. Choose a smaller file.", MaxFile>>10))
	}
	f.read(text)
	if f.err == nil {
		f.err = l.tryScenario(f)
	}
	if f.err != nil {
		return Item{}, problem.InvalidField("file", "The file has a mistake. Correct it and upload it again. "+f.err.Error())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.store(f, text)
}

// store writes a checked file to the folder of uploads. The caller holds the lock.
func (l *Library) store(f *file, text []byte) (Item, error) {
	if l.uploads == "" {
		return Item{}, errNoUploads
	}
	uploaded, err := l.refreshUploads(f.id.kind)
	if err != nil {
		return Item{}, err
	}
	for _, folder := range l.folders {
		folder.refresh(f.id.kind)
		if _, taken := folder.files[f.id]; taken && folder.origin != Uploaded {
			return Item{}, problem.InvalidField("file", fmt.Sprintf(
				"The name %s belongs to a file that is %s. Give the file another name.", f.id.name, folder.origin.describe()))
		}
	}
	if _, replaced := uploaded.files[f.id]; !replaced && len(uploaded.files) >= maxUploads {
		return Item{}, problem.InvalidField("file", fmt.Sprintf("The server keeps at most %d uploaded files. Remove one first.", maxUploads))
	}
	target := filepath.Join(l.uploads, filepath.FromSlash(f.path))
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return Item{}, fmt.Errorf("upload: %w", err)
	}
	if err := writeFile(target, text); err != nil {
		return Item{}, fmt.Errorf("upload: %w", err)
	}
	uploaded.checked = map[Kind]time.Time{}
	delete(uploaded.files, f.id) // a file of the same size and second is read again, too
	return f.item(Uploaded), nil
}

// refreshUploads returns the folder of uploads with all kinds read.
func (l *Library) refreshUploads(kind Kind) (*folder, error) {
	for _, folder := range l.folders {
		if folder.origin == Uploaded {
			for _, k := range []Kind{Scenarios, Guides, Apps} {
				folder.refresh(k)
			}
			return folder, nil
		}
	}
	return nil, errNoUploads
}

// writeFile writes a temporary file and renames it, so that nobody reads half of it.
func writeFile(target string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(target), "new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), target)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// Remove deletes an uploaded file. Labs keep the scenario that they were created from. NotFound when there is no such file.
func (l *Library) Remove(kind Kind, name string) error {
	missing := problem.New(problem.NotFound, "There is no uploaded file with that name.")
	if l.uploads == "" || !validName.MatchString(name) || !kind.valid() {
		return missing
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	err := os.Remove(filepath.Join(l.uploads, string(kind), name+kind.extension()))
	if errors.Is(err, fs.ErrNotExist) {
		return missing
	}
	for _, folder := range l.folders {
		if folder.origin == Uploaded {
			folder.checked = map[Kind]time.Time{}
		}
	}
	return err
}

func (k Kind) valid() bool { return k == Scenarios || k == Guides || k == Apps }

// describe completes the sentence "The file is …".
func (o Origin) describe() string {
	switch o {
	case BuiltIn:
		return "built in"
	case Folder:
		return "in the content folder"
	}
	return "uploaded"
}
