package sp

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"understudy/seed/base/moment"
	"understudy/seed/base/store"
)

// maxSeedAudit is how many events of the audit log a scenario gets.
const maxSeedAudit = 5000

// Seed returns the organization as it is, as the Sigma part of a scenario. Passwords and tokens are given as hashes. Sessions,
// open invitations and sign-ons under way are not part of a scenario.
func (o *Organization) Seed(ctx context.Context) (s Seed, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		x := &extractor{tx: tx, now: tx.Now()}
		for _, part := range []func(*Seed) error{x.readOrganization, x.readTypes, x.readMembers, x.readTeams, x.readFiles, x.readDirectory, x.readAudit} {
			if err := part(&s); err != nil {
				return err
			}
		}
		return nil
	})
	return s, err
}

// extractor reads an organization into a seed. It maps what exists to the names that a scenario uses.
type extractor struct {
	tx      *store.Tx
	now     time.Time
	members map[string]string // email address by id
	teams   map[string]string // name by id
	places  map[string]string // "Workspace/Folder" by id of the file
	types   map[string]string // name by id
}

func (x *extractor) before(ms int64) moment.Moment { return moment.Before(x.now, store.Time(ms)) }

func (x *extractor) readOrganization(s *Seed) error {
	a, err := loadAuthentication(x.tx)
	if err != nil {
		return err
	}
	s.Authentication = SeedAuth{
		Method: string(a.Method), SessionHours: a.SessionHours, GuestAccess: a.GuestAccess, TwoFactor: a.TwoFactor,
		SignRequests: a.SignRequests, StrictTypes: a.StrictTypes, LoginURL: a.IdPLoginURL, Certificate: a.IdPCertificate,
	}
	s.Directory.On = a.DirectoryOn
	site, err := loadSite(x.tx)
	s.Name, s.Cloud, s.Region = site.Name, site.Cloud, site.Region
	return err
}

func (x *extractor) readTypes(s *Seed) error {
	list, err := store.List(x.tx, scanAccountType, selectAccountTypes+` ORDER BY t.created_ms, t.rowid`)
	if err != nil {
		return err
	}
	x.types = map[string]string{}
	for _, t := range list {
		x.types[t.ID] = t.Name
		if t.Standard != "" {
			continue
		}
		made := SeedAccountType{Name: t.Name, Description: t.Description}
		for _, p := range t.Permissions.List() {
			made.With = append(made.With, string(p))
		}
		s.AccountTypes = append(s.AccountTypes, made)
	}
	var usual string
	if err := x.tx.QueryRow(`SELECT default_type_id FROM sigma_organization WHERE id = 1`).Scan(&usual); err != nil {
		return err
	}
	s.DefaultAccountType = x.types[usual]
	return nil
}

func (x *extractor) readMembers(s *Seed) error {
	x.members = map[string]string{}
	return x.tx.Each(`SELECT m.id, m.email, m.first_name, m.last_name, t.name, m.wanted_type, m.status, coalesce(m.password_hash, ''),
		m.provisioned, m.created_ms, m.last_active_ms, m.directory_attributes, m.directory_keys
		FROM sigma_members m JOIN sigma_account_types t ON t.id = m.account_type_id ORDER BY m.rowid`, nil, func(r store.Row) error {
		var id string
		var m SeedMember
		var created, active int64
		err := r.Scan(&id, &m.Email, &m.FirstName, &m.LastName, &m.AccountType, &m.RequestedType, &m.Status, &m.PasswordHash,
			&m.Provisioned, &created, &active, &m.DirectoryAttributes, &m.DirectoryKeys)
		m.Created, m.LastActive = x.before(created), x.before(active)
		if m.Status == string(MemberActive) {
			m.Status = "" // the default
		}
		x.members[id] = m.Email
		s.Members = append(s.Members, m)
		return err
	})
}

func (x *extractor) readTeams(s *Seed) error {
	x.teams, x.places = map[string]string{}, map[string]string{}
	list, err := store.List(x.tx, scanTeam, selectTeams+` ORDER BY t.rowid`)
	if err != nil {
		return err
	}
	for _, t := range list {
		made := SeedTeam{
			Name: t.Name, Description: t.Description, Visibility: t.Visibility, Workspace: t.WorkspaceID != "",
			Provisioned: t.Provisioned, Inactive: !t.Active,
		}
		if t.WorkspaceID != "" {
			x.places[t.WorkspaceID] = t.Name
		}
		x.teams[t.ID] = t.Name
		err := x.tx.Each(`SELECT member_id, is_admin FROM sigma_team_members WHERE team_id = $1 ORDER BY rowid`, []any{t.ID},
			func(r store.Row) error {
				var id string
				var admin bool
				err := r.Scan(&id, &admin)
				if admin {
					made.Admins = append(made.Admins, x.members[id])
				} else {
					made.Members = append(made.Members, x.members[id])
				}
				return err
			})
		if err != nil {
			return err
		}
		s.Teams = append(s.Teams, made)
	}
	return nil
}

