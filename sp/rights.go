package sp

import (
	"database/sql"
	"errors"
	"fmt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

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
	case a >= CanEdit && kind == KindWorkbook:
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
	accountType AccountType
	system      bool
	teams       map[string]bool // active teams by id
}

// refusal is a failed permission check on its way out: the cause inside a Forbidden problem, with the event to record.
type refusal struct{ event Event }

func (r *refusal) Error() string { return r.event.Name + " refused" }

// admit loads what the actor may do. It refuses members who have been deactivated since they signed in.
func admit(tx *store.Tx, by Actor) (viewer, error) {
	v := viewer{actor: by, teams: map[string]bool{}}
	switch by.Kind {
	case BySystem:
		v.system = true
		return v, nil
	case ByMember, ByToken:
	default:
		return v, nil
	}
	var err error
	if v.member, err = loadMember(tx, by.MemberID); err != nil {
		return v, problem.New(problem.Unauthenticated, "Sign in to continue.")
	}
	if v.member.Status != MemberActive {
		return v, problem.New(problem.Unauthenticated, "Your account has been deactivated. Contact your administrator.")
	}
	if v.accountType, err = loadAccountType(tx, v.member.AccountTypeID); err != nil {
		return v, err
	}
	err = tx.Each(`SELECT m.team_id FROM sigma_team_members m JOIN sigma_teams t ON t.id = m.team_id
		WHERE m.member_id = $1 AND t.status = 'active'`, []any{v.member.ID}, func(r store.Row) error {
		var id string
		err := r.Scan(&id)
		v.teams[id] = true
		return err
	})
	return v, err
}

// can reports whether the actor's account type holds p.
func (v viewer) can(p Permission) bool { return v.system || v.accountType.Permissions.Has(p) }

func (v viewer) admin() bool { return v.system || v.accountType.Admin() }

// refuse makes a Forbidden problem whose event is written to the audit log after the change is rolled back.
func (v viewer) refuse(code, message string, e Event) error {
	if !v.system && v.member.ID == "" {
		return problem.New(problem.Unauthenticated, "Sign in to continue.")
	}
	e.Failure, e.Reason = true, message
	return &problem.Error{Kind: problem.Forbidden, Message: message, Code: code, Err: &refusal{e}}
}

func (v viewer) requireAdmin(what string) error {
	if v.admin() {
		return nil
	}
	return v.refuse("ADMIN_ONLY", fmt.Sprintf("Only members with the account type Admin can %s.", what),
		Event{Type: AccessSigma, Name: "PERMISSION_DENIED", Object: Object{"administration", "", what}})
}

// require checks one permission of the account type for something that is about to happen to an object.
func (v viewer) require(p Permission, t EventType, event string, about Object) error {
	if v.can(p) {
		return nil
	}
	return v.refuse("PERMISSION_MISSING",
		fmt.Sprintf("Your account type %s does not include the permission “%s”.", v.accountType.Name, p.Name()),
		Event{Type: t, Name: event, Object: about, Detail: map[string]string{"permission": p.Name(), "accountType": v.accountType.Name}})
}

// requireManage is for people and teams: Admins, and account types with the managing permission.
func (v viewer) requireManage(p Permission, what string) error {
	if v.admin() || v.can(p) {
		return nil
	}
	return v.requireAdmin(what)
}

// granted climbs from a file to the top and gives the highest right that ownership and grants give on the way.
func granted(tx *store.Tx, v viewer, f File) (Access, error) {
	return climb(tx, v, f.ID, map[string]Access{}, 0)
}

// climb remembers what it found on the way in seen, because the files of a list share the folders above them.
func climb(tx *store.Tx, v viewer, id string, seen map[string]Access, depth int) (Access, error) {
	if v.system {
		return CanManage, nil
	}
	if a, known := seen[id]; known || id == "" || depth > 64 {
		return a, nil
	}
	var owner, parent string
	var kind FileKind
	err := tx.QueryRow(`SELECT owner_id, parent_id, kind FROM sigma_files WHERE id = $1`, id).Scan(&owner, &parent, &kind)
	if errors.Is(err, sql.ErrNoRows) {
		return NoAccess, nil
	}
	if err != nil {
		return NoAccess, err
	}
	here, err := grantedHere(tx, v, id, owner, kind)
	if err != nil {
		return NoAccess, err
	}
	above, err := climb(tx, v, parent, seen, depth+1)
	seen[id] = max(here, above)
	return seen[id], err
}

// grantedHere is the right that one place in the tree gives, without those above it. Admins manage every workspace, and
// nobody else's My Documents.
func grantedHere(tx *store.Tx, v viewer, id, owner string, kind FileKind) (Access, error) {
	if v.member.ID == "" {
		return NoAccess, nil
	}
	if owner == v.member.ID || kind == KindWorkspace && v.admin() {
		return CanManage, nil
	}
	best := NoAccess
	err := tx.Each(`SELECT grantee_kind, grantee_id, access FROM sigma_grants WHERE file_id = $1`, []any{id}, func(r store.Row) error {
		var kind, grantee string
		var a Access
		if err := r.Scan(&kind, &grantee, &a); err != nil {
			return err
		}
		if kind == "everyone" || kind == "member" && grantee == v.member.ID || kind == "team" && v.teams[grantee] {
			best = max(best, a)
		}
		return nil
	})
	return best, err
}

// rights applies the account type's limit to a granted right.
func (v viewer) rights(f File, granted Access) Rights {
	r := Rights{Granted: granted, Owner: v.member.ID != "" && f.OwnerID == v.member.ID}
	limit := CanManage
	switch {
	case f.Kind == KindWorkbook:
		limit = v.workbookLimit()
	case f.Kind == KindHome || v.can(ContributeToFolders):
	case r.Owner: // a private folder of one's own
	default:
		limit = CanExplore
	}
	r.Access = min(granted, limit)
	if r.Access < granted {
		r.Missing = v.missing(f, granted)
	}
	workbook, home := f.Kind == KindWorkbook, f.Kind == KindHome
	r.View, r.Explore, r.Edit = r.Access >= CanView, r.Access >= CanExplore, r.Access >= CanEdit
	r.Rename = r.Edit && !home && (f.Kind != KindWorkspace || r.Access == CanManage)
	r.Move = r.Edit && !home && f.Kind != KindWorkspace
	r.Delete = r.Edit && !home && (workbook || r.Access == CanManage)
	r.Share = v.can(ShareDocuments) && !home && (workbook && r.Edit || r.Access == CanManage)
	r.Export = workbook && r.View && v.can(Download)
	return r
}

func (v viewer) workbookLimit() Access {
	switch {
	case v.can(CreateWorkbooks):
		return CanManage
	case v.can(BasicExplore), v.can(FullExplore):
		return CanExplore
	case v.can(ViewWorkbooks):
		return CanView
	}
	return NoAccess
}

func (v viewer) missing(f File, granted Access) []Permission {
	if f.Kind != KindWorkbook {
		return []Permission{ContributeToFolders}
	}
	var list []Permission
	for _, step := range []struct {
		from Access
		p    Permission
	}{{CanView, ViewWorkbooks}, {CanExplore, BasicExplore}, {CanEdit, CreateWorkbooks}} {
		if granted >= step.from && !v.can(step.p) {
			list = append(list, step.p)
		}
	}
	return list
}
