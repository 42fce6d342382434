package understudytest_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/understudytest"
)

// A test of software that calls SCIM and sends somebody a link by email.
func TestSoftwareUnderTest(t *testing.T) {
	t.Parallel()
	lab := understudytest.Start(t, understudytest.Step("5.3"))

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, lab.SCIM+"/Users", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+lab.SCIMToken())
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("SCIM answers %s", answer.Status)
	}

	admin := lab.Identities["okta-admin"]
	answer, err = http.PostForm(lab.Okta+"/signin/forgot-password", url.Values{"username": {admin.Username}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if m := lab.WaitMail(admin.Username); len(m.Links) == 0 || !strings.HasPrefix(m.Links[0], lab.Okta) {
		t.Errorf("%+v", m)
	}
	lab.Reset()
	if state, err := lab.Control.Show(t.Context(), lab.Name); err != nil || len(state.Progress.Done) > 0 {
		t.Errorf("%+v %v", state.Progress, err)
	}
}

// Another module can import the package, as static/docs/automation.md says.
func TestAnotherModuleCanImportThePackage(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	theirs := strings.Replace(string(mod), "module understudy", "module example.org/theirs", 1) +
		"\nrequire understudy v0.0.0\nreplace understudy => " + root + "\n"
	for name, text := range map[string]string{
		"go.mod": theirs, "go.sum": string(sum),
		"theirs_test.go": "package theirs\n\nimport (\n\t\"testing\"\n\n\t\"understudy/seed/understudytest\"\n)\n\n" +
			"func TestTheirs(t *testing.T) { _ = understudytest.Start(t).SCIM }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.CommandContext(t.Context(), "go", "list", "-mod=mod", "-deps", "-test", "-f", "{{with .Error}}{{.}}{{end}}", "./...") //nolint:gosec // constant
	build.Dir, build.Env = dir, append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "" {
		t.Errorf("%v\n%s", err, out)
	}
}
