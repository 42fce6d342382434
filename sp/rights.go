package sp

import (
	"errors"

	"understudy/seed/problem"
	"understudy/seed/store"
)

var errTodo = errors.New("sp: not written yet")

// Access is a rung of the ladder of rights on a file.
type Access int

// The rungs. On folders and workspaces CanEdit is called Can contribute; only they know CanManage.
const (
	NoAccess Access = iota
	CanView
	CanExplore
	CanEdit
	CanManage
)

// Label is the right as the share dialog writes it.
func (a Access) Label(kind FileKind) string {
	switch {
	case a == CanView:
		return "Can view"
	case a == CanExplore:
		return "Can explore"
	case a == CanEdit && kind != KindWorkbook:
		return "Can contribute"
	case a == CanEdit || a == CanManage && kind == KindWorkbook:
		return "Can edit"
	case a == CanManage:
		return "Can manage"
	}
	return "No access"
}

// Rights is what a viewer may do with a file: the lower of the grant and what their account type allows.
type Rights struct {
	Access  Access // effective
	Granted Access // before the account type's limit
	Owner   bool
	View    bool
	Explore bool
	Edit    bool // edit mode; on folders: put things in
	Rename  bool
	Move    bool
	Delete  bool
	Share   bool
	Export  bool
	Missing []Permission // of the account type, that keep the effective right below the granted one
}

// viewer is the actor as the transaction sees them.
type viewer struct {
	actor       Actor
	member      Member
	permissions Permissions
	admin       bool
	system      bool
	teams       map[string]bool
}

// refusal is a failed permission check on its way out: the cause inside a Forbidden problem, with the event to record.
type refusal struct{ event Event }

func (r *refusal) Error() string { return r.event.Name }

func admit(tx *store.Tx, by Actor) (viewer, error) { return viewer{}, errTodo }

func (v viewer) requireAdmin(what string) error {
	return problem.New(problem.Forbidden, what)
}
