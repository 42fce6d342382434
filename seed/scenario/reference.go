package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"understudy/idp"
)

// references checks that what a scenario names exists in it.
type references struct {
	body  ast.Node
	found []Mistake
}

// checkReferences returns a mistake for each name that nothing in the scenario has, and for each value that a key does not accept.
func checkReferences(s Scenario, body ast.Node) []Mistake {
	r := &references{body: body}
	r.okta(s.Okta)
	r.sigma(s)
	r.identities(s)
	return r.found
}

// add adds a mistake at a path of keys (string) and positions (int).
func (r *references) add(text string, path ...any) {
	at := locate(r.body, path).GetToken().Position
	r.found = append(r.found, Mistake{at.Line, at.Column, text})
}

// known adds a mistake unless a name is in a list. An empty name is not checked.
func (r *references) known(what, name string, list []string, path ...any) {
	if name == "" || slices.Contains(list, name) || slices.Contains(list, strings.ToLower(name)) {
		return
	}
	r.add(fmt.Sprintf("there is no %s %s%s", what, name, didYouMean(name, list)), path...)
}

// locate returns the node at a path, or the last node on the way to it that exists.
func locate(node ast.Node, path []any) ast.Node {
	for {
		switch n := node.(type) {
		case *ast.AnchorNode:
			node = n.Value
			continue
		case *ast.MappingNode:
			if len(path) > 0 {
				for _, value := range n.Values {
					if value.Key.GetToken().Value == path[0] {
						return locate(value.Value, path[1:])
					}
				}
			}
		case *ast.MappingValueNode:
			if len(path) > 0 && n.Key.GetToken().Value == path[0] {
				return locate(n.Value, path[1:])
			}
		case *ast.SequenceNode:
			if i, isIndex := first(path).(int); isIndex && i < len(n.Values) {
				return locate(n.Values[i], path[1:])
			}
		}
		return node
	}
}

func first(path []any) any {
	if len(path) == 0 {
		return nil
	}
	return path[0]
}

func (r *references) okta(s idp.Seed) {
	r.catalog(s.Catalog)
	var logins, groups, apps []string
	for i, u := range s.Users {
		login := strings.ToLower(u.Login)
		if login == "" {
			login = strings.ToLower(u.Email)
		}
		if slices.Contains(logins, login) {
			r.add("a user with this login is listed above", "okta", "users", i)
		}
		logins = append(logins, login)
		if u.Status != "" && !slices.Contains(idp.UserStatuses, u.Status) {
			r.known("status", string(u.Status), texts(choices["SeedUser.status"]), "okta", "users", i, "status")
		}
	}
	for _, a := range s.Apps {
		apps = append(apps, a.Label)
	}
	for i, g := range s.Groups {
		groups = append(groups, g.Name)
		r.known("app", g.App, apps, "okta", "groups", i, "app")
		r.each("user", g.Members, logins, "okta", "groups", i, "members")
	}
	for i, rule := range s.Rules {
		r.each("group", rule.Groups, groups, "okta", "rules", i, "groups")
		r.each("user", rule.Except, logins, "okta", "rules", i, "except")
		r.known("operator", rule.Operator, texts(choices["SeedGroupRule.operator"]), "okta", "rules", i, "operator")
	}
	for i, a := range s.Apps {
		r.each("user", a.Users, logins, "okta", "apps", i, "users")
		for j, p := range a.People {
			r.known("user", p.Login, logins, "okta", "apps", i, "people", j, "login")
		}
		for j, g := range a.Groups {
			r.known("group", g.Group, append(groups, "Everyone"), "okta", "apps", i, "groups", j, "group")
		}
		if a.Provisioning != nil {
			for j, g := range a.Provisioning.PushGroups {
				r.known("group", g.Group, append(groups, "Everyone"), "okta", "apps", i, "provisioning", "pushGroups", j, "group")
			}
		}
	}
}

// each checks all names of a list.
func (r *references) each(what string, names, list []string, path ...any) {
	for i, name := range names {
		r.known(what, name, list, append(slices.Clone(path), i)...)
	}
}

func texts(list []any) (all []string) {
	for _, one := range list {
		all = append(all, fmt.Sprint(one))
	}
	return all
}

func (r *references) sigma(s Scenario) {
	types := []string{"Admin", "Creator", "Viewer", "Author", "admin", "creator", "viewer", "author"}
	for i, t := range s.Sigma.AccountTypes {
		r.known("account type", t.Like, types, "sigma", "accountTypes", i, "like")
		types = append(types, t.Name)
	}
	var members, teams []string
	for i, m := range s.Sigma.Members {
		members = append(members, strings.ToLower(m.Email))
		r.known("account type", m.AccountType, types, "sigma", "members", i, "accountType")
		r.known("status", m.Status, texts(choices["SeedMember.status"]), "sigma", "members", i, "status")
	}
	places := []string{"My Documents"}
	for i, t := range s.Sigma.Teams {
		teams = append(teams, t.Name)
		if t.Workspace {
			places = append(places, t.Name)
		}
		r.each("member", t.Members, members, "sigma", "teams", i, "members")
		r.each("member", t.Admins, members, "sigma", "teams", i, "admins")
	}
	grantees := append(append([]string{"everyone"}, members...), teams...)
	access := texts(choices["SeedGrant.access"])
	for i, w := range s.Sigma.Workspaces {
		places = append(places, w.Name)
		for _, folder := range w.Folders {
			places = append(places, w.Name+"/"+folder)
		}
		r.known("member", w.Owner, members, "sigma", "workspaces", i, "owner")
		for j, g := range w.Grants {
			r.known("member or team", g.To, grantees, "sigma", "workspaces", i, "grants", j, "to")
			r.known("access", g.Access, access, "sigma", "workspaces", i, "grants", j, "access")
		}
	}
	for i, d := range s.Sigma.Documents {
		r.known("member", d.Owner, members, "sigma", "documents", i, "owner")
		if !strings.HasPrefix(d.In, "My Documents/") {
			r.known("folder", d.In, places, "sigma", "documents", i, "in")
		}
		for j, g := range d.Grants {
			r.known("member or team", g.To, grantees, "sigma", "documents", i, "grants", j, "to")
			r.known("access", g.Access, access, "sigma", "documents", i, "grants", j, "access")
		}
	}
	r.known("authentication method", s.Sigma.Authentication.Method, texts(choices["SeedAuth.method"]), "sigma", "authentication", "method")
}

// identities checks that the people of the lab card can sign in.
func (r *references) identities(s Scenario) {
	var logins, members []string
	for _, u := range s.Okta.Users {
		logins = append(logins, strings.ToLower(u.Login), strings.ToLower(u.Email))
	}
	for _, m := range s.Sigma.Members {
		members = append(members, strings.ToLower(m.Email))
	}
	for i, identity := range s.Identities {
		switch identity.Half {
		case "okta":
			r.known("Okta user", identity.Username, logins, "identities", i, "username")
		case "sigma":
			r.known("Sigma member", identity.Username, members, "identities", i, "username")
		default:
			r.add(fmt.Sprintf("half is okta or sigma, not %q", identity.Half), "identities", i)
		}
	}
}
