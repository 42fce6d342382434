package sp

import (
	"context"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// CreateWorkspace creates a workspace. Needs Create new workspace. Fields of an error: name.
func (o *Organization) CreateWorkspace(ctx context.Context, by Actor, name, description string) (f File, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.mayCreate(KindWorkspace, name); err != nil {
			return err
		}
		if name, err = checkFileName(name); err != nil {
			return err
		}
		taken, err := tx.Exists(`SELECT 1 FROM sigma_files WHERE kind = 'workspace' AND name = $1 AND trashed_ms = 0`, name)
		if err != nil {
			return err
		}
		if taken {
			return problem.InvalidField("name", "A workspace with this name already exists.")
		}
		f, err = addFile(tx, v, File{Kind: KindWorkspace, Name: name, Description: strings.TrimSpace(description),
			OwnerID: v.member.ID}, "", "CREATE_WORKSPACE")
		return err
	})
	return f, err
}

// CreateFolder creates a folder in parentID, or in My Documents if that is empty. Needs Create new folders. Fields of an
// error: name.
func (o *Organization) CreateFolder(ctx context.Context, by Actor, parentID, name string) (f File, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.mayCreate(KindFolder, name); err != nil {
			return err
		}
		if name, err = checkFileName(name); err != nil {
			return err
		}
		parent, err := placeFor(tx, v, parentID, "CREATE_FOLDER")
		if err != nil {
			return err
		}
		f, err = addFile(tx, v, File{Kind: KindFolder, ParentID: parent.ID, Name: name, OwnerID: v.member.ID},
			"", "CREATE_FOLDER")
		return err
	})
	return f, err
}

// placeFor opens the folder for a new or moved file.
func placeFor(tx *store.Tx, v viewer, parentID, event string) (File, error) {
	if parentID == "" {
		parentID = v.member.HomeFolderID
	}
	parent, err := editable(tx, v, parentID, "add to", event, func(r Rights) bool { return r.Edit })
	if err == nil && parent.Kind == KindWorkbook {
		return parent, problem.InvalidField("parentID", "Select a folder or workspace.")
	}
	return parent, err
}

// RenameFile renames a workspace, folder or document. Fields of an error: name.
func (o *Organization) RenameFile(ctx context.Context, by Actor, id, name string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err := changeable(tx, v, ToRename, id)
		if err != nil {
			return err
		}
		if name, err = checkFileName(name); err != nil {
			return err
		}
		if err := updateFile(tx, v, f.ID, filePatch{name: &name}); err != nil {
			return err
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "RENAME", Object: Object{string(f.Kind), f.ID, name},
			Detail: map[string]string{"before": f.Name}})
	})
}

// MoveFile moves a folder or document to another folder or workspace. Fields of an error: parentID.
func (o *Organization) MoveFile(ctx context.Context, by Actor, id, parentID string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err := changeable(tx, v, ToMove, id)
		if err != nil {
			return err
		}
		into, err := placeFor(tx, v, parentID, "MOVE")
		if err != nil {
			return err
		}
		for at := into; ; {
			if at.ID == f.ID {
				return problem.InvalidField("parentID", "A folder cannot be moved into itself.")
			}
			if at.ParentID == "" {
				break
			}
			if at, err = loadFile(tx, at.ParentID); err != nil {
				return err
			}
		}
		if err := updateFile(tx, v, f.ID, filePatch{parentID: &into.ID}); err != nil {
			return err
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "MOVE", Object: Object{string(f.Kind), f.ID, f.Name},
			Detail: map[string]string{"into": into.Name}})
	})
}

// DeleteFile moves a folder or document to the trash. The content of a deleted workspace moves to a folder in the actor's
// My Documents.
func (o *Organization) DeleteFile(ctx context.Context, by Actor, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err := changeable(tx, v, ToDelete, id)
		if err != nil {
			return err
		}
		if f.Kind == KindWorkspace {
			if err := emptyWorkspace(tx, v, f); err != nil {
				return err
			}
		}
		trashed := store.Millis(tx.Now())
		if err := updateFile(tx, v, f.ID, filePatch{trashedMs: &trashed}); err != nil {
			return err
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "DELETE", Object: Object{string(f.Kind), f.ID, f.Name}})
	})
}

