package codelab

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"understudy/seed/script"
)

// imported imports a text and parses the result, as the command walk does.
func imported(t testing.TB, source string) (*Imported, *script.Script) {
	t.Helper()
	im, err := Import(Read("a.md", source))
	if err != nil {
		t.Fatal(err)
	}
	guide, err := script.Parse("a.md", []byte(im.Source()))
	if err != nil {
		t.Fatalf("%v\n%s", err, im.Source())
	}
	return im, guide
}

// Each form of instruction becomes the action that a reader would do.
func TestImportReadsInstructions(t *testing.T) {
	for text, wanted := range map[string]string{
		"Navigate to `Applications` > `Applications` and click `Browse App Catalog`:": "open “Applications > Applications”, click “Browse App Catalog”",
		"Open Directory > Groups.":                                           "open “Directory > Groups”",
		"Open **Directory > Groups**.":                                       "open “Directory > Groups”",
		"Open `Applications>Applications`.":                                  "open “Applications > Applications”",
		"In **Directory > People**, select **Add person**.":                  "open “Directory > People”, click “Add person”",
		"In **Directory** > **People**, click **Add person**.":               "open “Directory > People”, click “Add person”",
		"In Directory > People, select **Add person**.":                      "open “Directory > People”, click “Add person”",
		"Under **Directory > Groups**, open **Readers**.":                    "open “Directory > Groups”, click “Readers”",
		"Select **Add group**, enter `Readers` in **Name**.":                 "click “Add group”, fill “Name”=Readers",
		"Type `Sigma` into the search bar and click **Search**.":             "fill “Search”=Sigma, click “Search”",
		"Give it a name `Readers` and click `Save`.":                         "fill “Name”=Readers, click “Save”",
		"Set the `User Type` to `Viewer`.":                                   "choose “User Type”=Viewer",
		"Change the `Authentication Method` to only `SAML`.":                 "choose “Authentication Method”=SAML",
		"Check the box for `I agree` and click `Next`.":                      "tick “I agree”, click “Next”",
		"Also enable the checkboxes for `Update` and `Deactivate`.":          "tick “Update”, tick “Deactivate”",
		"Then click the `Enable` checkbox adjacent to `Create`.":             "tick “Enable” in “Create”",
		"Click the `Assign` button in the `Sigma on AWS` row.":               "click “Assign” in “Sigma on AWS”",
		"Click the `+` in Bob's row.":                                        "click “+” in “Bob”",
		"Click `Copy` for the `Base URL` and `Bearer Token`.":                "copy “Base URL”=base-url, copy “Bearer Token”=bearer-token",
		"Copy the `Base URL` and paste it into the `Server` field.":          "copy “Base URL”=base-url, fill “Server”={base-url}",
		"Scroll to the bottom and click the Save button.":                    "click “Save”",
		"1. Click **New**.\n2. In **Name**, type **Ada**.\n3. Press **OK**.": "click “New”, fill “Name”=Ada, click “OK”",
	} {
		_, guide := imported(t, "id: a\n\n# T\n\n## S\nDuration: 1\n\n"+text+"\n")
		steps := guide.Steps()
		if len(steps) != 1 {
			t.Errorf("%q became %d steps", text, len(steps))
			continue
		}
		var got []string
		for _, action := range steps[0].Do[4:] { // after the sign-in
			line := action.String()
			if action.Value != "" {
				line += "=" + action.Value
			}
			got = append(got, line)
		}
		if list := strings.Join(got, ", "); list != wanted || steps[0].Confirm != "" {
			t.Errorf("%q: %s (confirm: %q), want %s", text, list, steps[0].Confirm, wanted)
		}
	}
}

// The words for a product and its administrator set the person, also in bold.
func TestImportTakesThePersonFromTheSignIn(t *testing.T) {
	for text, want := range map[string]string{
		"Sign in to **Sigma** as the Sigma administrator.":                 "sigma-admin",
		"Sign in to Sigma as the Sigma administrator.":                     "sigma-admin",
		"Log in to **Sigma**, then select **Edit**.":                       "sigma-admin",
		"As the Sigma admin, select **Edit**.":                             "sigma-admin",
		"Sign in to **Okta** as the Okta administrator and open **Edit**.": "okta-admin",
		"Select **Sigma** in the list.":                                    "okta-admin", // a label of a page in Okta
	} {
		_, guide := imported(t, "id: a\n\n# T\n\n## S\nDuration: 1\n\n"+text+"\n")
		steps := guide.Steps()
		if len(steps) != 1 || steps[0].As != want || len(steps[0].Do) < 4 || steps[0].Confirm != "" {
			t.Errorf("%q: %d steps, as %q with %v", text, len(steps), steps[0].As, steps[0].Do)
		}
	}
}

