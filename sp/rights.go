package sp

import (
	"database/sql"
	"errors"
	"fmt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Access is a level of access to a file. A higher level includes the lower ones.
type Access int

// The levels. On folders and workspaces CanEdit is called Can contribute. CanManage exists only there.
const (
	NoAccess Access = iota
	CanView
	CanExplore
	CanEdit
	CanManage
)

// Label is the level as the share dialog shows it.
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

// Rights is what a viewer may do with a file. Access is the lower of two levels: Granted, and the limit of the account type.
type Rights struct {
	Access  Access // effective level
	Granted Access // level from ownership and grants
	Owner   bool
	View    bool
	Explore bool
	Edit    bool // workbooks: edit mode; folders: add files
	Rename  bool
	Move    bool
	Delete  bool
	Share   bool
	Export  bool
	Missing []Permission // permissions that the account type lacks for the granted level
}

// viewer is the actor with their rights at the time of the transaction.
type viewer struct {
	actor       Actor
	member      Member
	accountType AccountType
	system      bool            // the lab itself, with every right
	teams       map[string]bool // ids of active teams
}

// refusal is the cause inside a Forbidden error. It carries the event that is recorded after the rollback.
type refusal struct{ event Event }

func (r *refusal) Error() string { return r.event.Name + " refused" }

// loadViewer loads the actor's rights. The error is Unauthenticated for a member who was deactivated after the sign-in.
func loadViewer(tx *store.Tx, by Actor) (viewer, error) {
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
	if v.member, err = keptMember(tx, by.MemberID); err != nil {
		return v, problem.New(problem.Unauthenticated, "Sign in to continue.")
	}
	if v.member.Status != MemberActive {
		return v, problem.New(problem.Unauthenticated, "Your account has been deactivated. Contact your administrator.")
	}
	if v.accountType, err = keptAccountType(tx, v.member.AccountTypeID); err != nil {
		return v, err
	}
	v.teams, err = keptTeamIDs(tx, v.member.ID)
	return v, err
}

// Keys of values that are kept between transactions. They say who acts, or what everybody gets, so that almost every
// request needs them.
type (
	memberKey      string // id of a member
	accountTypeKey string // id of an account type
	standardKey    string // name of a standard account type
	namedTypeKey   string // name of an account type as a directory sends it
	teamIDsKey     string // id of a member
)

func keptMember(tx *store.Tx, id string) (Member, error) {
	return store.Keep(tx, memberKey(id), func() (Member, error) {
		return store.OneByRow(tx, []string{"sigma_members"}, noMember, scanMember,
			`SELECT m.rowid, `+memberColumns+memberFrom+` WHERE m.id = $1`, id)
	})
}

func keptAccountType(tx *store.Tx, id string) (AccountType, error) {
	return store.Keep(tx, accountTypeKey(id), func() (AccountType, error) { return loadAccountType(tx, id) })
}

func keptStandardType(tx *store.Tx, standard string) (AccountType, error) {
	return store.Keep(tx, standardKey(standard), func() (AccountType, error) { return standardType(tx, standard) })
}

// namedType is the result of resolveType.
type namedType struct {
	t     AccountType
	found bool
}

func keptNamedType(tx *store.Tx, name string) (namedType, error) {
	return store.Keep(tx, namedTypeKey(name), func() (n namedType, err error) {
		n.t, n.found, err = resolveType(tx, name)
		return n, err
	})
}

// keptTeamIDs returns the ids of a member's active teams.
func keptTeamIDs(tx *store.Tx, memberID string) (map[string]bool, error) {
	return store.Keep(tx, teamIDsKey(memberID), func() (map[string]bool, error) {
		ids := map[string]bool{}
		err := tx.Each(`SELECT m.team_id FROM sigma_team_members m JOIN sigma_teams t ON t.id = m.team_id
			WHERE m.member_id = $1 AND t.status = 'active'`, []any{memberID}, func(r store.Row) error {
			var id string
			err := r.Scan(&id)
			ids[id] = true
			return err
		})
		return ids, err
	})
}

// can reports whether the actor's account type has the permission p.
func (v viewer) can(p Permission) bool { return v.system || v.accountType.Permissions.Has(p) }

func (v viewer) admin() bool { return v.system || v.accountType.Admin() }

// refuse returns a Forbidden error. Its event is written to the audit log after the transaction is rolled back.
func (v viewer) refuse(code, message string, e Event) error {
	if !v.system && v.member.ID == "" {
		return problem.New(problem.Unauthenticated, "Sign in to continue.")
	}
	e.Failure, e.Reason = true, message
	return &problem.Error{Kind: problem.Forbidden, Message: message, Code: code, Err: &refusal{e}}
}

// requireAdmin refuses actors who are not Admins. what completes the sentence "Only members with the account type Admin can".
func (v viewer) requireAdmin(what string) error {
	if v.admin() {
		return nil
	}
	return v.refuse("ADMIN_ONLY", fmt.Sprintf("Only members with the account type Admin can %s.", what),
		Event{Type: AccessSigma, Name: "PERMISSION_DENIED", Object: Object{"administration", "", what}})
}

// require checks a permission of the account type. t, event and about describe the attempt in the audit log.
func (v viewer) require(p Permission, t EventType, event string, about Object) error {
	if v.can(p) {
		return nil
	}
	return v.refuse("PERMISSION_MISSING",
		fmt.Sprintf("Your account type %s does not include the permission “%s”.", v.accountType.Name, p.Name()),
		Event{Type: t, Name: event, Object: about,
			Detail: map[string]string{"permission": p.Name(), "accountType": v.accountType.Name}})
}

// requireManage checks a permission over people or teams, which Admins always have.
func (v viewer) requireManage(p Permission, what string) error {
	if v.admin() || v.can(p) {
		return nil
	}
	return v.requireAdmin(what)
}

// granted returns the highest level that ownership and grants give on a file and on the folders above it.
func granted(tx *store.Tx, v viewer, f File) (Access, error) {
	return accessTo(tx, v, f.ID, map[string]Access{}, 0)
}

// accessTo is granted for a file id. It caches the levels in seen, because the files of a list share the folders above them.
// depth stops a cycle.
func accessTo(tx *store.Tx, v viewer, id string, seen map[string]Access, depth int) (Access, error) {
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
	above, err := accessTo(tx, v, parent, seen, depth+1)
	seen[id] = max(here, above)
	return seen[id], err
}

// grantedHere is the level that one file gives, without the folders above it. Admins manage every workspace, but not the My
// Documents of other members.
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

// rights applies the limit of the account type to a granted level.
func (v viewer) rights(f File, granted Access) Rights {
	r := Rights{Granted: granted, Owner: v.member.ID != "" && f.OwnerID == v.member.ID}
	limit := CanManage
	switch {
	case f.Kind == KindWorkbook:
		limit = v.workbookLimit()
	case f.Kind == KindHome || v.can(ContributeToFolders):
	case r.Owner: // the member's own folder has no limit
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

// workbookLimit is the highest level on workbooks that the account type allows.
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

// missing lists the permissions that the account type lacks for a granted level, lowest level first.
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
