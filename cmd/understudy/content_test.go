package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/content"
	"understudy/seed/lab"
)

const bakeryScenario = `title: A bakery before its first day
identities:
  - {id: okta-admin, half: okta, name: Rosa Brot, role: Super Administrator, username: rosa@bakery.example, password: Warm-Oven-11}
  - {id: sigma-admin, half: sigma, name: Emil Korn, role: Admin, username: emil@bakery.example, password: Early-Bird-22}
okta:
  name: Corner Bakery
  subdomain: bakery
  users:
    - {firstName: Rosa, lastName: Brot, email: rosa@bakery.example, password: Warm-Oven-11, admin: true}
sigma:
  name: Corner Bakery
  members:
    - {firstName: Emil, lastName: Korn, email: emil@bakery.example, password: Early-Bird-22, accountType: Admin}
`

const bakeryGuide = `id: bakery-tour
summary: Look around in the bakery's Okta

# A tour of the bakery

<!-- script
scenario: bakery
-->

## Look around
Duration: 2

Sign in to the **Okta Admin Console**.

<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{admin}"
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - click: Sign in
see: Dashboard
done: okta.visited("/admin/dashboard")
awaits: The dashboard has been opened.
-->

Open **Directory > Groups**.

<!-- script
id: 1.2
as: okta-admin
do:
  - open: Directory > Groups
see: Add group
done: okta.visited("/admin/groups")
awaits: The list of groups has been opened.
-->
`

// sendFile uploads a file with the other values of a form.
func (v *visitor) sendFile(path, fileName, text string, values url.Values) (int, string) {
	v.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name := range values {
		if err := form.WriteField(name, values.Get(name)); err != nil {
			v.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", fileName)
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err != nil || form.Close() != nil {
		v.Fatal(err)
	}
	return v.read(v.client.Post(v.url+path, form.FormDataContentType(), &body))
}

// A person at the server's machine uploads a scenario and a guide, and creates a lab with that guide and the quickstart. The lab
// keeps the progress of each guide, and a reset uses the scenario although its file is gone.
func TestALabFromUploadedContent(t *testing.T) {
	t.Parallel()
	s := start(t)
	v := newVisitor(t, s)
	v.wants(http.StatusOK, "A bakery before its first day")(v.sendFile("/content", "bakery.yaml", bakeryScenario, nil))
	v.wants(http.StatusOK, "A tour of the bakery")(v.sendFile("/content", "tour.md", bakeryGuide, nil))
	v.wants(http.StatusOK, "Look around in the bakery")(v.get("/"))
	v.wants(http.StatusOK, "Lab second", "A bakery before its first day", "Rosa Brot")(
		v.post("/labs", url.Values{"name": {"second"}, "guide": {"tour", "quickstart"}}))
	v.wants(http.StatusOK, "A tour of the bakery", "0 of 2 steps", "Single Sign-On with Sigma and Okta")(v.get("/labs/second/guide"))

	v.post("/okta/second/login/login.htm", url.Values{
		"username": {"rosa@bakery.example"}, "password": {"Warm-Oven-11"}, "fromURI": {"/admin/dashboard"}})
	v.wants(http.StatusOK, "1 of 2 steps")(v.get("/labs/second/guide"))
	v.wants(http.StatusOK, "Follow this guide", "1 of 2 steps")(v.post("/labs/second/guide/choose", url.Values{"guide": {"quickstart"}}))
	v.wants(http.StatusNotFound)(v.post("/labs/second/guide/choose", url.Values{"guide": {"offboarding"}}))

	v.wants(http.StatusOK)(v.post("/content/remove", url.Values{"kind": {"scenarios"}, "name": {"bakery"}}))
	if err := s.Registry.ResetTo(t.Context(), "second", "", lab.EndSessions); err != nil {
		t.Fatal(err)
	}
	status, body := v.get("/labs/second/guide")
	v.wants(http.StatusOK, "0 of 2 steps")(status, body)
	if current := body[:strings.Index(body, "Current guide")]; !strings.Contains(current, "Follow this guide") {
		t.Error("the reset changed the guide that the learner follows")
	}
	v.wants(http.StatusOK, "Rosa Brot")(v.get("/labs/second"))
	v.wants(http.StatusOK)(v.post("/labs/second/guide/choose", url.Values{"guide": {"tour"}}))
	v.wants(http.StatusOK, "2 of 2 steps")(v.post("/labs/second/guide/bring", url.Values{"step": {""}}))
	v.wants(http.StatusOK, "1 of 2 steps")(v.post("/labs/second/guide/undo", url.Values{"back": {"/labs/second/guide"}}))
}

// A file with a mistake is refused with its line, and so is the name of a built-in file.
func TestUploadsAreCheckedBeforeTheyAreTaken(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, start(t))
	for _, c := range []struct{ name, text, want string }{
		{"bakery.yaml", strings.Replace(bakeryScenario, "okta:\n", "octa:\n", 1), "octa"},
		{"tour.md", strings.Replace(bakeryGuide, "click: Sign in", "press: Sign in", 1), "guides/tour.md:21"},
		{"starter.yaml", bakeryScenario, "built in"},
		{"quickstart.md", bakeryGuide, "built in"},
		{"../../escape.md", bakeryGuide, ""}, // browsers send no folder; a folder is ignored
		{"Bad Name.md", bakeryGuide, "small letters"},
		{"picture.png", "x", ".md (a guide)"},
		{"long.md", strings.Repeat("a", content.MaxFile+1), "larger than 1000 kB"},
	} {
		status, body := v.sendFile("/content", c.name, c.text, nil)
		if c.want == "" {
			v.wants(http.StatusOK, "<code>escape</code>")(status, body)
			continue
		}
		if status < 400 || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d, want an error with %q", c.name, status, c.want)
		}
	}
	v.wants(http.StatusNotFound)(v.post("/content/remove", url.Values{"kind": {".."}, "name": {"escape"}}))
	v.wants(http.StatusNotFound)(v.post("/content/remove", url.Values{"kind": {"guides"}, "name": {"quickstart"}}))
}

// An instructor chooses what the labs of new attendees contain. Attendees cannot open that page.
func TestAnInstructorChoosesTheContentOfNewLabs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"scenarios/bakery.yaml": bakeryScenario, "guides/tour.md": bakeryGuide} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := openWorkshopWith(t, func(c *workshopCommand) { c.Content = dir })
	ann := newVisitor(t, s)
	ann.join("Ann")
	for _, path := range []string{"/instructor/content", "/content"} {
		if status, _ := ann.get(path); status < 400 {
			t.Errorf("an attendee opens %s", path)
		}
	}
	if status, _ := ann.sendFile("/instructor/content", "tour2.md", bakeryGuide, nil); status < 400 {
		t.Error("an attendee uploads a file")
	}
	teacher := newVisitor(t, s)
	teacher.instructs(s)
	teacher.wants(http.StatusOK, "A tour of the bakery", "Content folder")(teacher.get("/instructor/content"))
	teacher.wants(http.StatusOK)(teacher.post("/instructor/content/new-labs", url.Values{"guide": {"tour"}}))
	ben := newVisitor(t, s)
	ben.join("Ben")
	teacher.wants(http.StatusOK, "Rosa Brot")(teacher.get("/labs/lab-02"))
	teacher.wants(http.StatusOK, "Ada Okafor")(teacher.get("/labs/lab-01"))
}
