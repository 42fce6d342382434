package sp

import (
	"context"
	"errors"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// FileKind is the kind of a file in the tree.
type FileKind string

// The kinds of file.
const (
	KindWorkspace FileKind = "workspace"
	KindFolder    FileKind = "folder"
	KindHome      FileKind = "home" // a member's My Documents
	KindWorkbook  FileKind = "workbook"
)

// File is a workspace, folder or document in the tree.
type File struct {
	ID          string
	URLID       string // 22 base-62 letters
	Kind        FileKind
	ParentID    string
	Name        string
	Description string
	OwnerID     string
	OwnerName   string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	UpdatedBy   string // name
	Version     int64
	Rights      Rights
}

// Crumb is a folder above a file.
type Crumb struct {
	ID   string
	Kind FileKind
	Name string
}

// Folder is a workspace, folder or My Documents with the files in it that the actor can view, folders first.
type Folder struct {
	File
	Path  []Crumb // folders above, from the top
	Items []File
}

// Home is the first page: recent documents, folders and workspaces.
type Home struct {
	Recent     []File // opened documents, the latest first
	Folders    []File // folders in My Documents
	Workspaces []File
}

// Home returns the acting member's first page.
func (o *Organization) Home(ctx context.Context, by Actor) (h Home, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if h.Workspaces, err = workspaces(tx, v); err != nil {
			return err
		}
		if h.Recent, err = recents(tx, v, 12); err != nil {
			return err
		}
		h.Folders, err = visible(tx, v, `f.parent_id = $1 AND f.kind <> 'home' AND f.kind = 'folder'`, byName, v.member.HomeFolderID)
		return err
	})
	return h, err
}

// MyDocuments returns the acting member's own folder.
func (o *Organization) MyDocuments(ctx context.Context, by Actor) (d Folder, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if v.member.ID == "" {
			return problem.New(problem.Unauthenticated, "Sign in to continue.")
		}
		d, err = openFolder(tx, v, v.member.HomeFolderID)
		return err
	})
	return d, err
}

// SharedWithMe lists the files, without workspaces, that others granted to the acting member, their teams or everyone.
func (o *Organization) SharedWithMe(ctx context.Context, by Actor) (list []File, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		list, err = visible(tx, v, `f.kind <> 'workspace' AND f.owner_id <> $1
			AND f.id IN (SELECT g.file_id FROM sigma_grants g WHERE g.grantee_kind = 'member' AND g.grantee_id = $1 OR g.grantee_kind = 'everyone'
			OR g.grantee_kind = 'team' AND g.grantee_id IN (SELECT team_id FROM sigma_team_members WHERE member_id = $1))`,
			`ORDER BY f.kind, lower(f.name), f.id`, v.member.ID)
		return err
	})
	return list, err
}

// Recents lists the documents that the acting member opened, the latest first. limit is at most 100.
func (o *Organization) Recents(ctx context.Context, by Actor, limit int) (list []File, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		list, err = recents(tx, v, min(max(limit, 1), 100))
		return err
	})
	return list, err
}

func recents(tx *store.Tx, v viewer, limit int) ([]File, error) {
	return visible(tx, v, `f.kind = 'workbook' AND f.id IN (SELECT file_id FROM sigma_visits WHERE member_id = $1)`,
		`ORDER BY (SELECT at_ms FROM sigma_visits s WHERE s.member_id = $1 AND s.file_id = f.id) DESC, f.id LIMIT $2`,
		v.member.ID, limit)
}

// Workspaces lists the workspaces that the actor can view. Admins can view all.
func (o *Organization) Workspaces(ctx context.Context, by Actor) (list []File, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		list, err = workspaces(tx, v)
		return err
	})
	return list, err
}

func workspaces(tx *store.Tx, v viewer) ([]File, error) {
	return visible(tx, v, `f.kind = 'workspace'`, byName)
}

// Folder opens a workspace, folder or My Documents by id or URL id. Without the access Can view the error is Forbidden.
func (o *Organization) Folder(ctx context.Context, by Actor, id string) (d Folder, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		d, err = openFolder(tx, v, id)
		return err
	})
	return d, err
}

func openFolder(tx *store.Tx, v viewer, id string) (d Folder, err error) {
	if d.File, err = openFile(tx, v, id); err != nil {
		return d, err
	}
	if d.Kind == KindWorkbook {
		return d, problem.New(problem.NotFound, "There is no such folder.")
	}
	if d.Path, err = pathOf(tx, v, d.File); err != nil {
		return d, err
	}
	d.Items, err = visible(tx, v, `f.parent_id = $1 AND f.kind <> 'home'`,
		`ORDER BY CASE f.kind WHEN 'folder' THEN 0 ELSE 1 END, lower(f.name), f.id`, d.ID)
	return d, err
}

// Places lists the folders to which the actor can add a file, with the folders above them.
func (o *Organization) Places(ctx context.Context, by Actor) (list []Folder, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if v.member.ID == "" {
			return problem.New(problem.Unauthenticated, "Sign in to continue.")
		}
		files, err := visible(tx, v, `f.id = $1 OR f.kind IN ('workspace', 'folder')`,
			`ORDER BY CASE f.kind WHEN 'home' THEN 0 WHEN 'workspace' THEN 1 ELSE 2 END, lower(f.name), f.id`,
			v.member.HomeFolderID)
		for _, f := range files {
			if !f.Rights.Edit {
				continue
			}
			path, err := pathOf(tx, v, f)
			if err != nil {
				return err
			}
			list = append(list, Folder{File: f, Path: path})
		}
		return err
	})
	return list, err
}

