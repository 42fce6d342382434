package idp_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/base/waittest"
)

// evaluations lists the functions that evaluate stored or typed expressions. What they evaluate comes from a form that
// TestEveryFormRefusesWrongExpressions in package console tries: add the form there before you add a function here.
var evaluations = []string{
	"effectiveProfile",   // mapping of an attribute
	"own",                // the same
	"userNameOf",         // custom username format
	"evaluateText",       // called by the functions above
	"fillSignOn",         // attribute statement
	"ruleMatches",        // group rule
	"PreviewGroupRule",   // preview of a group rule
	"previewMapping",     // preview of a mapping
	"requireExpression",  // the check itself
	"complete",           // basic condition of a group rule
	"activeRules",        // parses stored group rules
	"expressions",        // the check of an app file
	"Values", "Evaluate", // in package expression
}

// Nothing evaluates an expression except where a form has checked it.
func TestEvaluationsAreListed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"console", "sso", "signin", "provision", "catalog", "web"} {
		more, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(more) == 0 {
			t.Fatalf("%s: %d files, %v", folder, len(more), err)
		}
		files = append(files, more...)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			f, isFunction := declaration.(*ast.FuncDecl)
			if !isFunction || !evaluates(f) {
				continue
			}
			found++
			if !slices.Contains(evaluations, f.Name.Name) {
				t.Errorf("%s: %s evaluates an expression, but is not listed", name, f.Name.Name)
			}
		}
	}
	if found < len(evaluations)-2 {
		t.Errorf("only %d functions were found", found)
	}
}

// evaluates reports whether a function calls package expression, or evaluateText, or the values of a statement.
func evaluates(f *ast.FuncDecl) (found bool) {
	if f.Body == nil {
		return false
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, isCall := n.(*ast.CallExpr)
		if !isCall {
			return true
		}
		switch called := call.Fun.(type) {
		case *ast.Ident:
			found = found || called.Name == "evaluateText"
		case *ast.SelectorExpr:
			base, _ := called.X.(*ast.Ident)
			if base == nil {
				return true
			}
			found = found || (base.Name == "condition" && called.Sel.Name == "Matches") || (base.Name == "statement" && called.Sel.Name == "Values") ||
				(base.Name == "expression" && slices.Contains([]string{"Parse", "Validate", "Evaluate"}, called.Sel.Name))
		}
		return true
	})
	return found
}

// A lab may hold expressions that are refused today: from an older version, or from the file of somebody else. They have no
// value, stop nothing else, and take no time. Without limits, the longest takes minutes.
func TestStoredExpressionsStopNothing(t *testing.T) {
	for _, text := range []string{`nonsense((`, strings.Repeat("String.toLowerCase(", 20_000), strings.Repeat("(", 300_000),
		`String.nope("x")`, `Arrays.get({}, 3)`, `String.replace("a", "a"`, ""} {
		w := open(t)
		application := w.app("Sigma on AWS")
		w.groupRule("Sales view", "EQUALS", "Sales", "Viewers")
		w.must(w.db.Write(w.ctx(), func(tx *store.Tx) error {
			if err := tx.Exec(`UPDATE okta_group_rules SET expression = $1, attribute = ''`, text); err != nil {
				return err
			}
			if err := tx.Exec(`UPDATE okta_app_attributes SET definition = json_set(definition, '$.mapping', $1)
				WHERE name = 'displayName'`, text); err != nil {
				return err
			}
			return tx.Exec(`UPDATE okta_apps SET sign_on = json_set(sign_on, '$.userNameFormat', 'custom',
				'$.userNameTemplate', $1, '$.attributes', json_array(json_object('name', 'a', 'value', $1)))`, text)
		}))
		used := waittest.CPU(t, func() { w.useStoredExpressions(application, text) })
		if used > 10*time.Second {
			t.Errorf("%.30s: it used %s of processor time", text, used)
		}
	}
}

// useStoredExpressions assigns a user and previews a sign-on, in an org whose expressions are all the given text.
func (w *world) useStoredExpressions(application idp.App, text string) {
	w.t.Helper()
	w.department(noor, "Sales")
	au, err := w.AssignUser(w.ctx(), w.admin, application.ID, w.user(noor).ID, idp.Assignment{})
	if err != nil || au.UserName != "" || au.Profile["displayName"] != "" || au.Profile["givenName"] == "" {
		w.t.Errorf("%.30s: username %q, profile %q; %v", text, au.UserName, au.Profile, err)
	}
	application, err = w.App(w.ctx(), application.ID)
	w.must(err)
	on, err := w.PreviewSignOn(w.ctx(), w.user(noor).ID, idp.SignOnRequest{App: application,
		Settings: w.SAMLSettings(application, func(string) string { return "https://sigma.example" })})
	if err != nil || len(on.Statements) == 0 {
		w.t.Errorf("%.30s: the response has %d statements; %v", text, len(on.Statements), err)
	}
	w.wantIn(noor)
}

