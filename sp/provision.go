package sp

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// DirectoryQuery finds members or teams by indexed columns. An empty field does not filter. Several fields must all match.
type DirectoryQuery struct {
	ID          string
	UserName    string // email address, ignoring case
	EmailKey    string // members with this email address, folded as in ProvisionedMember.Keys
	ExternalID  string
	DisplayName string // members: full name, ignoring case; teams: exact name
	// DisplayNameKey is DisplayName folded as in ProvisionedMember.Keys.
	DisplayNameKey string
	MemberID       string // teams with this member
	Start          int    // index of the first result, from 1 as in SCIM
	Count          int    // 0: only the total; negative: 100
}

// ProvisionedMember is a person as the directory sends them.
type ProvisionedMember struct {
	UserName   string // email address
	ExternalID string
	FirstName  string
	LastName   string
	UserType   string // name of the account type, or "author" for Creator; empty: Viewer for a new member, else no change
	Active     bool
	Attributes string // all further attributes, as JSON; package sp keeps them and does not read them
	Keys       string // display name and email addresses in Attributes, folded, one a line: what DirectoryQuery can look up
}

// Reference names a member of a team, or a team of a member.
type Reference struct{ ID, Name string }

// maxDirectoryAttributes limits ProvisionedMember.Attributes, in bytes. A certificate in base64 has 2 kB.
const maxDirectoryAttributes = 64 << 10

const directoryPage = 100

// directory runs f through run, which is o.read or o.write. Only the directory and the lab itself may call f.
func (o *Organization) directory(
	ctx context.Context, by Actor, run func(context.Context, Actor, func(*store.Tx, viewer) error) error,
	f func(*store.Tx, viewer) error,
) error {
	return run(ctx, by, func(tx *store.Tx, v viewer) error {
		if by.Kind != ByToken && by.Kind != BySystem {
			return problem.New(problem.Forbidden, "Only the directory may do this.")
		}
		if err := v.requireAdmin("provision people and teams"); err != nil {
			return err
		}
		return f(tx, v)
	})
}

// DirectoryMembers returns a page of members in order of creation, and the number of all matches.
func (o *Organization) DirectoryMembers(ctx context.Context, by Actor, q DirectoryQuery) (list []Member, total int, err error) {
	err = o.directory(ctx, by, o.read, func(tx *store.Tx, _ viewer) error {
		list, total, err = membersOf(tx, q)
		return err
	})
	return list, total, err
}

func membersOf(tx *store.Tx, q DirectoryQuery) (list []Member, total int, err error) {
	var w where
	w.and("m.directory_deleted = 0")
	narrow(&w, "m.id = ?", q.ID)
	narrow(&w, "m.email_key = ?", emailKey(q.UserName))
	narrowByKey(&w, "email_key", q.EmailKey, q.EmailKey)
	narrow(&w, "m.external_id = ? AND m.external_id <> ''", q.ExternalID) // the second condition lets SQLite use the partial index
	narrowByKey(&w, "display_key", strings.ToLower(q.DisplayName), q.DisplayNameKey)
	return slicePage(tx, scanMember, memberFields, memberFrom, " FROM sigma_members m", w, "ORDER BY m.created_ms, m.id", q)
}

// pageOfMembers is the key of the last page that DirectoryPage kept.
type pageOfMembers struct{}

// DirectoryPage returns a page of all members in order of creation, as convert makes it, and the number of all members. Clients
// read the first page again and again, so the last page is kept, as long as nothing in it changes. Nobody may change it.
func DirectoryPage[T any](
	ctx context.Context, o *Organization, by Actor, start, count int, convert func([]Member) (T, error),
) (page T, total int, err error) {
	q := DirectoryQuery{Start: start, Count: count}
	err = o.directory(ctx, by, o.read, func(tx *store.Tx, _ viewer) error {
		load := func() (page T, err error) {
			var list []Member
			if list, total, err = membersOf(tx, q); err != nil {
				return page, err
			}
			return convert(list)
		}
		if count > directoryPage {
			page, err = load()
			return err
		}
		if page, err = store.KeepLast(tx, pageOfMembers{}, q, load); err != nil {
			return err
		}
		_, total, err = membersOf(tx, DirectoryQuery{})
		return err
	})
	return page, total, err
}

// narrow adds a condition unless value is empty.
func narrow(w *where, condition, value string) {
	if value != "" {
		w.and(condition, value)
	}
}

// narrowByKey finds the members whose column has a value, or whose directory keys contain the key. It may find more members,
// and the caller compares again. Both halves of the UNION use an index.
func narrowByKey(w *where, column, value, key string) {
	if value == "" {
		return
	}
	w.and(`m.id IN (SELECT id FROM sigma_members WHERE `+column+` = ? UNION ALL
		SELECT id FROM sigma_members WHERE directory_keys <> '' AND instr(directory_keys, ?) > 0)`, value, key)
}