// readFiles reads workspaces, folders and documents.
func (x *extractor) readFiles(s *Seed) error {
	workspaces, err := store.List(x.tx, scanFile, selectFiles+` WHERE f.kind = 'workspace' AND f.trashed_ms = 0 ORDER BY f.rowid`)
	if err != nil {
		return err
	}
	folders, err := store.List(x.tx, scanFile, selectFiles+` WHERE f.kind = 'folder' AND f.trashed_ms = 0 ORDER BY f.rowid`)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		made := SeedWorkspace{Name: w.Name, Description: w.Description, Owner: x.members[w.OwnerID]}
		_, isTeams := x.places[w.ID]
		x.places[w.ID] = w.Name
		if made.Folders, made.FolderGrants, err = x.folders(w, folders); err != nil {
			return err
		}
		if made.Grants, err = x.grants(w.ID); err != nil {
			return err
		}
		if !isTeams || len(made.Folders) > 0 || len(made.Grants) > 0 {
			s.Workspaces = append(s.Workspaces, made)
		}
	}
	for i := range s.Workspaces {
		slices.SortStableFunc(s.Workspaces[i].Folders, strings.Compare) // a folder comes before the folders in it
	}
	if err := x.homes(folders); err != nil {
		return err
	}
	return x.documents(s)
}

// folders lists the folders below a workspace by their paths, and what is shared of them.
func (x *extractor) folders(w File, all []File) (paths []string, shared []SeedFolderGrant, err error) {
	x.below(w.ID, all, func(f File, path string) {
		paths = append(paths, strings.TrimPrefix(path, w.Name+"/"))
		grants, grantErr := x.grants(f.ID)
		if grantErr != nil {
			err = grantErr
		}
		for _, g := range grants {
			shared = append(shared, SeedFolderGrant{strings.TrimPrefix(path, w.Name+"/"), g.To, g.Access})
		}
	})
	return paths, shared, err
}

// below names all folders below a place, and calls found for each.
func (x *extractor) below(id string, all []File, found func(f File, path string)) {
	for _, f := range all {
		if f.ParentID == id {
			x.places[f.ID] = x.places[id] + "/" + f.Name
			found(f, x.places[f.ID])
			x.below(f.ID, all, found)
		}
	}
}

// homes names the folders of members and what is in them.
func (x *extractor) homes(folders []File) error {
	homes, err := store.List(x.tx, store.Text, `SELECT home_folder_id FROM sigma_members ORDER BY rowid`)
	for _, home := range homes {
		x.places[home] = "My Documents"
		x.below(home, folders, func(File, string) {})
	}
	return err
}

// maxSeedDocuments is how many documents a scenario gets.
const maxSeedDocuments = 2000

func (x *extractor) documents(s *Seed) error {
	type row struct {
		file             File
		content          string
		trashed, updated int64
	}
	list, err := store.List(x.tx, func(r store.Row) (d row, err error) {
		var created int64
		err = r.Scan(&d.file.ID, &d.file.ParentID, &d.file.Name, &d.file.Description, &d.file.OwnerID, &d.content, &created,
			&d.updated, &d.trashed)
		d.file.CreatedAt = store.Time(created)
		return d, err
	}, `SELECT id, parent_id, name, description, owner_id, content, created_ms, updated_ms, trashed_ms FROM sigma_files
		WHERE kind = 'workbook' ORDER BY rowid LIMIT $1`, maxSeedDocuments)
	if err != nil {
		return err
	}
	for _, d := range list {
		place, known := x.places[d.file.ParentID]
		owner, hasOwner := x.members[d.file.OwnerID]
		if !known || !hasOwner {
			continue // it is in a folder that was deleted, so nobody can reach it
		}
		var content Content
		if err := json.Unmarshal([]byte(d.content), &content); err != nil {
			return err
		}
		made := SeedDocument{
			Name: d.file.Name, Description: d.file.Description, Owner: owner, In: place, Text: content.Text, Pages: content.Pages,
			Trashed: d.trashed > 0, Created: moment.Before(x.now, d.file.CreatedAt), Updated: x.before(d.updated),
		}
		if made.Grants, err = x.grants(d.file.ID); err != nil {
			return err
		}
		s.Documents = append(s.Documents, made)
	}
	return nil
}

