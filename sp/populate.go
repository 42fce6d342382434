package sp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Populate fills an empty organization from a scenario. It is a Conflict if the organization has members. The audit log gets
// only the history of the scenario.
func (o *Organization) Populate(ctx context.Context, s Seed) error {
	hashes := map[string]string{} // made before the transaction, because hashing takes milliseconds
	for _, m := range s.Members {
		if err := checkSeedHash(m); err != nil {
			return fmt.Errorf("member %s: %w", m.Email, err)
		}
		if m.Password == "" || m.PasswordHash != "" || hashes[m.Password] != "" {
			continue
		}
		hash, err := bcrypt.GenerateFromPassword([]byte(m.Password), passwordCost)
		if err != nil {
			return fmt.Errorf("populate %s: %w", m.Email, err)
		}
		hashes[m.Password] = string(hash)
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		used, err := tx.Exists(`SELECT 1 FROM sigma_members`)
		if err != nil {
			return err
		}
		if used {
			return problem.New(problem.Conflict, "The Sigma organization is not empty.")
		}
		p := populator{tx: tx, hashes: hashes, members: map[string]Member{}, teams: map[string]Team{},
			places: map[string]File{}}
		return p.all(s)
	})
}

// populator fills an organization. It maps the names in a scenario to what was created.
type populator struct {
	tx      *store.Tx
	hashes  map[string]string // bcrypt hashes, by password
	members map[string]Member // by email address, see emailKey
	teams   map[string]Team
	places  map[string]File // "Workspace", "Workspace/Folder"
	first   Member          // first Admin, who owns everything without an owner

	documents []File     // in the order of the scenario
	events    []happened // of the time before the lab
}

func (p *populator) all(s Seed) error {
	if err := p.organization(s); err != nil {
		return err
	}
	for _, t := range s.AccountTypes {
		if err := p.accountType(t); err != nil {
			return fmt.Errorf("account type %s: %w", t.Name, err)
		}
	}
	for _, m := range s.Members {
		if err := p.member(m); err != nil {
			return fmt.Errorf("member %s: %w", m.Email, err)
		}
	}
	for _, t := range s.Teams {
		if err := p.team(t); err != nil {
			return fmt.Errorf("team %s: %w", t.Name, err)
		}
	}
	for _, w := range s.Workspaces {
		if err := p.workspace(w); err != nil {
			return fmt.Errorf("workspace %s: %w", w.Name, err)
		}
	}
	for _, d := range s.Documents {
		if err := p.document(d); err != nil {
			return fmt.Errorf("document %s: %w", d.Name, err)
		}
	}
	for _, step := range []func(Seed) error{p.history, p.times, p.defaultType, p.directory, p.auditLog} {
		if err := step(s); err != nil {
			return err
		}
	}
	return nil
}

func (p *populator) organization(s Seed) error {
	a := s.Authentication
	if a.SessionHours == 0 {
		a.SessionHours = 720
	}
	return p.tx.Exec(`UPDATE sigma_organization SET name = $1, cloud = $2, region = $3, method = $4, session_hours = $5, guest_access = $6,
		two_factor = $7, sign_requests = $8, strict_types = $9, idp_login_url = $10, idp_certificate = $11 WHERE id = 1`,
		or(s.Name, "Sigma organization"), or(s.Cloud, "AWS"), or(s.Region, "US West"), or(a.Method, string(MethodPassword)),
		a.SessionHours, flag(a.GuestAccess), flag(a.TwoFactor), flag(a.SignRequests), flag(a.StrictTypes), a.LoginURL,
		strings.TrimSpace(a.Certificate))
}