// slicePage reads a page by startIndex and count (RFC 7644 section 3.4.2.4). fields is "SELECT …", from is " FROM …". table is
// from without joins, so that an index alone can count the rows.
func slicePage[T any](
	tx *store.Tx, scan func(store.Row) (T, error), fields, from, table string, w where, order string, q DirectoryQuery,
) (list []T, total int, err error) {
	if total, err = directoryTotal(tx, table, w); err != nil || q.Count == 0 || total == 0 {
		return nil, total, err
	}
	from += w.sql()
	if q.Count < 0 {
		q.Count = directoryPage
	}
	limits := fmt.Sprintf(" LIMIT %d OFFSET %d", min(q.Count, 1000), max(q.Start, 1)-1)
	list, err = store.List(tx, scan, fields+from+" "+order+limits, w.args...)
	return list, total, err
}

// directoryTotalKey is the condition of a list without arguments.
type directoryTotalKey string

// directoryTotal counts the rows of a table that match. The totals of whole lists are kept: a client that reads all pages of a
// list asks for the total with each page.
func directoryTotal(tx *store.Tx, table string, w where) (int, error) {
	query := `SELECT count(*)` + table + w.sql()
	count := func() (total int, err error) { return total, tx.QueryRow(query, w.args...).Scan(&total) }
	if len(w.args) > 0 {
		return count()
	}
	return store.Keep(tx, directoryTotalKey(query), count)
}

// EachDirectoryMember iterates over all members in batches, for filters without an index.
func (o *Organization) EachDirectoryMember(ctx context.Context, by Actor) iter.Seq2[Member, error] {
	return inBatches(func(q DirectoryQuery) ([]Member, int, error) { return o.DirectoryMembers(ctx, by, q) })
}

// inBatches iterates over all pages of a list, 500 entries at a time.
func inBatches[T any](read func(DirectoryQuery) ([]T, int, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for start := 1; ; start += 500 {
			list, _, err := read(DirectoryQuery{Start: start, Count: 500})
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, item := range list {
				if !yield(item, nil) {
					return
				}
			}
			if len(list) < 500 {
				return
			}
		}
	}
}

// DirectoryMember returns a member, who may be inactive, and their active teams.
func (o *Organization) DirectoryMember(ctx context.Context, by Actor, id string) (m Member, teams []Reference, err error) {
	err = o.directory(ctx, by, o.read, func(tx *store.Tx, _ viewer) error {
		if m, err = directoryMember(tx, id); err != nil {
			return err
		}
		teams, err = directoryTeams(tx, id)
		return err
	})
	return m, teams, err
}

// directoryMember loads a member. One whom the directory deleted is not found (RFC 7644 section 3.6).
func directoryMember(tx *store.Tx, id string) (Member, error) {
	m, err := loadMember(tx, id)
	if err == nil && m.Deleted {
		return Member{}, problem.New(problem.NotFound, "There is no such member.")
	}
	return m, err
}

// ProvisionMember creates a member. The error is Conflict, code UNIQUENESS, if the email address is in use. A person whom
// the directory deleted gets the same member back, without teams.
func (o *Organization) ProvisionMember(ctx context.Context, by Actor, in ProvisionedMember) (m Member, err error) {
	err = o.directory(ctx, by, o.write, func(tx *store.Tx, v viewer) error {
		if err := checkProvisioned(&in); err != nil {
			return err
		}
		old, taken, err := memberByEmail(tx, in.UserName)
		if err != nil {
			return err
		}
		if taken && old.Deleted {
			m, err = restoreProvisioned(tx, v, old, in)
			return err
		}
		if taken {
			return &problem.Error{Kind: problem.Conflict, Code: "UNIQUENESS", Message: "A member with this userName already exists."}
		}
		t, requested, err := typeFor(tx, in.UserType)
		if err != nil {
			return err
		}
		status := MemberActive
		if !in.Active {
			status = MemberInactive
		}
		m, err = addMember(tx, Member{Email: in.UserName, FirstName: in.FirstName, LastName: in.LastName, AccountTypeID: t.ID,
			AccountType: t.Name, RequestedType: requested, Status: status, Provisioned: true, ExternalID: in.ExternalID,
			createdBy: by.MemberID, Attributes: in.Attributes, directoryKeys: in.Keys}, "")
		if err != nil {
			return err
		}
		return record(tx, by, Event{Type: UserAccounts, Name: "CREATE_MEMBER", Reason: requestedReason(requested, t),
			Object: Object{"member", m.ID, m.Name()}, Detail: map[string]string{"email": m.Email, "accountType": t.Name, "via": "directory"}})
	})
	return m, err
}