// Import finds who acts, in which window, and says what a text leaves open. The learner confirms what has no script.
func TestImportFindsPeopleAndSaysWhatIsOpen(t *testing.T) {
	im, guide := imported(t, `author: Ada
lastUpdated: 2023-05-01

# Title

## One

Back in Okta, select **Save**.

In another tab, log into Sigma and select **Edit**.

Open a new browser in incognito mode. Navigate to your Sigma portal.

Select **Sign in with SSO**.

Configure the user as shown:

![](assets/user.png)

This is only a remark about **Sigma**.

Return to Okta and provide the rest.

## Two
Duration: 5 minutes

Select **Done**.
`)
	var got []string
	for _, s := range guide.Steps() {
		got = append(got, strings.TrimSpace(s.ID+" "+s.As+" "+s.Confirm))
	}
	want := []string{"1.1 okta-admin", "1.2 sigma-admin", "1.3 visitor", "1.4 visitor", "1.5 visitor I have done this", "2.1 okta-admin"}
	if !slices.Equal(got, want) || !guide.Steps()[2].NewWindow || guide.Steps()[4].Shot != "user" {
		t.Errorf("got %q\n%s", got, im.Source())
	}
	var notes []string
	for _, f := range im.Findings() {
		notes = append(notes, f.Rule+" "+f.Text)
	}
	all := strings.Join(notes, "\n")
	for _, wanted := range []string{
		"“author” is now “authors”", "“lastUpdated: 2023-05-01” is in a comment", "an id now", "“One” has the estimated “Duration: 1”",
		"“Duration: 5 minutes” is not a duration", "Step 1.5, “Configure the user as shown:”: The values are only in the picture user.",
	} {
		if !strings.Contains(all, wanted) {
			t.Errorf("no finding says %q:\n%s", wanted, all)
		}
	}
}

// The samples in testdata are codelabs of several authors' styles. Each becomes a guide, and loses none of its lines.
func TestImportKeepsTheTextOfSamples(t *testing.T) {
	files, err := filepath.Glob("testdata/*.md")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d samples: %v", len(files), err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		im, err := Import(Read(file, string(source)))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		lost := strings.Split(im.Source(), "\n")
		for i, line := range strings.Split(string(source), "\n") {
			if strings.TrimSpace(line) == "" {
				continue
			}
			at := slices.Index(lost, line)
			changed := slices.ContainsFunc(im.Notes, func(f Finding) bool { return f.Line == i+1 })
			switch {
			case at >= 0:
				lost = lost[at+1:]
			case !changed && !strings.HasPrefix(line, "Duration:") && i > 12:
				t.Errorf("%s:%d: %q is not in the guide, or in another place", file, i+1, line)
			}
		}
	}
}

// Whatever the text is, Import gives a guide that can be parsed, or says why not.
func FuzzImport(f *testing.F) {
	files, err := filepath.Glob("testdata/*.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	for _, seed := range []string{
		"", "---\nid: x\n---\n# T\n", "# T\n\nTwo\n---\n\n# Again\n", "## S\nDuration: 1\nEnvironment: web\n", "Duration: x\n\n## S\n\n<!-- c -->\n\nDuration: 3\n",
		"id: a\n\n# T\n\n## S\n\n<ul>\n\nClick `A`.\n\n</ul>\n", "# T\n## S\nClick `-->` and «5» `{x}`.\n- Copy `1`\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		im, err := Import(Read("a.md", source))
		if err == nil && !strings.Contains(source, scriptMarker) {
			if _, err := script.Parse("a.md", []byte(im.Source())); err != nil {
				t.Errorf("%v\n%s", err, im.Source())
			}
		}
	})
}