// An attribute whose stored mapping is refused today can still be changed in the Profile Editor, which has no field for the
// mapping. A new mapping is checked.
func TestProfileEditorKeepsStoredMappings(t *testing.T) {
	w := open(t)
	application := w.app("Sigma on AWS")
	w.must(w.db.Write(w.ctx(), func(tx *store.Tx) error {
		return tx.Exec(`UPDATE okta_app_attributes SET definition = json_set(definition, '$.mapping', 'user.shoeSize + "x"')
			WHERE name = 'displayName'`)
	}))
	schema, err := w.AppSchema(w.ctx(), application.ID)
	w.must(err)
	i := slices.IndexFunc(schema, func(a idp.Attribute) bool { return a.Name == "displayName" })
	attribute := schema[i]
	attribute.Title = "Shown name"
	w.must(w.SaveAttribute(w.ctx(), w.admin, application.ID, attribute))
	attribute.Mapping = `user.shoeSize + "y"`
	wantProblem(t, w.SaveAttribute(w.ctx(), w.admin, application.ID, attribute), problem.Invalid, "mapping")
	au, err := w.AssignUser(w.ctx(), w.admin, application.ID, w.user(noor).ID, idp.Assignment{})
	if err != nil || au.Profile["displayName"] != "x" { // an unknown name is empty and does not change the rest
		t.Errorf("%q; %v", au.Profile, err)
	}
}

// Expressions name the user, the app, the org, the groups and the session of the lab.
func TestExpressionsNameTheLab(t *testing.T) {
	w := open(t)
	application := w.app("Sigma on AWS")
	w.groupRule("Sales view", "EQUALS", "Sales", "Viewers")
	w.department(noor, "Sales")
	u := w.user(noor)
	_, err := w.AssignUser(w.ctx(), w.admin, application.ID, u.ID, idp.Assignment{})
	w.must(err)
	settings, err := w.Settings(w.ctx())
	w.must(err)
	viewers := w.group("Viewers")
	values := map[string]string{
		`user.getInternalProperty("id")`: u.ID, `user.getInternalProperty("status")`: string(u.Status),
		`app.id + app.label + app.name + app.status`:    application.ID + application.Label + application.Name + "ACTIVE",
		`org.name + org.subDomain`:                      settings.Name + settings.Subdomain,
		`org.domain`:                                    settings.Subdomain + ".okta.com",
		`session.amr`:                                   "pwd",
		`appuser.userName + appuser.givenName`:          u.Login() + u.Profile["firstName"],
		`isMemberOfAnyGroup("x", "` + viewers.ID + `")`: "true",
		`getFilteredGroups({"` + viewers.ID + `"}, "group.id + group.type", 5)`:      viewers.ID + string(viewers.Type),
		`Time.now("UTC", "yyyy") == String.substring(Time.now(), 0, 4) ? "now" : ""`: "now",
	}
	signOn := application.SignOn
	for text := range values {
		signOn.Attributes = append(signOn.Attributes, idp.AttributeStatement{Name: text, Value: text})
	}
	application, err = w.UpdateAppSignOn(w.ctx(), w.admin, application.ID, signOn)
	w.must(err)
	on, err := w.PreviewSignOn(w.ctx(), u.ID, idp.SignOnRequest{App: application, Settings: idp.SAMLSettings{
		Attributes: application.SignOn.Attributes}})
	w.must(err)
	for _, statement := range on.Statements {
		if got := strings.Join(statement.Values, " "); got != values[statement.Name] {
			t.Errorf("%s: %q, want %q", statement.Name, got, values[statement.Name])
		}
		delete(values, statement.Name)
	}
	for text := range values {
		t.Errorf("%s has no value", text)
	}
}

// endingContext is cancelled when somebody has asked for its error a number of times, as when a browser goes away during a
// request.
type endingContext struct {
	context.Context
	cancel context.CancelFunc
	left   int
}

func (c *endingContext) Err() error {
	if c.left--; c.left < 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// A rule that takes long for many people stops when the request ends, and changes nothing.
func TestSlowRuleStopsWithTheRequest(t *testing.T) {
	w := open(t)
	for i := range 50 {
		_, err := w.CreateUser(w.ctx(), w.admin, idp.NewUser{Profile: idp.Profile{"firstName": "P", "lastName": "Q",
			"email": fmt.Sprintf("p%d@lab.example", i)}})
		w.must(err)
	}
	slow := strings.Repeat(`String.replace("`+strings.Repeat("a", 100)+`", "a", "bbbbbbbbbb") == "c" OR `, 20) + "true"
	rule, err := w.AddGroupRule(w.ctx(), w.admin, idp.GroupRule{Name: "Slow", Expression: slow,
		GroupIDs: []string{w.group("Viewers").ID}})
	w.must(err)
	ctx, cancel := context.WithCancel(w.ctx())
	err = w.ActivateGroupRule(&endingContext{ctx, cancel, 100}, w.admin, rule.ID)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if after, err := w.GroupRule(w.ctx(), rule.ID); err != nil || after.Status != idp.RuleInactive {
		t.Errorf("the rule is %s; %v", after.Status, err)
	}
	w.wantIn(noor)
	w.must(w.ActivateGroupRule(w.ctx(), w.admin, rule.ID))
	w.wantIn(noor, "Viewers")
}
