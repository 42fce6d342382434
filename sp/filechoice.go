package sp

import (
	"context"
	"strings"

	"understudy/seed/base/store"
)

// FileChange is a change to a file that needs a right on it.
type FileChange string

// The changes, as they are called within a sentence.
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

// FileFor gives a file to somebody who may change it in this way, for the form that asks how. Others are refused as the
// change itself refuses them.
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

// creating is the permission for something new, and the event of it.
func creating(kind FileKind) (p Permission, event string) {
	switch kind {
	case KindWorkspace:
		return CreateWorkspace, "CREATE_WORKSPACE"
	case KindFolder:
		return CreateFolders, "CREATE_FOLDER"
	}
	return CreateWorkbooks, "CREATE_WORKBOOK"
}

// MayCreate refuses whose account type does not allow new workspaces, folders or workbooks, as the creation itself does.
func (o *Organization) MayCreate(ctx context.Context, by Actor, kind FileKind) error {
	return o.read(ctx, by, func(_ *store.Tx, v viewer) error { return v.mayCreate(kind, "") })
}

func (v viewer) mayCreate(kind FileKind, name string) error {
	p, event := creating(kind)
	return v.require(p, ObjectInteractions, event, Object{string(kind), "", name})
}