// accessNames are the words of a scenario for the levels of access.
var accessNames = map[Access]string{CanView: "view", CanExplore: "explore", CanEdit: "edit", CanManage: "manage"}

// grants lists what is shared of a file.
func (x *extractor) grants(fileID string) (list []SeedGrant, err error) {
	err = x.tx.Each(`SELECT grantee_kind, grantee_id, access FROM sigma_grants WHERE file_id = $1 ORDER BY rowid`, []any{fileID},
		func(r store.Row) error {
			var kind, id string
			var access int
			err := r.Scan(&kind, &id, &access)
			to := map[string]string{"member": x.members[id], "team": x.teams[id], "everyone": "everyone"}[kind]
			if to != "" {
				list = append(list, SeedGrant{to, accessNames[Access(access)]})
			}
			return err
		})
	return list, err
}

func (x *extractor) readDirectory(s *Seed) error {
	return x.tx.Each(`SELECT name, hash, member_id, created_ms, last_used_ms, expires_ms, revoked_ms FROM sigma_directory_tokens
		ORDER BY rowid`, nil, func(r store.Row) error {
		var t SeedToken
		var member string
		var created, used, expires, revoked int64
		err := r.Scan(&t.Name, &t.Hash, &member, &created, &used, &expires, &revoked)
		t.Member, t.Created, t.LastUsed = x.members[member], x.before(created), x.before(used)
		t.Expires, t.Revoked = x.before(expires), x.before(revoked)
		s.Directory.Tokens = append(s.Directory.Tokens, t)
		return err
	})
}

// readAudit reads the newest events, oldest first.
func (x *extractor) readAudit(s *Seed) error {
	list, err := store.List(x.tx, scanAudit, auditFields+` FROM sigma_audit ORDER BY seq DESC LIMIT $1`, maxSeedAudit)
	for _, e := range slices.Backward(list) {
		made := SeedAudit{
			At: moment.Before(x.now, e.At), Type: e.Type, Name: e.Name, Failure: e.Status == "Failure", Reason: e.Reason,
			By: e.Actor.Email, Object: e.Object.Name, ObjectKind: e.Object.Kind, Detail: e.Detail,
			IP: e.Actor.Client.IP, UserAgent: e.Actor.Client.UserAgent,
		}
		if e.Actor.Kind == ByToken {
			made.Token = e.Actor.Name
		}
		s.Audit = append(s.Audit, made)
	}
	return err
}

// Links are the identifiers of what the directory has made in Sigma. The directory stores them.
type Links struct {
	Members map[string]string // id of a provisioned member, by email address in lower case
	Teams   map[string]string // id of an active team, by name
}

// Links returns the identifiers of what the directory has made.
func (o *Organization) Links(ctx context.Context) (l Links, err error) {
	l = Links{Members: map[string]string{}, Teams: map[string]string{}}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		for query, to := range map[string]map[string]string{
			`SELECT email_key, id FROM sigma_members WHERE provisioned = 1`: l.Members,
			`SELECT name, id FROM sigma_teams WHERE status = 'active'`:      l.Teams,
		} {
			err := tx.Each(query, nil, func(r store.Row) error {
				var name, id string
				err := r.Scan(&name, &id)
				to[name] = id
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return l, err
}

// SetExternalIDs stores the directory's identifiers of provisioned members, by email address. It is for a new lab.
func (o *Organization) SetExternalIDs(ctx context.Context, ids map[string]string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		for email, id := range ids {
			err := tx.Exec(`UPDATE sigma_members SET external_id = $2 WHERE email_key = $1 AND provisioned = 1`, emailKey(email), id)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ReplaceText replaces a text in the identity provider's login URL and in the audit log, and a directory token that is this text,
// for a new lab.
func (o *Organization) ReplaceText(ctx context.Context, from, to string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Exec(`UPDATE sigma_audit SET detail = replace(detail, $1, $2) WHERE instr(detail, $1) > 0`, from, to); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE sigma_directory_tokens SET hash = $2 WHERE hash = $1`, store.Hash(from), store.Hash(to)); err != nil {
			return err
		}
		return tx.Exec(`UPDATE sigma_organization SET idp_login_url = replace(idp_login_url, $1, $2) WHERE id = 1`, from, to)
	})
}