// emptyWorkspace moves the content of a workspace to a folder in the viewer's My Documents, and detaches the workspace from
// its team.
func emptyWorkspace(tx *store.Tx, v viewer, f File) error {
	hasContent, err := tx.Exists(`SELECT 1 FROM sigma_files WHERE parent_id = $1 AND kind <> 'home'`, f.ID)
	if err != nil {
		return err
	}
	if hasContent {
		folder, err := insertFile(tx, File{Kind: KindFolder, ParentID: v.member.HomeFolderID, Name: f.Name, OwnerID: v.member.ID},
			"", v.member.ID)
		if err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE sigma_files SET parent_id = $1 WHERE parent_id = $2 AND kind <> 'home'`, folder.ID, f.ID); err != nil {
			return err
		}
	}
	return tx.Exec(`UPDATE sigma_teams SET workspace_id = '' WHERE workspace_id = $1`, f.ID)
}

// Trash lists the files in the trash that the actor owns, the latest first.
func (o *Organization) Trash(ctx context.Context, by Actor) (list []File, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		list, err = store.List(tx, scanFile, selectFiles+` WHERE f.trashed_ms > 0 AND f.owner_id = $1 AND f.kind <> 'home' AND f.kind <> 'workspace'
			ORDER BY f.trashed_ms DESC, f.id`, v.member.ID)
		return err
	})
	return list, err
}

// RecoverFile takes a file out of the trash. If its folder is in the trash, the file moves to My Documents.
func (o *Organization) RecoverFile(ctx context.Context, by Actor, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err := store.One(tx, "This is not in your trash.", scanFile,
			selectFiles+` WHERE f.id = $1 AND f.trashed_ms > 0 AND f.owner_id = $2 AND f.kind <> 'workspace'`, id, v.member.ID)
		if err != nil {
			return err
		}
		if trashed, err := inTrash(tx, f.ParentID); err != nil {
			return err
		} else if trashed {
			f.ParentID = v.member.HomeFolderID
		}
		if err := updateFile(tx, v, f.ID, filePatch{parentID: &f.ParentID, trashedMs: new(int64)}); err != nil {
			return err
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "RECOVER", Object: Object{string(f.Kind), f.ID, f.Name}})
	})
}

// checkFileName trims a name and checks its length.
func checkFileName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > 200 {
		return name, problem.InvalidField("name", "Enter a name of at most 200 characters.")
	}
	return name, nil
}

// filePatch has the new values of a file; nil keeps a value.
type filePatch struct {
	name, description, parentID, content *string
	trashedMs                            *int64 // 0: not in the trash
}

// updateFile changes a file, and sets when and by whom it was changed.
func updateFile(tx *store.Tx, v viewer, id string, p filePatch) error {
	return tx.Exec(`UPDATE sigma_files SET updated_ms = $1, updated_by = $2, version = version + 1,
		name = COALESCE($4, name), description = COALESCE($5, description), parent_id = COALESCE($6, parent_id),
		content = COALESCE($7, content), trashed_ms = COALESCE($8, trashed_ms) WHERE id = $3`,
		store.Millis(tx.Now()), v.member.ID, id, p.name, p.description, p.parentID, p.content, p.trashedMs)
}

// addFile inserts a file, returns it with the viewer's rights, and records the event.
func addFile(tx *store.Tx, v viewer, f File, content, event string) (File, error) {
	f, err := insertFile(tx, f, content, v.member.ID)
	if err != nil {
		return f, err
	}
	g, err := granted(tx, v, f)
	if err != nil {
		return f, err
	}
	f.Rights = v.rights(f, g)
	return f, record(tx, v.actor, Event{Type: ObjectInteractions, Name: event, Object: Object{string(f.Kind), f.ID, f.Name}})
}

// insertFile inserts a file, under a new identifier if it has none. by is the id of the member who creates it.
func insertFile(tx *store.Tx, f File, content, by string) (File, error) {
	if f.ID == "" {
		f.ID = tx.UUID()
	}
	f.URLID, f.CreatedAt, f.UpdatedAt, f.Version = tx.ShortID(22), tx.Now(), tx.Now(), 1
	return f, tx.Exec(`INSERT INTO sigma_files (id, url_id, kind, parent_id, name, description, owner_id, content,
		created_ms, updated_ms, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`,
		f.ID, f.URLID, string(f.Kind), f.ParentID, f.Name, f.Description, f.OwnerID, content,
		store.Millis(tx.Now()), by)
}
