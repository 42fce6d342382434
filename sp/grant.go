package sp

import (
	"context"
	"fmt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Grant gives a member, a team or everyone access to a file and to all files in it.
type Grant struct {
	GranteeKind string // member, team, everyone
	GranteeID   string // empty for everyone
	GranteeName string
	Access      Access
	Inherited   bool   // the grant is on a folder above
	From        string // name of the file that the grant is on
}

// Grants lists the grants on a file, then those on the folders above it. Needs Can view.
func (o *Organization) Grants(ctx context.Context, by Actor, fileID string) (list []Grant, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err := openFile(tx, v, fileID)
		if err != nil {
			return err
		}
		for at := f; ; {
			here, err := store.List(tx, scanGrant, `SELECT g.grantee_kind, g.grantee_id, g.access, CASE g.grantee_kind
				WHEN 'member' THEN (SELECT trim(first_name || ' ' || last_name) FROM sigma_members WHERE id = g.grantee_id)
				WHEN 'team' THEN (SELECT name FROM sigma_teams WHERE id = g.grantee_id) ELSE 'All members' END
				FROM sigma_grants g WHERE g.file_id = $1 ORDER BY 4`, at.ID)
			if err != nil {
				return err
			}
			for _, g := range here {
				g.Inherited, g.From = at.ID != f.ID, at.Name
				list = append(list, g)
			}
			if at.ParentID == "" {
				return nil
			}
			if at, err = loadFile(tx, at.ParentID); err != nil {
				return err
			}
		}
	})
	return list, err
}

func scanGrant(r store.Row) (g Grant, err error) {
	var name *string
	err = r.Scan(&g.GranteeKind, &g.GranteeID, &g.Access, &name)
	if name != nil {
		g.GranteeName = *name
	}
	return g, err
}

// Share adds or changes a grant. Needs the permission Share documents, and the access Can edit for documents or Can manage
// for folders. granteeKind is member, team or everyone. Fields of an error: grantee, access.
func (o *Organization) Share(ctx context.Context, by Actor, fileID, granteeKind, granteeID string, access Access) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err := changeable(tx, v, ToShare, fileID)
		if err != nil {
			return err
		}
		name, err := granteeName(tx, granteeKind, granteeID)
		if err != nil {
			return err
		}
		highest := CanManage
		if f.Kind == KindWorkbook {
			highest = CanEdit
		}
		if access < CanView || access > highest {
			return problem.InvalidField("access", "Select a permission from the list.")
		}
		if err := putGrant(tx, f.ID, granteeKind, granteeID, access, v.member.ID); err != nil {
			return err
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "SHARE", Object: Object{string(f.Kind), f.ID, f.Name},
			Detail: map[string]string{"grantee": name, "access": access.Label(f.Kind)}})
	})
}

// Unshare removes a grant. It needs the same rights as [Organization.Share].
func (o *Organization) Unshare(ctx context.Context, by Actor, fileID, granteeKind, granteeID string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		f, err := changeable(tx, v, ToShare, fileID)
		if err != nil {
			return err
		}
		n, err := tx.Change(`DELETE FROM sigma_grants WHERE file_id = $1 AND grantee_kind = $2 AND grantee_id = $3`,
			f.ID, granteeKind, granteeID)
		if err != nil {
			return err
		}
		if n == 0 {
			return problem.New(problem.NotFound, "There is no such grant on this file.")
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "UNSHARE", Object: Object{string(f.Kind), f.ID, f.Name},
			Detail: map[string]string{"granteeKind": granteeKind, "granteeId": granteeID}})
	})
}

// granteeName returns the name of a grantee who can get a grant: an active member or team, or everyone.
func granteeName(tx *store.Tx, kind, id string) (string, error) {
	switch kind {
	case "everyone":
		if id == "" {
			return "All members", nil
		}
	case "member":
		if m, err := loadMember(tx, id); err == nil && m.Status != MemberInactive {
			return m.Name(), nil
		} else if err != nil && !problem.Is(err, problem.NotFound) {
			return "", err
		}
	case "team":
		if t, err := loadTeam(tx, id); err == nil && t.Active {
			return t.Name, nil
		} else if err != nil && !problem.Is(err, problem.NotFound) {
			return "", err
		}
	}
	return "", problem.InvalidField("grantee", "Select an active member or team.")
}

// putGrant inserts a grant or changes its access. by is the id of the member who shares.
func putGrant(tx *store.Tx, fileID, kind, id string, access Access, by string) error {
	return tx.Exec(`INSERT INTO sigma_grants (file_id, grantee_kind, grantee_id, access, granted_by, granted_ms)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (file_id, grantee_kind, grantee_id)
		DO UPDATE SET access = excluded.access, granted_by = excluded.granted_by, granted_ms = excluded.granted_ms`,
		fileID, kind, id, int(access), by, store.Millis(tx.Now()))
}

// RequestAccess sends an email to the owner of a file that the actor cannot open.
func (o *Organization) RequestAccess(ctx context.Context, by Actor, base BaseURL, fileID string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if v.member.ID == "" {
			return problem.New(problem.Unauthenticated, "Sign in to continue.")
		}
		f, err := loadFile(tx, fileID)
		if err != nil {
			return err
		}
		owner, err := loadMember(tx, f.OwnerID)
		if err != nil {
			return problem.New(problem.NotFound, "This file has no owner. Ask an administrator for access.")
		}
		if err := tx.Mail(store.Mail{Sender: "Sigma", ToName: owner.Name(), ToAddr: owner.Email, Subject: v.member.Name() + " asks for access",
			Body: fmt.Sprintf("%s (%s) asks for access to the %s \"%s\".\n\nTo share it, open:\n%s\n",
				v.member.Name(), v.member.Email, f.Kind.Word(), f.Name, base.url(f.Path()))}); err != nil {
			return err
		}
		return record(tx, by, Event{Type: ObjectInteractions, Name: "REQUEST_ACCESS",
			Object: Object{string(f.Kind), f.ID, f.Name}})
	})
}

// Path is the path of a file's page: /workbook/{urlId} or /folder/{urlId}.
func (f File) Path() string {
	if f.Kind == KindWorkbook {
		return "/workbook/" + f.URLID
	}
	return "/folder/" + f.URLID
}
