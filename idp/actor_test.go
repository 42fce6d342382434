package idp_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/seed/base/store"
)

// withoutActor are the methods of Org that write and take no actor, with the reason.
var withoutActor = map[string]string{
	"Populate":        "fills a new org; nobody acts",
	"Link":            "fills a new org; nobody acts",
	"ReplaceText":     "fills a new org; nobody acts",
	"SetClockSkew":    "controls the lab, outside Okta",
	"EndWindow":       "controls the lab, outside Okta",
	"CarrySessions":   "controls the lab, outside Okta",
	"PreviewSignOn":   "rolls its transaction back",
	"SeeAuthnRequest": "notes a request; SignOn and RefuseSignOn record its result",
	"Session":         "notes when a session was last used",
	"BeginImport":     "bookkeeping of the runner, which records the result of the job",
	"SaveImportPage":  "bookkeeping of the runner, which records the result of the job",
	"ImportFinished":  "bookkeeping of the runner, which records the result of the job",
	"ImportFailed":    "bookkeeping of the runner, which records the result of the job",
	"FinishJob":       "bookkeeping of the runner, which records the result of the job",
	"RetryJob":        "bookkeeping of the runner, which records the result of the job",
	"FailJob":         "bookkeeping of the runner, which records the result of the job",
	"Linked":          "bookkeeping of the runner, which records the result of the job",
	"Synced":          "bookkeeping of the runner, which records the result of the job",
	"SyncFailed":      "bookkeeping of the runner, which records the result of the job",
	"Pushed":          "bookkeeping of the runner, which records the result of the job",
	"PushFailed":      "bookkeeping of the runner, which records the result of the job",

	"ReplaceAddresses": "the lab has moved to another address, which nobody of the org did",
}

// Every exported method of Org that writes takes an Actor (or the Client or Session that one is made of) and uses it.
func TestChangesTakeAnActor(t *testing.T) {
	methods := methodsOfOrg(t)
	writes := map[string]bool{}
	for again := true; again; { // a method writes if it calls Write or one that writes
		again = false
		for name, method := range methods {
			if !writes[name] && callsWriter(method, writes) {
				writes[name], again = true, true
			}
		}
	}
	checked := 0
	for name, method := range methods {
		if !method.Name.IsExported() || !writes[name] {
			continue
		}
		checked++
		actor := actorParameter(method)
		_, excepted := withoutActor[name]
		switch {
		case actor == "" && !excepted:
			t.Errorf("%s writes and takes no Actor", name)
		case actor != "" && excepted:
			t.Errorf("%s takes an Actor: remove it from withoutActor", name)
		case actor != "" && !uses(method.Body, actor):
			t.Errorf("%s takes the Actor %s and does not record it", name, actor)
		}
	}
	if checked < 60 {
		t.Errorf("only %d methods that write were found", checked)
	}
	for name := range withoutActor {
		if method := methods[name]; method == nil || !writes[name] {
			t.Errorf("withoutActor names %s, which is no method that writes", name)
		}
	}
}

func methodsOfOrg(t *testing.T) map[string]*ast.FuncDecl {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string]*ast.FuncDecl{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			method, ok := declaration.(*ast.FuncDecl)
			if !ok || method.Recv == nil {
				continue
			}
			if star, ok := method.Recv.List[0].Type.(*ast.StarExpr); ok {
				if receiver, ok := star.X.(*ast.Ident); ok && receiver.Name == "Org" {
					methods[method.Name.Name] = method
				}
			}
		}
	}
	return methods
}

// callsWriter reports whether a method calls db.Write, or changes a transaction, or calls a method of Org that does.
func callsWriter(method *ast.FuncDecl, writes map[string]bool) (found bool) {
	ast.Inspect(method.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
			name, on := selector.Sel.Name, ""
			if receiver, ok := selector.X.(*ast.Ident); ok {
				on = receiver.Name
			}
			if database, ok := selector.X.(*ast.SelectorExpr); ok {
				on = database.Sel.Name
			}
			found = found || on == "db" && name == "Write" || on == "tx" && (name == "Exec" || name == "Change") ||
				on == "o" && writes[name]
		}
		if function, ok := call.Fun.(*ast.Ident); ok && function.Name == "setSync" {
			found = true
		}
		return true
	})
	return found
}