// restoreProvisioned makes a deleted member what the directory sends. As for a new member, an empty user type means Viewer.
func restoreProvisioned(tx *store.Tx, v viewer, m Member, in ProvisionedMember) (Member, error) {
	if err := tx.Exec(`UPDATE sigma_members SET directory_deleted = 0 WHERE id = $1`, m.ID); err != nil {
		return m, err
	}
	if in.UserType == "" {
		in.UserType = StandardViewer
	}
	if err := updateFromDirectory(tx, v.actor, m, in); err != nil {
		return m, err
	}
	if err := setProvisionedActive(tx, v, m, in.Active); err != nil {
		return m, err
	}
	return loadMember(tx, m.ID)
}

// checkProvisioned validates a person. The fields of an error are SCIM attributes.
func checkProvisioned(in *ProvisionedMember) error {
	in.UserName, in.FirstName = strings.TrimSpace(in.UserName), strings.TrimSpace(in.FirstName)
	in.LastName = strings.TrimSpace(in.LastName)
	var c problem.Check
	c.Require(validEmail(in.UserName), "userName", "userName must be an email address.")
	c.Require(in.FirstName != "" && len(in.FirstName) <= 100, "name.givenName",
		"name.givenName is required, with at most 100 characters.")
	c.Require(in.LastName != "" && len(in.LastName) <= 100, "name.familyName",
		"name.familyName is required, with at most 100 characters.")
	c.Require(len(in.ExternalID) <= 200, "externalId", "externalId must have at most 200 characters.")
	c.Require(len(in.UserType) <= 100, "userType", "userType must have at most 100 characters.")
	c.Require(len(in.Attributes) <= maxDirectoryAttributes, "attributes",
		fmt.Sprintf("The attributes of a User must have at most %d bytes in total. Send fewer or shorter values.", maxDirectoryAttributes))
	return c.Err()
}

// typeFor resolves a user type. An empty name means Viewer (2023), whatever the Invitation Default is. For an unknown name it
// returns Viewer, and the name as requested. If the lab is strict, an unknown name is an error instead, with the message that
// real organizations report (SIGMA.md).
func typeFor(tx *store.Tx, name string) (t AccountType, requested string, err error) {
	if name == "" {
		t, err = keptStandardType(tx, StandardViewer)
		return t, "", err
	}
	named, err := keptNamedType(tx, name)
	if err != nil || named.found {
		return named.t, "", err
	}
	a, err := loadAuthentication(tx)
	if err != nil {
		return t, "", err
	}
	if a.StrictTypes {
		unknown := problem.Field{Name: "userType", Message: fmt.Sprintf("There is no account type named %q.", name)}
		return t, "", &problem.Error{Kind: problem.Invalid, Code: "ACCOUNT_TYPE_UNKNOWN",
			Message: "Member type name is not found", Fields: []problem.Field{unknown}}
	}
	t, err = keptStandardType(tx, StandardViewer)
	return t, name, err
}

// requestedReason explains a requested type in the audit log; empty if none was requested.
func requestedReason(requested string, t AccountType) string {
	if requested == "" {
		return ""
	}
	return fmt.Sprintf("The directory requested the account type %q, which does not exist yet. Until then %s applies.",
		requested, t.Name)
}

// ChangeProvisioned changes a member to what change returns for them and their teams, and activates or deactivates them. It
// returns the member as stored. A member who was created in Sigma becomes managed by the directory. If change fails, nothing is
// changed, and the error is that of change, which must not call o: it runs inside the transaction.
//
// The email address cannot change: in Sigma a changed userName leads to a new account at the next sign-on (SIGMA.md).
func (o *Organization) ChangeProvisioned(
	ctx context.Context, by Actor, id string, change func(Member, []Reference) (ProvisionedMember, error),
) (m Member, err error) {
	err = o.directory(ctx, by, o.write, func(tx *store.Tx, v viewer) error {
		if m, err = directoryMember(tx, id); err != nil {
			return err
		}
		teams, err := directoryTeams(tx, id)
		if err != nil {
			return err
		}
		in, err := change(m, teams)
		if err != nil {
			return err
		}
		if err := checkProvisioned(&in); err != nil {
			return err
		}
		if emailKey(in.UserName) != m.emailKey() {
			return problem.InvalidField("userName", "userName cannot be changed. Create a User with the new userName.")
		}
		if err := updateFromDirectory(tx, by, m, in); err != nil {
			return err
		}
		if err := setProvisionedActive(tx, v, m, in.Active); err != nil {
			return err
		}
		m, err = loadMember(tx, id)
		return err
	})
	return m, err
}