// selectFiles reads files. The indexes of parent and owner leave out My Documents, of which each member has one, so a query that
// uses them has the condition kind <> 'home'.
const selectFiles = `SELECT f.id, f.url_id, f.kind, f.parent_id, f.name, f.description, f.owner_id,
	COALESCE((SELECT trim(first_name || ' ' || last_name) AS n FROM sigma_members m WHERE m.id = f.owner_id), ''),
	f.created_ms, f.updated_ms,
	COALESCE((SELECT trim(first_name || ' ' || last_name) AS n FROM sigma_members m WHERE m.id = f.updated_by), ''),
	f.version FROM sigma_files f`

// byName is the usual order of a list of files.
const byName = `ORDER BY lower(f.name), f.id`

func scanFile(r store.Row) (f File, err error) {
	var created, updated int64
	err = r.Scan(&f.ID, &f.URLID, &f.Kind, &f.ParentID, &f.Name, &f.Description, &f.OwnerID, &f.OwnerName,
		&created, &updated, &f.UpdatedBy, &f.Version)
	f.CreatedAt, f.UpdatedAt = store.Time(created), store.Time(updated)
	return f, err
}

// visible lists the files that match a condition, are not in the trash, and that the viewer can view. Each has its rights.
func visible(tx *store.Tx, v viewer, condition, order string, args ...any) ([]File, error) {
	all, err := store.List(tx, scanFile, selectFiles+` WHERE f.trashed_ms = 0 AND (`+condition+`) `+order, args...)
	if err != nil {
		return nil, err
	}
	var list []File
	seen, trashed := map[string]Access{}, map[string]bool{}
	for _, f := range all {
		g, err := accessTo(tx, v, f.ID, seen, 0)
		if err != nil {
			return nil, err
		}
		if f.Rights = v.rights(f, g); !f.Rights.View {
			continue
		}
		inTrashed, known := trashed[f.ParentID]
		if !known {
			if inTrashed, err = inTrash(tx, f.ParentID); err != nil {
				return nil, err
			}
			trashed[f.ParentID] = inTrashed
		}
		if !inTrashed {
			list = append(list, f)
		}
	}
	return list, nil
}

// inTrash reports whether a folder, or a folder above it, is in the trash.
func inTrash(tx *store.Tx, id string) (bool, error) {
	for depth := 0; id != "" && depth < 64; depth++ {
		var trashed int64
		var parent string
		if err := tx.QueryRow(`SELECT trashed_ms, parent_id FROM sigma_files WHERE id = $1`, id).Scan(&trashed, &parent); err != nil {
			return false, err
		}
		if trashed != 0 {
			return true, nil
		}
		id = parent
	}
	return false, nil
}

func loadFile(tx *store.Tx, id string) (File, error) {
	return store.One(tx, "There is no such document or folder.", scanFile,
		selectFiles+` WHERE (f.id = $1 OR f.url_id = $1) AND f.trashed_ms = 0`, id)
}

// openFile loads a file with the viewer's rights. It refuses viewers who cannot view the file.
func openFile(tx *store.Tx, v viewer, id string) (File, error) {
	f, err := loadFile(tx, id)
	if err != nil {
		return f, err
	}
	if trashed, err := inTrash(tx, f.ParentID); err != nil || trashed {
		return f, errors.Join(err, problem.New(problem.NotFound, "This document or folder is in the trash."))
	}
	g, err := granted(tx, v, f)
	if err != nil {
		return f, err
	}
	if f.Rights = v.rights(f, g); f.Rights.View {
		return f, nil
	}
	about := Object{string(f.Kind), f.ID, f.Name}
	if g >= CanView {
		return f, v.require(ViewWorkbooks, ObjectInteractions, "OPEN", about)
	}
	return f, v.refuse("NO_ACCESS", "You do not have access to this "+f.Kind.Word()+".",
		Event{Type: ObjectInteractions, Name: "OPEN", Object: about})
}

// editable loads a file for a change that needs a right. what is the change within a sentence, event its name in the audit
// log.
func editable(tx *store.Tx, v viewer, id, what, event string, allowed func(Rights) bool) (File, error) {
	f, err := openFile(tx, v, id)
	if err != nil || allowed(f.Rights) {
		return f, err
	}
	about := Object{string(f.Kind), f.ID, f.Name}
	if missing := f.Rights.Missing; len(missing) > 0 {
		return f, v.require(missing[len(missing)-1], ObjectInteractions, event, about) // the last permission enables the others
	}
	return f, v.refuse("NO_RIGHT", "You do not have permission to "+what+" this "+f.Kind.Word()+".",
		Event{Type: ObjectInteractions, Name: event, Object: about})
}

// Word is the kind as a word within a sentence.
func (k FileKind) Word() string {
	if k == KindHome {
		return "folder"
	}
	return string(k)
}

// pathOf returns the folders above a file, from the top, as far as the viewer can view them.
func pathOf(tx *store.Tx, v viewer, f File) ([]Crumb, error) {
	var path []Crumb
	for depth := 0; f.ParentID != "" && depth < 64; depth++ {
		parent, err := store.One(tx, "There is no such folder.", scanFile, selectFiles+` WHERE f.id = $1`, f.ParentID)
		if err != nil {
			return nil, err
		}
		g, err := granted(tx, v, parent)
		if err != nil {
			return nil, err
		}
		if g < CanView {
			break
		}
		path = append([]Crumb{{parent.ID, parent.Kind, parent.Name}}, path...)
		f = parent
	}
	return path, nil
}