// actorParameter returns the name of the parameter that says who acts; "" if there is none.
func actorParameter(method *ast.FuncDecl) string {
	for _, field := range method.Type.Params.List {
		kind, ok := field.Type.(*ast.Ident)
		if ok && slices.Contains([]string{"Actor", "Client", "Session"}, kind.Name) && len(field.Names) > 0 {
			return field.Names[0].Name
		}
	}
	return ""
}

func uses(body ast.Node, name string) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		ident, ok := n.(*ast.Ident)
		found = found || ok && ident.Name == name
		return true
	})
	return found
}

// What an administrator does about provisioning is recorded with the administrator as the actor.
func TestProvisioningActionsAreRecorded(t *testing.T) {
	w := open(t)
	app := w.app("Sigma on AWS")
	w.provision(app)
	noorID := w.user(noor).ID
	_, err := w.AssignUser(w.ctx(), w.admin, app.ID, noorID, given())
	w.must(err)
	mapping, err := w.PushGroup(w.ctx(), w.admin, app.ID, idp.NewPush{GroupID: w.group("Viewers").ID})
	w.must(err)
	w.ran(app, noor, "u1")
	failed := func() int64 {
		w.must(w.RetryUser(w.ctx(), w.admin, app.ID, noorID))
		jobs, _, err := w.DueJobs(w.ctx(), 100, nil)
		w.must(err)
		i := slices.IndexFunc(jobs, func(j job.Job) bool { return j.UserID == noorID })
		w.must(w.FailJob(w.ctx(), jobs[i], "No answer.", func(*store.Tx) error { return nil }))
		return jobs[i].ID
	}
	for _, c := range []struct {
		name, event string
		do          func() error
	}{
		{"RetryUser", "application.provision.user.sync",
			func() error { return w.RetryUser(w.ctx(), w.admin, app.ID, noorID) }},
		{"ForceSync", "application.provision.user.sync",
			func() error { _, err := w.ForceSync(w.ctx(), w.admin, app.ID); return err }},
		{"StartImport", "system.import.start", func() error { return w.StartImport(w.ctx(), w.admin, app.ID) }},
		{"RefreshAppGroups", "system.import.group.start",
			func() error { return w.RefreshAppGroups(w.ctx(), w.admin, app.ID) }},
		{"SaveImportedGroups", "system.import.group.create", func() error {
			return w.SaveImportedGroups(w.ctx(), w.admin, app.ID, []idp.ImportedGroup{{ExternalID: "g9", Name: "Planets"}})
		}},
		{"SaveImportedGroups", "system.import.group.delete",
			func() error { return w.SaveImportedGroups(w.ctx(), w.admin, app.ID, nil) }},
		{"PushNow", "application.provision.group_push.push_memberships",
			func() error { return w.PushNow(w.ctx(), w.admin, mapping.ID) }},
		{"DeactivatePush", "application.provision.group_push.deactivate_mapping",
			func() error { return w.DeactivatePush(w.ctx(), w.admin, mapping.ID) }},
		{"PushNow", "application.provision.group_push.activate_mapping",
			func() error { return w.PushNow(w.ctx(), w.admin, mapping.ID) }},
		{"RetryJobs", "application.lifecycle.update", func() error { return w.RetryJobs(w.ctx(), w.admin, failed()) }},
		{"DismissJobs", "application.lifecycle.update", func() error { return w.DismissJobs(w.ctx(), w.admin, failed()) }},
	} {
		mark := w.mark()
		w.must(c.do())
		events := w.since(mark)
		if len(events) == 0 {
			t.Errorf("%s recorded nothing", c.name)
			continue
		}
		if last := events[len(events)-1]; last.EventType != c.event || last.Actor.ID != w.admin.ID {
			t.Errorf("%s recorded %s by %s, want %s by %s", c.name, last.EventType, last.Actor.ID, c.event, w.admin.ID)
		}
	}
}
