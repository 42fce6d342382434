package sp

import (
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/moment"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// maxSeedCost is the largest cost of a hash in a scenario: comparing one with a higher cost takes seconds or hours.
const maxSeedCost = 12

// checkSeedHash checks that a hash of a scenario can be compared in bounded time.
func checkSeedHash(m SeedMember) error {
	if m.PasswordHash == "" {
		return nil
	}
	cost, err := bcrypt.Cost([]byte(m.PasswordHash))
	if err != nil || cost > maxSeedCost {
		return problem.InvalidField("passwordHash", "The hash is not a bcrypt hash with a cost of at most 12. Write the password in place of it.")
	}
	return nil
}

// millis returns a moment for a column; otherwise for the empty moment.
func (p *populator) millis(m moment.Moment, otherwise time.Time) (int64, error) {
	at, err := m.At(p.tx.Now())
	if err != nil {
		return 0, problem.InvalidField("at", err.Error())
	}
	if at.IsZero() {
		at = otherwise
	}
	return store.Millis(at), nil
}

func (p *populator) memberTimes(id string, m SeedMember) error {
	if m.Created == "" && m.LastActive == "" && m.Status != string(MemberInactive) {
		return nil
	}
	created, err := p.millis(m.Created, p.tx.Now())
	if err != nil {
		return err
	}
	active, err := p.millis(m.LastActive, time.Time{})
	if err != nil {
		return err
	}
	var deactivated int64
	if m.Status == string(MemberInactive) {
		deactivated = store.Millis(p.tx.Now())
	}
	return p.tx.Exec(`UPDATE sigma_members SET created_ms = $2, last_active_ms = $3, deactivated_ms = $4 WHERE id = $1`,
		id, created, active, deactivated)
}

func (p *populator) documentTimes(id string, d SeedDocument) error {
	if d.Created == "" && d.Updated == "" && !d.Trashed {
		return nil
	}
	created, err := p.millis(d.Created, p.tx.Now())
	if err != nil {
		return err
	}
	updated, err := p.millis(d.Updated, store.Time(created))
	if err != nil {
		return err
	}
	var trashed int64
	if d.Trashed {
		trashed = updated
	}
	return p.tx.Exec(`UPDATE sigma_files SET created_ms = $2, updated_ms = $3, trashed_ms = $4 WHERE id = $1`, id, created, updated, trashed)
}

// folder adds a folder of a workspace, in the folders before the last slash.
func (p *populator) folder(workspace, path string, owner Member) error {
	above, name := workspace, path
	if i := strings.LastIndex(path, "/"); i >= 0 {
		above, name = workspace+"/"+path[:i], path[i+1:]
	}
	parent, known := p.places[above]
	if !known {
		return problem.InvalidField("folders", "There is no folder "+above+". List it before the folders in it.")
	}
	folder, err := insertFile(p.tx, File{Kind: KindFolder, ParentID: parent.ID, Name: name, OwnerID: owner.ID}, "", owner.ID)
	p.places[workspace+"/"+path] = folder
	return err
}

// times stores the times that the scenario gives to members and documents.
func (p *populator) times(s Seed) error {
	for _, m := range s.Members {
		if err := p.memberTimes(p.members[emailKey(m.Email)].ID, m); err != nil {
			return err
		}
	}
	for i, d := range s.Documents {
		if err := p.documentTimes(p.documents[i].ID, d); err != nil {
			return err
		}
	}
	return nil
}

func (p *populator) defaultType(s Seed) error {
	if s.DefaultAccountType == "" {
		return nil
	}
	t, found, err := resolveType(p.tx, s.DefaultAccountType)
	if err != nil || !found {
		return orProblem(err, "defaultAccountType", "There is no account type "+s.DefaultAccountType+".")
	}
	return p.tx.Exec(`UPDATE sigma_organization SET default_type_id = $1`, t.ID)
}

// directory turns the directory on or off, and adds its tokens.
func (p *populator) directory(s Seed) error {
	if s.Directory.On && Method(s.Authentication.Method) != MethodSAML {
		return problem.InvalidField("directory", "The directory can be on only while the authentication method is SAML.")
	}
	if err := p.tx.Exec(`UPDATE sigma_organization SET directory_on = $1`, flag(s.Directory.On)); err != nil {
		return err
	}
	for _, t := range s.Directory.Tokens {
		if err := p.token(t); err != nil {
			return err
		}
	}
	return nil
}

// auditLog writes the events of the scenario before those that history has written.
func (p *populator) auditLog(s Seed) error {
	var before int64 // number of the oldest event
	if err := p.tx.QueryRow(`SELECT coalesce(min(seq), 1) FROM sigma_audit`).Scan(&before); err != nil {
		return err
	}
	for i, e := range s.Audit {
		if err := p.audit(e, before-int64(len(s.Audit)-i)); err != nil {
			return err
		}
	}
	return nil
}

func (p *populator) token(t SeedToken) error {
	owner, err := p.owner(t.Member)
	if err != nil {
		return err
	}
	hash := t.Hash
	if t.Token != "" {
		hash = store.Hash(t.Token)
	}
	if hash == "" || t.Name == "" {
		return problem.InvalidField("tokens", "A token needs a name, and a token or a hash.")
	}
	var at [4]int64
	for i, m := range []moment.Moment{t.Created, t.LastUsed, t.Expires, t.Revoked} {
		var otherwise time.Time
		if i == 0 {
			otherwise = p.tx.Now()
		}
		if at[i], err = p.millis(m, otherwise); err != nil {
			return err
		}
	}
	return p.tx.Exec(`INSERT INTO sigma_directory_tokens (id, name, hash, member_id, created_ms, last_used_ms, expires_ms, revoked_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, p.tx.UUID(), t.Name, hash, owner.ID, at[0], at[1], at[2], at[3])
}

// audit writes an event of the audit log. Of a member who no longer exists, the event has only the email address.
func (p *populator) audit(e SeedAudit, number int64) error {
	at, err := p.millis(e.At, p.tx.Now())
	if err != nil {
		return err
	}
	by := Actor{Kind: BySystem, Name: e.Token, Client: Client{IP: e.IP, UserAgent: e.UserAgent}}
	if e.Token != "" {
		by.Kind = ByToken
	}
	if e.By != "" {
		m := p.members[emailKey(e.By)]
		by.MemberID, by.Name, by.Email = m.ID, or(m.Name(), e.By), or(m.Email, e.By)
		if e.Token == "" {
			by.Kind = ByMember
		}
	}
	return recordAt(p.tx, by, Event{Type: e.Type, Name: e.Name, Failure: e.Failure, Reason: e.Reason, Detail: e.Detail,
		Object: Object{e.ObjectKind, p.objectID(e.ObjectKind, e.Object), e.Object}}, number, store.Time(at))
}

// objectID finds what an event is about by its name; empty if it does not exist any more.
func (p *populator) objectID(kind, name string) string {
	switch kind {
	case "team":
		return p.teams[name].ID
	case "member":
		for _, m := range p.members {
			if m.Name() == name || m.Email == name {
				return m.ID
			}
		}
	}
	return p.places[name].ID
}
