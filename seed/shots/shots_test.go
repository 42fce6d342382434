package shots_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/image/webp"

	"understudy/seed/script"
	"understudy/seed/shots"
)

// testScript returns a script that signs in and then takes the given pictures.
func testScript(t *testing.T, pictures string) *script.Script {
	t.Helper()
	guideScript, err := script.Parse("test.md", []byte(`id: test

# Test

## Begin
Duration: 1

<!-- script
id: 0.1
as: okta-admin
do:
  - visit: "{admin}"
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - click: Sign in
see: Dashboard
-->

## Pictures
Duration: 1

<!-- script
id: 1.1
as: okta-admin
do:
  - open: Applications > Applications
`+pictures+`
see: Applications
-->
`))
	if err != nil {
		t.Fatal(err)
	}
	return guideScript
}

func take(t *testing.T, guideScript *script.Script, o shots.Options) shots.Report {
	t.Helper()
	o.Scale, o.Width, o.Theme, o.Version = 1, 900, "light", "test"
	report, err := shots.Take(t.Context(), guideScript, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func decoded(t *testing.T, content []byte) image.Image {
	t.Helper()
	p, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const everyCallout = `  - shot: {name: one, mark: [{badge: Browse App Catalog}, {arrow: Directory}, {highlight: Dashboard}, {text: "Begin here", at: Reports}]}
  - shot: {name: two, crop: [Browse App Catalog], padding: 5, mark: [Browse App Catalog]}
  - shot: {name: three, width: 1100, theme: dark, hover: Browse App Catalog}`

// Two runs, also of some pictures only, give the same bytes. A file is replaced only if a person would see a difference.
func TestRunsGiveTheSamePictures(t *testing.T) {
	t.Parallel()
	first, second := t.TempDir(), t.TempDir()
	guideScript := testScript(t, everyCallout)
	if r := take(t, guideScript, shots.Options{Out: first}); r.Count(shots.New) != 3 {
		t.Fatalf("first: %+v", r)
	}
	if r := take(t, guideScript, shots.Options{Out: second, Only: []string{"two", "one"}}); r.Count(shots.New) != 2 ||
		r.Results[0].Name != "one" {
		t.Errorf("second: %+v", r)
	}
	for _, name := range []string{"one", "two"} {
		if !bytes.Equal(read(t, first, name+".png"), read(t, second, name+".png")) {
			t.Errorf("%s differs", name)
		}
	}
	one, two, three := read(t, first, "one.png"), decoded(t, read(t, first, "two.png")), decoded(t, read(t, first, "three.png"))
	for _, want := range []string{"tEXtSource\x00step 1.1", "tEXtTitle\x00test one", "tEXtSoftware\x00Understudy test", "tEXtDisclaimer\x00Taken in Understudy, a training stand-in"} {
		if !bytes.Contains(one, []byte(want)) {
			t.Errorf("metadata lacks %q", want)
		}
	}
	if decoded(t, one).Bounds().Dx() != 900 || three.Bounds().Dx() != 1100 || two.Bounds().Dx() > 300 || two.Bounds().Dy() > 80 {
		t.Errorf("sizes %v %v %v", decoded(t, one).Bounds(), two.Bounds(), three.Bounds())
	}
	changeAndRetake(t, guideScript, first)
}

// changeAndRetake changes files in several ways, takes the pictures again, and checks which files are replaced.
func changeAndRetake(t *testing.T, guideScript *script.Script, dir string) {
	t.Helper()
	write := func(name string, alter func(*image.NRGBA)) []byte {
		p := decoded(t, read(t, dir, name))
		plain := image.NewNRGBA(p.Bounds())
		for y := range p.Bounds().Dy() {
			for x := range p.Bounds().Dx() {
				plain.Set(x, y, p.At(x, y))
			}
		}
		alter(plain)
		var b bytes.Buffer
		if err := png.Encode(&b, plain); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	faint := write("one.png", func(p *image.NRGBA) { // an invisible change
		for i := 0; i < len(p.Pix); i += 4 {
			p.Pix[i] ^= 1
		}
	})
	visible := write("two.png", func(p *image.NRGBA) {
		for x := range 20 {
			p.SetNRGBA(x, 3, color.NRGBA{A: 255})
		}
	})
	if r := take(t, guideScript, shots.Options{Out: dir, DryRun: true}); r.Count(shots.Changed) != 1 ||
		!bytes.Equal(read(t, dir, "two.png"), visible) {
		t.Errorf("dry run: %+v", r)
	}
	r := take(t, guideScript, shots.Options{Out: dir})
	if r.Count(shots.Same) != 2 || r.Results[1].Status != shots.Changed || r.Results[1].Pixels != 20 {
		t.Errorf("third: %+v", r)
	}
	if !bytes.Equal(read(t, dir, "one.png"), faint) || bytes.Equal(read(t, dir, "two.png"), visible) ||
		!bytes.Equal(read(t, dir, "changes", "two-old.png"), visible) {
		t.Error("the wrong pictures were written")
	}
	decoded(t, read(t, dir, "changes", "two-difference.png"))
	var report shots.Report
	if err := json.Unmarshal(read(t, dir, "report.json"), &report); err != nil || len(report.Results) != 3 {
		t.Errorf("report %+v, %v", report, err)
	}
	// A run of some pictures updates the report.
	take(t, guideScript, shots.Options{Out: dir, Only: []string{"three"}})
	if err := json.Unmarshal(read(t, dir, "report.json"), &report); err != nil || len(report.Results) != 3 ||
		report.Results[1].Status != shots.Changed || report.Results[2].Name != "three" {
		t.Errorf("report after a run of one picture: %+v, %v", report, err)
	}
	sheet := string(read(t, dir, "index.html"))
	for _, want := range []string{"1 changed, 0 new, 2 the same, 0 failed", `src="changes/two-old.png"`,
		`src="two.png"`, `src="changes/two-difference.png"`} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the contact sheet lacks %s", want)
		}
	}
}

// If the control of a callout does not exist, only its picture fails. The problem names the step, the picture and the
// control.
func TestCalloutNeedsItsControl(t *testing.T) {
	t.Parallel()
	guideScript := testScript(t, `  - shot: {name: one, mark: [Browse the Catalogue]}
  - shot: {name: two, mark: [Browse App Catalog]}
  - shot: {name: three, crop: [Nothing of the kind]}
  - shot: {name: four, crop: [Browse App Catalog], mark: [Dashboard]}`)
	dir := t.TempDir()
	r := take(t, guideScript, shots.Options{Out: dir})
	if r.Count(shots.Failed) != 3 || r.Count(shots.New) != 1 || r.Results[1].Status != shots.New {
		t.Fatalf("got %+v", r)
	}
	for i, want := range map[int]string{
		0: "step 1.1, picture one: callout “Browse the Catalogue”: no control, region or text “Browse the Catalogue”",
		2: "step 1.1, picture three: crop “Nothing of the kind”: no control, region or text “Nothing of the kind”",
		3: "step 1.1, picture four: callout “Dashboard”: the control is outside the picture",
	} {
		if r.Results[i].Problem != want {
			t.Errorf("got  %s\nwant %s", r.Results[i].Problem, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "one.png")); err == nil {
		t.Error("the failed picture was written")
	}
}

// At takes a picture of any page in the state after any step. Unknown names are errors.
func TestPictureOfAnyPage(t *testing.T) {
	t.Parallel()
	quickstart, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, at := range map[string]string{"menu": "okta-admin: Directory > Groups", "address": "okta-admin: /admin/groups"} {
		guideScript, err := shots.At(quickstart, script.Shot{Name: name}, at, "7.2")
		if err != nil {
			t.Fatal(err)
		}
		if r := take(t, guideScript, shots.Options{Out: dir, NoReport: true, Page: at, Only: []string{name}}); r.Count(shots.New) != 1 {
			t.Errorf("%s: %+v", at, r)
		}
	}
	if !reflect.DeepEqual(decoded(t, read(t, dir, "menu.png")), decoded(t, read(t, dir, "address.png"))) {
		t.Error("a page looks different if it is opened by the menu and by its path")
	}
	for _, c := range []struct{ at, step, want string }{
		{"okta-admin", "7.2", "does not have the form"},
		{"okta-admin: https://example.com/", "7.2", "is not a page of okta-admin"},
		{"okta-admin: Home", "77", "has no step 77"}, {"bob: Home", "7.2", `unknown person "bob"`},
	} {
		if _, err := shots.At(quickstart, script.Shot{Name: "x"}, c.at, c.step); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.at, err)
		}
	}
	if _, err := shots.Take(t.Context(), quickstart, shots.Options{Only: []string{"ok999"}}); err == nil ||
		!strings.Contains(err.Error(), "no picture ok999") {
		t.Errorf("got %v", err)
	}
}

// Links lists the pages of the pictures. They are those of a lab that a person uses.
func TestLinks(t *testing.T) {
	t.Parallel()
	quickstart, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := shots.Links(t.Context(), &out, quickstart, []string{"ok1", "ok6"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ok1      http://127.0.0.1:8080/labs/demo/shots/ok1 ",
		" http://127.0.0.1:8080/okta/demo/admin/apps/catalog, as okta-admin, step 1.1\n",
		" http://127.0.0.1:8080/sigma/demo/admin/authentication/edit, as sigma-admin, step 1.6\n", "mark “Authentication Method”\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "ok2") {
		t.Error("Links lists more pictures than it was asked for")
	}
}

// An animated picture shows the step from its first action to its end, the same in every run. WebP holds the same pixels as PNG.
func TestFormats(t *testing.T) {
	t.Parallel()
	guideScript, err := script.Parse("test.md", []byte(`id: test

# Test

## Pictures
Duration: 1

<!-- script
id: 1.1
as: okta-admin
do:
  - visit: "{admin}"
  - fill: {Username: "{okta-admin.username}", Password: "{okta-admin.password}"}
  - shot: still
  - click: Sign in
see: Dashboard
shot: {name: moving, animate: true, height: 300}
-->
`))
	if err != nil {
		t.Fatal(err)
	}
	first, second := t.TempDir(), t.TempDir()
	for dir, format := range map[string]shots.Format{first: shots.PNG, second: shots.WebP} {
		if r := take(t, guideScript, shots.Options{Out: dir, Format: format}); r.Count(shots.New) != 2 {
			t.Fatalf("%+v", r)
		}
	}
	for _, file := range []string{filepath.Join(first, "still.png"), filepath.Join(first, "moving.gif"), filepath.Join(second, "still.webp")} {
		if !bytes.Contains(read(t, "", file), []byte("Taken in Understudy, a training stand-in for Okta and Sigma.")) {
			t.Errorf("%s does not say that it was taken in a stand-in", filepath.Base(file))
		}
	}
	if !bytes.Equal(read(t, first, "moving.gif"), read(t, second, "moving.gif")) {
		t.Error("two runs give two animations")
	}
	moving, err := gif.DecodeAll(bytes.NewReader(read(t, first, "moving.gif")))
	if err != nil || len(moving.Image) != 4 || moving.Image[0].Rect != image.Rect(0, 0, 900, 300) {
		t.Errorf("animation: %v, %d frames of %v; want the empty page, the name, the password, and the end", err, len(moving.Image), moving.Image[0].Rect)
	}
	plain, err := webp.Decode(bytes.NewReader(read(t, second, "still.webp")))
	if err != nil {
		t.Fatal(err)
	}
	still := decoded(t, read(t, first, "still.png"))
	for y := range still.Bounds().Dy() {
		for x := range still.Bounds().Dx() {
			r, g, b, _ := still.At(x, y).RGBA()
			if wr, wg, wb, _ := plain.At(x, y).RGBA(); r != wr || g != wg || b != wb {
				t.Fatalf("WebP differs at %d, %d", x, y)
			}
		}
	}
	if r := take(t, guideScript, shots.Options{Out: second, Format: shots.WebP}); r.Count(shots.Same) != 2 {
		t.Errorf("second run: %+v", r)
	}
}