func (p *populator) accountType(t SeedAccountType) error {
	var list []Permission
	if t.Like != "" {
		like, found, err := resolveType(p.tx, t.Like)
		if err != nil || !found {
			return orProblem(err, "like", "There is no account type "+t.Like+".")
		}
		list = like.Permissions.List()
	}
	with, err := permissionsNamed(t.With)
	if err != nil {
		return err
	}
	without, err := permissionsNamed(t.Without)
	if err != nil {
		return err
	}
	set := PermissionsOf(append(list, with...)...)
	for p := range set { // a permission that enables an excluded one is excluded, too
		enabled := PermissionsOf(p)
		if slices.ContainsFunc(without, enabled.Has) {
			delete(set, p)
		}
	}
	return insertAccountType(p.tx, AccountType{ID: p.tx.UUID(), Name: t.Name, Description: t.Description, Permissions: set})
}

// permissionsNamed finds permissions by label or identifier.
func permissionsNamed(list []string) ([]Permission, error) {
	var found []Permission
	for _, text := range list {
		n := len(found)
		for _, info := range AllPermissions() {
			if info.Name == text || string(info.Permission) == text {
				found = append(found, info.Permission)
			}
		}
		if len(found) == n {
			return nil, problem.InvalidField("permissions", "There is no permission "+text+".")
		}
	}
	return found, nil
}

func (p *populator) member(m SeedMember) error {
	if !validEmail(m.Email) {
		return problem.InvalidField("email", "This is not an email address.")
	}
	t, found, err := resolveType(p.tx, or(m.AccountType, "Viewer"))
	if err != nil || !found {
		return orProblem(err, "accountType", "There is no account type "+m.AccountType+".")
	}
	added, err := addMember(p.tx, Member{Email: m.Email, FirstName: m.FirstName, LastName: m.LastName, AccountTypeID: t.ID,
		Status: MemberStatus(or(m.Status, string(MemberActive))), Provisioned: m.Provisioned, RequestedType: m.RequestedType,
		Attributes: m.DirectoryAttributes, directoryKeys: m.DirectoryKeys}, or(m.PasswordHash, p.hashes[m.Password]))
	if err != nil {
		return err
	}
	p.members[emailKey(m.Email)] = added
	if p.first.ID == "" && t.Admin() {
		p.first = added
	}
	return nil
}

func (p *populator) team(t SeedTeam) error {
	team, err := insertTeam(p.tx, Team{Name: t.Name, Description: t.Description, Visibility: or(t.Visibility, "public"), Provisioned: t.Provisioned})
	if err != nil {
		return err
	}
	if t.Inactive {
		if err := p.tx.Exec(`UPDATE sigma_teams SET status = 'inactive', deactivated_ms = updated_ms WHERE id = $1`, team.ID); err != nil {
			return err
		}
	}
	if t.Workspace {
		if team, err = addTeamWorkspace(p.tx, team, p.first.ID); err != nil {
			return err
		}
		if p.places[t.Name], err = loadFile(p.tx, team.WorkspaceID); err != nil {
			return err
		}
	}
	p.teams[t.Name] = team
	for i, email := range append(append([]string{}, t.Members...), t.Admins...) {
		m, known := p.members[emailKey(email)]
		if !known {
			return problem.InvalidField("members", "There is no member "+email+".")
		}
		if err := p.tx.Exec(`INSERT INTO sigma_team_members (team_id, member_id, is_admin, added_ms) VALUES ($1, $2, $3, $4)
			ON CONFLICT (team_id, member_id) DO UPDATE SET is_admin = excluded.is_admin`,
			team.ID, m.ID, flag(i >= len(t.Members)), store.Millis(p.tx.Now())); err != nil {
			return err
		}
	}
	return nil
}

