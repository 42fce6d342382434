package sp

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// MemberStatus is the status of a member in the list People.
type MemberStatus string

// The statuses. Members are never deleted, except pending ones.
const (
	MemberActive   MemberStatus = "active"
	MemberPending  MemberStatus = "pending" // invited, has not signed in yet
	MemberInactive MemberStatus = "inactive"
)

// Label is the status as pages show it: Active, Pending, Inactive.
func (s MemberStatus) Label() string {
	switch s {
	case MemberActive:
		return "Active"
	case MemberPending:
		return "Pending"
	}
	return "Inactive"
}

// Member is a person in the organization.
type Member struct {
	ID            string // memberId, about 29 base-62 letters
	Email         string // unique without regard to case
	FirstName     string
	LastName      string
	AccountTypeID string
	AccountType   string // name
	RequestedType string // account type that the directory requested and that does not exist yet; until then Viewer applies
	Status        MemberStatus
	Kind          string // internal, guest
	HomeFolderID  string // My Documents
	Provisioned   bool   // managed by the directory (SCIM)
	ExternalID    string // id in the directory
	Attributes    string // further attributes from the directory, as ProvisionedMember has them
	Deleted       bool   // the directory deleted the member, who stays listed as Inactive
	CreatedAt     time.Time
	UpdatedAt     time.Time
	DeactivatedAt time.Time
	LastActiveAt  time.Time
	Version       int64 // grows with each change; the ETag in SCIM

	// For addMember; not loaded.
	createdBy     string // member id; empty for the lab and for single sign-on
	directoryKeys string // ProvisionedMember.Keys
}

// Name is first and last name.
func (m Member) Name() string { return joinName(m.FirstName, m.LastName) }

// Initial is the letter of the member's avatar.
func (m Member) Initial() string { return initialOf(m.Name() + m.Email) }

// MemberQuery filters the list People.
type MemberQuery struct {
	Search        string         // in name and email address
	Statuses      []MemberStatus // empty: active and pending
	AccountTypeID string
	TeamID        string
	Sort          string // name (default), email, type, status, created, lastActive; a "-" before it reverses the order
	Page, Size    int
}

// MemberDetail is a member's page.
type MemberDetail struct {
	Member
	Teams     []Team // active ones
	Documents int    // owned
	Locked    string // why the member cannot be changed; empty if the member can be changed
}

// MemberInput is the form of a member. Fields of an error: email, firstName, lastName, accountTypeID.
type MemberInput struct {
	Email         string
	FirstName     string
	LastName      string
	AccountTypeID string
}

// Members lists members. Needs Manage users.
func (o *Organization) Members(ctx context.Context, by Actor, q MemberQuery) (p Page[Member], err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "see the list of people"); err != nil {
			return err
		}
		var w where
		statuses := q.Statuses
		if len(statuses) == 0 {
			statuses = []MemberStatus{MemberActive, MemberPending}
		}
		args := make([]any, len(statuses))
		for i, s := range statuses {
			args[i] = string(s)
		}
		w.and(`m.status IN (?`+strings.Repeat(", ?", len(args)-1)+`)`, args...)
		if s := strings.TrimSpace(q.Search); s != "" {
			w.and(`(m.display_key LIKE ? ESCAPE '\' OR m.email_key LIKE ? ESCAPE '\')`, contains(s), contains(s))
		}
		if q.AccountTypeID != "" {
			w.and(`m.account_type_id = ?`, q.AccountTypeID)
		}
		if q.TeamID != "" {
			w.and(`m.id IN (SELECT member_id FROM sigma_team_members WHERE team_id = ?)`, q.TeamID)
		}
		p, err = page(tx, q.Page, q.Size, scanMember, memberFields, memberFrom, w, memberOrder(q.Sort))
		return err
	})
	return p, err
}

