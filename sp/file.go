package sp

import (
	"context"
	"time"
)

// FileKind says what a place in the tree is.
type FileKind string

// The kinds.
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

// Crumb is a step of the way to a file.
type Crumb struct {
	ID   string
	Kind FileKind
	Name string
}

// Folder is a workspace, folder or My Documents with what the viewer may see in it, folders first.
type Folder struct {
	File
	Path  []Crumb
	Items []File
}

// Home is the first page: what the member opened last, their workspaces and folders.
type Home struct {
	Recent     []File // documents, newest visit first, then newest change
	Folders    []File // folders in My Documents
	Workspaces []File
}

// Home gives the acting member's first page.
func (o *Organization) Home(ctx context.Context, by Actor) (Home, error) { return Home{}, errTodo }

// MyDocuments gives the acting member's own folder.
func (o *Organization) MyDocuments(ctx context.Context, by Actor) (Folder, error) {
	return Folder{}, errTodo
}

// SharedWithMe lists what others granted to the acting member or their teams, outside of workspaces.
func (o *Organization) SharedWithMe(ctx context.Context, by Actor) ([]File, error) {
	return nil, errTodo
}

// Recents lists the documents that the acting member opened, newest first.
func (o *Organization) Recents(ctx context.Context, by Actor, limit int) ([]File, error) {
	return nil, errTodo
}

// Workspaces lists the workspaces that the actor may see; Admins see all.
func (o *Organization) Workspaces(ctx context.Context, by Actor) ([]File, error) { return nil, errTodo }

// Folder opens a workspace, folder or My Documents by id or URL id; Forbidden without a right to view it.
func (o *Organization) Folder(ctx context.Context, by Actor, id string) (Folder, error) {
	return Folder{}, errTodo
}

// Places lists the folders into which the actor may put a file, for create and move forms, with their paths.
func (o *Organization) Places(ctx context.Context, by Actor) ([]Folder, error) { return nil, errTodo }

// CreateWorkspace makes a workspace. Needs Create new workspace. Fields: name.
func (o *Organization) CreateWorkspace(ctx context.Context, by Actor, name, description string) (File, error) {
	return File{}, errTodo
}

// CreateFolder makes a folder in parentID (My Documents when empty). Fields: name.
func (o *Organization) CreateFolder(ctx context.Context, by Actor, parentID, name string) (File, error) {
	return File{}, errTodo
}

// RenameFile changes the name of a workspace, folder or document. Fields: name.
func (o *Organization) RenameFile(ctx context.Context, by Actor, id, name string) error {
	return errTodo
}

// MoveFile puts a folder or document into another folder or workspace.
func (o *Organization) MoveFile(ctx context.Context, by Actor, id, parentID string) error {
	return errTodo
}

// DeleteFile moves a folder or document to the trash; a workspace's content goes to the actor's My Documents.
func (o *Organization) DeleteFile(ctx context.Context, by Actor, id string) error { return errTodo }

// Trash lists what the actor owns in the trash.
func (o *Organization) Trash(ctx context.Context, by Actor) ([]File, error) { return nil, errTodo }

// RecoverFile takes a file out of the trash, into My Documents when its folder is gone.
func (o *Organization) RecoverFile(ctx context.Context, by Actor, id string) error { return errTodo }
