package site

import (
	"strconv"
	"strings"

	"understudy/sp"
	"understudy/ui/kit"
	"understudy/ui/sigma"
)

// mapped converts each item of a list.
func mapped[T, V any](list []T, convert func(T) V) []V {
	views := make([]V, len(list))
	for i, item := range list {
		views[i] = convert(item)
	}
	return views
}

func paging[T any](p sp.Page[T]) sigma.Paging {
	return sigma.Paging{Number: p.Number, Size: p.Size, Shown: len(p.Items), Total: p.Total}
}

func personView(m sp.Member) sigma.Person {
	return sigma.Person{ID: m.ID, Name: m.Name(), Email: m.Email, AccountType: m.AccountType, AccountTypeID: m.AccountTypeID,
		RequestedType: m.RequestedType, Status: sigma.MemberStatus(m.Status.Label()), Joined: m.CreatedAt, LastActive: m.LastActiveAt}
}

func personDetailView(d sp.MemberDetail) sigma.PersonDetail {
	return sigma.PersonDetail{Person: personView(d.Member), Teams: mapped(d.Teams, teamView), Documents: d.Documents,
		Guest: d.Kind == "guest", Provisioned: d.Provisioned, Deactivated: d.DeactivatedAt, Locked: d.Locked}
}

func memberOption(m sp.Member) kit.Option {
	return kit.Option{Value: m.ID, Label: m.Name() + " (" + m.Email + ")"}
}

func teamView(t sp.Team) sigma.Team {
	return sigma.Team{ID: t.ID, Name: t.Name, Description: t.Description, Members: t.Members,
		Public: t.Visibility == "public", Provisioned: t.Provisioned, Active: t.Active}
}

func accountTypeView(t sp.AccountType) sigma.AccountType {
	return sigma.AccountType{ID: t.ID, Name: t.Name, Description: t.Description, Members: t.Members, Default: t.Default,
		Standard: t.Standard != "", Editable: t.Editable(), Deletable: t.Deletable()}
}

// typeOptions lists account types to select. If first is not empty, it is the label of the choice of no type.
func typeOptions(types []sp.AccountType, first string) []kit.Option {
	var list []kit.Option
	if first != "" {
		list = append(list, kit.Option{Label: first})
	}
	for _, t := range types {
		list = append(list, kit.Option{Value: t.ID, Label: t.Name})
	}
	return list
}

// permissionTable returns the check boxes of the permission table; those in set are ticked.
func permissionTable(set sp.Permissions) []sigma.PermissionGroup {
	return mapped(sp.PermissionGroups(), func(g sp.PermissionGroup) sigma.PermissionGroup {
		return sigma.PermissionGroup{Name: g.Name, Subgroups: mapped(g.Subgroups, func(s sp.PermissionSubgroup) sigma.PermissionSubgroup {
			return sigma.PermissionSubgroup{Name: s.Name, Permissions: mapped(s.Permissions, func(p sp.PermissionInfo) sigma.Permission {
				return sigma.Permission{ID: string(p.Permission), Name: p.Name, Checked: set.Has(p.Permission),
					Enables: mapped(p.Enables, func(e sp.Permission) string { return string(e) }), Note: permissionNames(p.Enables)}
			})}
		})}
	})
}

func permissionNames(list []sp.Permission) string {
	return strings.Join(mapped(list, sp.Permission.Name), ", ")
}

// filePath is the path of a file's page.
func filePath(f sp.File) string {
	if f.Kind == sp.KindWorkbook {
		return "/workbook/" + f.URLID
	}
	return "/folder/" + f.ID
}

func fileView(f sp.File) sigma.File {
	v := sigma.File{ID: f.ID, Path: filePath(f), Kind: sigma.FileKind(f.Kind), Name: f.Name, Owner: f.OwnerName, Changed: f.UpdatedAt,
		Access: f.Rights.Access.Label(f.Kind), Share: f.Rights.Share, Rename: f.Rights.Rename, Move: f.Rights.Move, Delete: f.Rights.Delete}
	if f.Rights.Owner {
		v.Access = "Owner"
	}
	return v
}