// memberOrder returns the ORDER BY clause for MemberQuery.Sort.
func memberOrder(sort string) string {
	field, down := strings.CutPrefix(sort, "-")
	column := map[string]string{"email": "m.email_key", "type": "lower(t.name)", "created": "m.created_ms",
		"lastActive": "m.last_active_ms", "status": "m.status"}[field]
	if column == "" {
		column = "m.display_key"
	}
	if down {
		column += " DESC"
	}
	return "ORDER BY " + column + ", m.display_key, m.id"
}

// MemberCounts counts the members of each status. Needs Manage users.
func (o *Organization) MemberCounts(ctx context.Context, by Actor) (map[MemberStatus]int, error) {
	counts := map[MemberStatus]int{}
	err := o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "see the list of people"); err != nil {
			return err
		}
		return tx.Each(`SELECT status, count(*) FROM sigma_members GROUP BY status`, nil, func(r store.Row) error {
			var s MemberStatus
			var n int
			err := r.Scan(&s, &n)
			counts[s] = n
			return err
		})
	})
	return counts, err
}

// Member returns a member's page. Needs Manage users.
func (o *Organization) Member(ctx context.Context, by Actor, id string) (d MemberDetail, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "see other members"); err != nil {
			return err
		}
		d, err = memberDetail(tx, id)
		return err
	})
	return d, err
}

// Profile returns the acting member's own page.
func (o *Organization) Profile(ctx context.Context, by Actor) (d MemberDetail, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if v.member.ID == "" {
			return problem.New(problem.Unauthenticated, "Sign in to continue.")
		}
		d, err = memberDetail(tx, v.member.ID)
		return err
	})
	return d, err
}

func memberDetail(tx *store.Tx, id string) (d MemberDetail, err error) {
	if d.Member, err = loadMember(tx, id); err != nil {
		return d, err
	}
	if d.Teams, err = memberTeams(tx, id); err != nil {
		return d, err
	}
	if err := tx.QueryRow(`SELECT count(*) FROM sigma_files WHERE owner_id = $1 AND kind <> 'home' AND kind = 'workbook' AND trashed_ms = 0`, id).
		Scan(&d.Documents); err != nil {
		return d, err
	}
	d.Locked, err = directoryLock(tx)
	return d, err
}

// FindMembers lists active members by name or email address, for sharing. Every member may call it. limit is at most 100.
func (o *Organization) FindMembers(ctx context.Context, by Actor, search string, limit int) (list []Member, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if !v.system && v.member.ID == "" {
			return problem.New(problem.Unauthenticated, "Sign in to continue.")
		}
		list, err = store.List(tx, scanMember, selectMembers+` WHERE m.status = 'active'
			AND (m.display_key LIKE $1 ESCAPE '\' OR m.email_key LIKE $1 ESCAPE '\') ORDER BY m.display_key, m.id LIMIT $2`,
			contains(strings.TrimSpace(search)), min(max(limit, 1), 100))
		return err
	})
	return list, err
}

const (
	memberColumns = `m.id, m.email, m.first_name, m.last_name, m.account_type_id, t.name, m.wanted_type, m.status, m.kind,
	m.home_folder_id, m.provisioned, m.external_id, m.created_ms, m.updated_ms, m.deactivated_ms,
	m.last_active_ms, m.version, m.directory_attributes, m.directory_deleted`
	memberFields  = `SELECT ` + memberColumns
	memberFrom    = ` FROM sigma_members m JOIN sigma_account_types t ON t.id = m.account_type_id`
	selectMembers = memberFields + memberFrom
)

const noMember = "There is no such member."

func scanMember(r store.Row) (m Member, err error) {
	var created, updated, deactivated, active int64
	err = r.Scan(&m.ID, &m.Email, &m.FirstName, &m.LastName, &m.AccountTypeID, &m.AccountType, &m.RequestedType, &m.Status,
		&m.Kind, &m.HomeFolderID, &m.Provisioned, &m.ExternalID, &created, &updated, &deactivated, &active, &m.Version,
		&m.Attributes, &m.Deleted)
	m.CreatedAt, m.UpdatedAt = store.Time(created), store.Time(updated)
	m.DeactivatedAt, m.LastActiveAt = store.Time(deactivated), store.Time(active)
	return m, err
}

