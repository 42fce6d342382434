package sp

import (
	"context"
	"strings"

	"understudy/seed/base/store"
)

// FileChange is a change to a file that needs a right on it.
type FileChange string

// The changes, as verbs within a sentence.
const (
	ToRename FileChange = "rename"
	ToMove   FileChange = "move"
	ToDelete FileChange = "delete"
	ToShare  FileChange = "share"
)

func (c FileChange) allowed(r Rights) bool {
	switch c {
	case ToRename:
		return r.Rename
	case ToMove:
		return r.Move
	case ToDelete:
		return r.Delete
	case ToShare:
		return r.Share
	}
	return false
}

// FileFor returns a file for the form of a change. It makes the same checks as the change, so that an actor who may not make
// the change does not get the form.
func (o *Organization) FileFor(ctx context.Context, by Actor, c FileChange, id string) (f File, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err = changeable(tx, v, c, id)
		return err
	})
	return f, err
}

func changeable(tx *store.Tx, v viewer, c FileChange, id string) (File, error) {
	if c == ToShare {
		f, err := openFile(tx, v, id)
		if err != nil {
			return f, err
		}
		if err := v.require(ShareDocuments, ObjectInteractions, "SHARE", Object{string(f.Kind), f.ID, f.Name}); err != nil {
			return f, err
		}
	}
	return editable(tx, v, id, string(c), strings.ToUpper(string(c)), c.allowed)
}

// creating returns the permission and the event for a new file of a kind.
func creating(kind FileKind) (p Permission, event string) {
	switch kind {
	case KindWorkspace:
		return CreateWorkspace, "CREATE_WORKSPACE"
	case KindFolder:
		return CreateFolders, "CREATE_FOLDER"
	}
	return CreateWorkbooks, "CREATE_WORKBOOK"
}

// MayCreate returns an error if the actor's account type does not allow new files of a kind.
func (o *Organization) MayCreate(ctx context.Context, by Actor, kind FileKind) error {
	return o.read(ctx, by, func(_ *store.Tx, v viewer) error { return v.mayCreate(kind, "") })
}

func (v viewer) mayCreate(kind FileKind, name string) error {
	p, event := creating(kind)
	return v.require(p, ObjectInteractions, event, Object{string(kind), "", name})
}
