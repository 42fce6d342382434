package content_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/waittest"
	"understudy/seed/content"
)

// write writes a file of a content folder, with a different time, so that the library sees each change.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	changed := time.Now().Add(time.Duration(len(text)) * time.Second)
	if err := os.Chtimes(path, changed, changed); err != nil {
		t.Fatal(err)
	}
}

const bakery = `title: A bakery
identities:
  - {id: okta-admin, half: okta, name: Rosa Brot, role: Super Administrator, username: rosa@bakery.example, password: Warm-Oven-11}
okta:
  name: Bakery
  subdomain: bakery
  users:
    - {firstName: Rosa, lastName: Brot, email: rosa@bakery.example, password: Warm-Oven-11, admin: true}
sigma:
  name: Bakery
  members:
    - {firstName: Rosa, lastName: Brot, email: rosa@bakery.example, password: Warm-Oven-11, accountType: Admin}
`

const tour = `id: tour
summary: A tour

# A tour of the bakery

<!-- script
scenario: bakery
-->

## Sign in
Duration: 2

Sign in.

<!-- script
id: 1.1
as: okta-admin
see: Dashboard
done: okta.visited("/admin/dashboard")
-->
`

func TestLibraryFindsFilesByTheirNames(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "scenarios/bakery.yaml", bakery)
	write(t, dir, "guides/tour.md", tour)
	l, err := content.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := l.Choose("", []string{"tour", "quickstart"})
	if err != nil || c.Scenario.Title != "A bakery" || strings.Join(c.Guides, " ") != "tour quickstart" {
		t.Errorf("the first guide's scenario: %q, %q, %v", c.Scenario.Title, c.Guides, err)
	}
	if c, err = l.Choose("", nil); err != nil || c.Scenario.Name != "starter" || c.Guides[0] != "quickstart" {
		t.Errorf("without a choice: %q, %q, %v", c.Scenario.Name, c.Guides, err)
	}
	if _, err = l.Choose("starter", []string{"nothing"}); !problem.Is(err, problem.Invalid) || problem.As(err).Fields[0].Name != "guide" {
		t.Errorf("an unknown guide: %v", err)
	}
	if _, err = l.Choose("nothing", nil); !problem.Is(err, problem.Invalid) || problem.As(err).Fields[0].Name != "scenario" {
		t.Errorf("an unknown scenario: %v", err)
	}
	for _, item := range l.Items() {
		if item.Err != nil || item.Title == "" {
			t.Errorf("%s: %q, %v", item.Name, item.Title, item.Err)
		}
	}
}

// A mistake in a changed file does not replace the version in use, and the list of the files shows it.
func TestLibraryReadsChangedFilesAndKeepsGoodOnes(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "scenarios/bakery.yaml", bakery)
	l, err := content.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	title := func() string { s, _ := l.Scenario("bakery"); return s.Title }
	broken := func() bool {
		for _, item := range l.Items(content.Scenarios) {
			if item.Name == "bakery" {
				return item.Err != nil
			}
		}
		return false
	}
	write(t, dir, "scenarios/bakery.yaml", strings.Replace(bakery, "A bakery", "Two bakeries", 1))
	waittest.Until(t, "the changed title", func() (any, bool) { return title(), title() == "Two bakeries" })
	write(t, dir, "scenarios/bakery.yaml", strings.Replace(bakery, "okta:\n", "octa:\n", 1))
	waittest.Until(t, "the mistake to be listed", func() (any, bool) { return nil, broken() })
	if title() != "Two bakeries" {
		t.Errorf("with a mistake in the file the scenario is %q", title())
	}
	if err := os.Remove(filepath.Join(dir, "scenarios", "bakery.yaml")); err != nil {
		t.Fatal(err)
	}
	waittest.Until(t, "the scenario to be gone", func() (any, bool) { return title(), title() == "" })
}

func TestOpenRefusesMistakes(t *testing.T) {
	for name, file := range map[string]struct{ path, text, want string }{
		"a mistake in a scenario": {"scenarios/a.yaml", "titel: x", "titel"},
		"a mistake in a guide":    {"guides/a.md", "id: a\n\n# A\n\n## B\n", "guides/a.md:"},
		"a bad name":              {"scenarios/My Lab.yaml", bakery, "small letters"},
		"a large file":            {"scenarios/a.yaml", strings.Repeat("# long\n", content.MaxFile/7+1), "larger than"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, file.path, file.text)
			if _, err := content.Open(dir, ""); err == nil || !strings.Contains(err.Error(), file.want) {
				t.Errorf("got %v, want %q", err, file.want)
			}
		})
	}
	if _, err := content.Open(filepath.Join(t.TempDir(), "none"), ""); err == nil {
		t.Error("a folder that does not exist was accepted")
	}
}