func loadMember(tx *store.Tx, id string) (Member, error) {
	return store.One(tx, noMember, scanMember, selectMembers+` WHERE m.id = $1`, id)
}

// memberByEmail finds a member by email address, ignoring case. found is false if there is none.
func memberByEmail(tx *store.Tx, email string) (m Member, found bool, err error) {
	var id string
	err = tx.QueryRow(`SELECT id FROM sigma_members WHERE email_key = $1`, emailKey(email)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	if err == nil {
		m, err = loadMember(tx, id)
	}
	return m, err == nil, err
}

func memberWithPassword(tx *store.Tx, email string) (m Member, hash string, err error) {
	m, found, err := memberByEmail(tx, email)
	if err != nil || !found {
		return m, "", err
	}
	return m, hash, tx.QueryRow(`SELECT password_hash FROM sigma_members WHERE id = $1`, m.ID).Scan(&hash)
}

// emailKey is an email address in the form in which addresses are compared.
func emailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// validEmail reports whether text is an email address without a name.
func validEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= 254 && !strings.ContainsAny(text, "\"\r\n\t ")
}

// addMember inserts a member and their My Documents. A directory sends many people who never sign in, so their My Documents are
// inserted by ensureHome when the folder is needed.
func addMember(tx *store.Tx, m Member, passwordHash string) (Member, error) {
	m.ID, m.CreatedAt, m.UpdatedAt, m.Version = tx.ShortID(29), tx.Now(), tx.Now(), 1
	if m.Kind == "" {
		m.Kind = "internal"
	}
	m.HomeFolderID = tx.UUID()
	if !m.Provisioned {
		if err := ensureHome(tx, m); err != nil {
			return m, err
		}
	}
	return m, tx.Exec(`INSERT INTO sigma_members (id, email, email_key, first_name, last_name, display_key, account_type_id,
		wanted_type, status, kind, password_hash, home_folder_id, provisioned, external_id, created_by, created_ms, updated_ms,
		directory_attributes, directory_keys)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18)`,
		m.ID, m.Email, emailKey(m.Email), m.FirstName, m.LastName, strings.ToLower(m.Name()), m.AccountTypeID,
		m.RequestedType, string(m.Status), m.Kind, passwordHash, m.HomeFolderID, flag(m.Provisioned), m.ExternalID,
		m.createdBy, store.Millis(tx.Now()), m.Attributes, m.directoryKeys)
}

// ensureHome inserts the My Documents of a member, unless they exist.
func ensureHome(tx *store.Tx, m Member) error {
	exists, err := tx.Exists(`SELECT 1 FROM sigma_files WHERE id = $1`, m.HomeFolderID)
	if err != nil || exists {
		return err
	}
	_, err = insertFile(tx, File{ID: m.HomeFolderID, Kind: KindHome, Name: "My Documents", OwnerID: m.ID}, "", m.ID)
	return err
}

func saveNames(tx *store.Tx, id, first, last string) error {
	return tx.Exec(`UPDATE sigma_members SET first_name = $1, last_name = $2, display_key = $3, updated_ms = $4,
		version = version + 1 WHERE id = $5`, first, last, strings.ToLower(joinName(first, last)), store.Millis(tx.Now()), id)
}

// setMemberType changes a member's account type and clears the requested type.
func setMemberType(tx *store.Tx, by Actor, m Member, typeID, typeName, reason string) error {
	if err := tx.Exec(`UPDATE sigma_members SET account_type_id = $1, wanted_type = '', updated_ms = $2,
		version = version + 1 WHERE id = $3`, typeID, store.Millis(tx.Now()), m.ID); err != nil {
		return err
	}
	return record(tx, by, Event{Type: UserAccounts, Name: "UPDATE_MEMBER_ACCOUNT_TYPE", Reason: reason,
		Object: Object{"member", m.ID, m.Name()}, Detail: map[string]string{"before": m.AccountType, "after": typeName, "email": m.Email}})
}