func crumbViews(path []sp.Crumb) []sigma.Crumb {
	return mapped(path, func(c sp.Crumb) sigma.Crumb { return sigma.Crumb{ID: c.ID, Name: c.Name} })
}

// placeOptions lists folders to select, with the folders above them: "Workspace / Folder". The folder with the id except is
// left out.
func placeOptions(places []sp.Folder, except string) []kit.Option {
	var list []kit.Option
	for _, p := range places {
		if p.ID == except {
			continue
		}
		names := append(mapped(p.Path, func(c sp.Crumb) string { return c.Name }), p.Name)
		list = append(list, kit.Option{Value: p.ID, Label: strings.Join(names, " / ")})
	}
	return list
}

// accessOptions lists the access that can be granted on a file.
func accessOptions(kind sp.FileKind) []kit.Option {
	list := []sp.Access{sp.CanView, sp.CanExplore, sp.CanEdit}
	if kind != sp.KindWorkbook {
		list = append(list, sp.CanManage)
	}
	return mapped(list, func(a sp.Access) kit.Option { return kit.Option{Value: strconv.Itoa(int(a)), Label: a.Label(kind)} })
}

// granteeLabel names who has a grant.
func granteeLabel(kind, name string) string {
	switch kind {
	case "everyone":
		return "Everyone in the organization"
	case "team":
		return "Team " + name
	}
	return name
}

// granteeOptions lists everyone, teams and members to share with.
func granteeOptions(teams []sp.Team, members []sp.Member) []kit.Option {
	list := []kit.Option{{Value: "everyone", Label: granteeLabel("everyone", "")}}
	for _, t := range teams {
		list = append(list, kit.Option{Value: "team:" + t.ID, Label: granteeLabel("team", t.Name)})
	}
	for _, m := range members {
		list = append(list, kit.Option{Value: "member:" + m.ID, Label: memberOption(m).Label})
	}
	return list
}

func grantView(kind sp.FileKind) func(sp.Grant) sigma.Grant {
	return func(g sp.Grant) sigma.Grant {
		v := sigma.Grant{Grantee: g.GranteeKind + ":" + g.GranteeID, Name: granteeLabel(g.GranteeKind, g.GranteeName),
			Access: g.Access.Label(kind)}
		if g.Inherited {
			v.Inherited = g.From
		}
		return v
	}
}

func pageViews(c sp.Content) []sigma.WorkbookPage {
	return mapped(c.Pages, func(p sp.WorkbookPage) sigma.WorkbookPage {
		return sigma.WorkbookPage{Name: p.Name, Elements: mapped(p.Elements, func(e sp.Element) sigma.Element {
			return sigma.Element{ID: e.ID, Kind: e.Kind, Title: e.Title, Rows: e.Rows,
				Columns: mapped(e.Columns, func(c sp.Column) sigma.Column { return sigma.Column(c) })}
		})}
	})
}

func tokenView(t sp.DirectoryToken) sigma.Token {
	return sigma.Token{ID: t.ID, Name: t.Name, CreatedBy: t.MemberName, Created: t.CreatedAt, LastUsed: t.LastUsedAt,
		Expires: t.ExpiresAt, Revoked: !t.RevokedAt.IsZero(), Problem: t.Problem}
}

func auditView(e sp.AuditEntry) sigma.AuditEntry {
	from := map[sp.ActorKind]string{sp.ByMember: "member", sp.ByToken: "directory token", sp.BySSO: "identity provider",
		sp.BySystem: "lab", sp.ByNobody: "not signed in"}[e.Actor.Kind]
	for _, part := range []string{e.Actor.Email, e.Actor.Client.IP} {
		if part != "" {
			from += " · " + part
		}
	}
	return sigma.AuditEntry{At: e.At, Name: e.Name, Type: string(e.Type), Failed: e.Status == "Failure", Reason: e.Reason,
		Actor: e.Actor.Name, From: from, Object: e.Object.Name, Detail: e.Detail}
}