// updateFromDirectory updates names, link to the directory, and account type.
func updateFromDirectory(tx *store.Tx, by Actor, m Member, in ProvisionedMember) error {
	detail := map[string]string{"email": m.Email}
	if joinName(in.FirstName, in.LastName) != m.Name() || in.FirstName != m.FirstName {
		detail["nameBefore"] = m.Name()
		if err := saveNames(tx, m.ID, in.FirstName, in.LastName); err != nil {
			return err
		}
	}
	if !m.Provisioned {
		detail["linked"] = "true"
	}
	if in.ExternalID != m.ExternalID {
		detail["externalId"] = in.ExternalID
	}
	if in.Attributes != m.Attributes {
		detail["attributes"] = "changed"
	}
	if !m.Provisioned || in.ExternalID != m.ExternalID || in.Attributes != m.Attributes {
		if err := tx.Exec(`UPDATE sigma_members SET provisioned = 1, external_id = $1, directory_attributes = $2, directory_keys = $3,
			updated_ms = $4, version = version + 1 WHERE id = $5`,
			in.ExternalID, in.Attributes, in.Keys, store.Millis(tx.Now()), m.ID); err != nil {
			return err
		}
	}
	if len(detail) > 1 {
		if err := record(tx, by, Event{Type: UserAccounts, Name: "UPDATE_MEMBER",
			Object: Object{"member", m.ID, joinName(in.FirstName, in.LastName)}, Detail: detail}); err != nil {
			return err
		}
	}
	return updateTypeFromDirectory(tx, by, m, in.UserType)
}

// updateTypeFromDirectory changes a member's account type, or only the requested type if the type does not exist. An empty
// user type changes nothing.
func updateTypeFromDirectory(tx *store.Tx, by Actor, m Member, userType string) error {
	if userType == "" {
		return nil
	}
	t, requested, err := typeFor(tx, userType)
	if err != nil || t.ID == m.AccountTypeID && requested == m.RequestedType {
		return err
	}
	if t.ID != m.AccountTypeID {
		if err := setMemberType(tx, by, m, t.ID, t.Name, requestedReason(requested, t)); err != nil {
			return err
		}
	}
	if t.ID == m.AccountTypeID { // only the requested type changes
		if err := record(tx, by, Event{Type: UserAccounts, Name: "UPDATE_MEMBER_ACCOUNT_TYPE", Reason: requestedReason(requested, t),
			Object: Object{"member", m.ID, m.Name()}, Detail: map[string]string{"email": m.Email, "requested": requested}}); err != nil {
			return err
		}
	}
	return tx.Exec(`UPDATE sigma_members SET wanted_type = $1, version = version + 1 WHERE id = $2`, requested, m.ID)
}

func (m Member) emailKey() string { return emailKey(m.Email) }

// setProvisionedActive activates or deactivates a member.
func setProvisionedActive(tx *store.Tx, v viewer, m Member, active bool) error {
	if active {
		if m.Status == MemberPending {
			return activatePending(tx, v.actor, m)
		}
		return reactivate(tx, v.actor, m)
	}
	owner, err := actingAdmin(tx, v)
	if err != nil {
		return err
	}
	return deactivate(tx, v.actor, m, owner)
}

// activatePending makes an invited member active. The directory vouches for them, so the invitation is not needed.
func activatePending(tx *store.Tx, by Actor, m Member) error {
	if err := tx.Exec(`UPDATE sigma_members SET status = 'active', invitation_hash = '', version = version + 1 WHERE id = $1`,
		m.ID); err != nil {
		return err
	}
	return record(tx, by, Event{Type: UserAccounts, Name: "ACTIVATE_MEMBER", Object: Object{"member", m.ID, m.Name()},
		Detail: map[string]string{"email": m.Email, "via": "directory"}})
}

// actingAdmin is the new owner of documents: the Admin who created the token, or the first Admin if the lab itself acts.
func actingAdmin(tx *store.Tx, v viewer) (Member, error) {
	if v.member.ID != "" {
		return v.member, nil
	}
	return store.One(tx, "There is no active Admin.", scanMember,
		selectMembers+` WHERE t.standard = 'admin' AND m.status = 'active' ORDER BY m.created_ms, m.id LIMIT 1`)
}

// DeleteProvisioned deletes a member for the directory (RFC 7644 section 3.6). Members are never deleted in Sigma: the member
// becomes inactive, leaves all teams, and is not found by the directory until it creates the person again.
func (o *Organization) DeleteProvisioned(ctx context.Context, by Actor, id string) error {
	return o.directory(ctx, by, o.write, func(tx *store.Tx, v viewer) error {
		m, err := directoryMember(tx, id)
		if err != nil {
			return err
		}
		teams, err := memberTeams(tx, id)
		if err != nil {
			return err
		}
		for _, t := range teams {
			if _, err := leaveTeam(tx, by, t, id); err != nil {
				return err
			}
		}
		if err := setProvisionedActive(tx, v, m, false); err != nil {
			return err
		}
		return tx.Exec(`UPDATE sigma_members SET directory_deleted = 1, version = version + 1 WHERE id = $1`, id)
	})
}