func (p *populator) workspace(w SeedWorkspace) error {
	owner, err := p.owner(w.Owner)
	if err != nil {
		return err
	}
	f, known := p.places[w.Name] // the workspace of a team, of which only folders and grants are listed
	if !known {
		f, err = insertFile(p.tx, File{Kind: KindWorkspace, Name: w.Name, Description: w.Description, OwnerID: owner.ID}, "", owner.ID)
		if err != nil {
			return err
		}
		p.places[w.Name] = f
	}
	for _, name := range w.Folders {
		if err := p.folder(w.Name, name, owner); err != nil {
			return err
		}
	}
	for _, g := range w.FolderGrants {
		folder, known := p.places[w.Name+"/"+g.Folder]
		if !known {
			return problem.InvalidField("folder", "There is no folder "+g.Folder+".")
		}
		if err := p.grants(folder, []SeedGrant{{g.To, g.Access}}, owner); err != nil {
			return err
		}
	}
	return p.grants(f, w.Grants, owner)
}

func (p *populator) document(d SeedDocument) error {
	owner, err := p.owner(d.Owner)
	if err != nil {
		return err
	}
	parent, known := p.places[d.In]
	if d.In == "" || d.In == "My Documents" {
		parent, known = File{ID: owner.HomeFolderID}, true
	}
	if path, home := strings.CutPrefix(d.In, "My Documents/"); home {
		parent, known = File{ID: owner.HomeFolderID}, true
		for name := range strings.SplitSeq(path, "/") {
			if parent, err = subfolder(p.tx, parent.ID, name, owner.ID); err != nil {
				return err
			}
		}
	}
	if err != nil || !known {
		return orProblem(err, "in", "There is no folder "+d.In+".")
	}
	content := Content{Text: strings.TrimSpace(d.Text), Pages: d.Pages}
	if len(content.Pages) == 0 {
		content = newContent()
		content.Text = strings.TrimSpace(d.Text)
	}
	for i := range content.Pages {
		for j := range content.Pages[i].Elements {
			if e := &content.Pages[i].Elements[j]; e.ID == "" {
				e.ID = fmt.Sprintf("%s-%d-%d", or(e.Kind, "table"), i+1, j+1)
			}
		}
	}
	f, err := insertFile(p.tx, File{Kind: KindWorkbook, ParentID: parent.ID, Name: d.Name, Description: d.Description,
		OwnerID: owner.ID}, encodeContent(fillEmptyCharts(content)), owner.ID)
	if err != nil {
		return err
	}
	p.documents = append(p.documents, f)
	return p.grants(f, d.Grants, owner)
}

// fillEmptyCharts computes the charts from the first table if a chart has no rows.
func fillEmptyCharts(c Content) Content {
	for _, page := range c.Pages {
		for _, e := range page.Elements {
			if e.Chart() && len(e.Rows) == 0 {
				return withCharts(c)
			}
		}
	}
	return c
}

func (p *populator) owner(email string) (Member, error) {
	if email == "" && p.first.ID != "" {
		return p.first, nil
	}
	m, known := p.members[emailKey(email)]
	if !known {
		return m, problem.InvalidField("owner", "There is no member "+email+".")
	}
	return m, nil
}

func (p *populator) grants(f File, list []SeedGrant, owner Member) error {
	levels := map[string]Access{"view": CanView, "explore": CanExplore, "edit": CanEdit, "contribute": CanEdit, "manage": CanManage}
	for _, g := range list {
		kind, id := "everyone", ""
		if m, known := p.members[emailKey(g.To)]; known {
			kind, id = "member", m.ID
		} else if t, known := p.teams[g.To]; known {
			kind, id = "team", t.ID
		} else if g.To != "everyone" {
			return problem.InvalidField("grants", "There is no member or team "+g.To+".")
		}
		access, known := levels[g.Access]
		if !known {
			return problem.InvalidField("grants", "There is no access "+g.Access+".")
		}
		if err := putGrant(p.tx, f.ID, kind, id, access, owner.ID); err != nil {
			return err
		}
	}
	return nil
}

// or returns text, or otherwise if text is empty.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// orProblem returns err, or an error about a field if err is nil.
func orProblem(err error, field, message string) error {
	if err != nil {
		return err
	}
	return problem.InvalidField(field, message)
}
