package shots

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// withLabel returns middleware that replaces one label in all pages, as a new version of the product might.
func withLabel(from, to string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			req.Header.Del("Accept-Encoding")
			recorded := httptest.NewRecorder()
			next.ServeHTTP(recorded, req)
			body := recorded.Body.Bytes()
			if strings.HasPrefix(recorded.Header().Get("Content-Type"), "text/html") {
				body = bytes.ReplaceAll(body, []byte(from), []byte(to))
			}
			recorded.Header().Del("Content-Length")
			for key, values := range recorded.Header() {
				w.Header()[key] = values
			}
			w.WriteHeader(recorded.Code)
			_, _ = io.Copy(w, bytes.NewReader(body)) // fails if the browser has closed the connection
		})
	}
}

// upTo returns a script up to and including a step.
func upTo(t *testing.T, source, step string) *script.Script {
	t.Helper()
	guideScript, err := script.Parse(script.QuickstartFile, []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	last, found := guideScript.Step(step)
	if !found {
		t.Fatalf("no step %s", step)
	}
	return until(guideScript, last)
}

// If a label changes in the product, exactly the pictures that show the label change. The report lists them, and the
// files of the others keep their bytes.
func TestChangedLabelChangesOnlyItsPictures(t *testing.T) {
	t.Parallel()
	source, err := script.Files.ReadFile(script.QuickstartFile)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	options := Options{Out: dir, Jobs: 1, Scale: 1, Width: 1080, Theme: "light", Version: "test"}
	report, err := Take(t.Context(), upTo(t, string(source), "1.11"), options)
	if err != nil || report.Count(New) != len(report.Results) || len(report.Results) < 10 {
		t.Fatalf("%+v, %v", report, err)
	}
	before := map[string][]byte{}
	for _, r := range report.Results {
		if before[r.Name], err = os.ReadFile(filepath.Join(dir, r.Name+".png")); err != nil {
			t.Fatal(err)
		}
	}
	const from, to = "Sign on URL", "Login address"
	options.alter = withLabel(from, to)
	report, err = Take(t.Context(), upTo(t, strings.ReplaceAll(string(source), from, to), "1.11"), options)
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	for _, r := range report.Results {
		after, err := os.ReadFile(filepath.Join(dir, r.Name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if r.Status == Changed {
			changed = append(changed, r.Name)
		} else if r.Status != Same || !bytes.Equal(before[r.Name], after) {
			t.Errorf("%s is %s", r.Name, r.Status)
		}
	}
	if !slices.Equal(changed, []string{"ok9", "ok11"}) { // the two pictures of the open details on the tab Sign On
		t.Errorf("changed: %v", changed)
	}
}

// The quickstart takes every picture of its text except ok16, which shows the browser itself.
func TestEveryPictureOfTheQuickstartIsTaken(t *testing.T) {
	guideScript, err := script.Quickstart()
	if err != nil {
		t.Fatal(err)
	}
	names, err := wanted(guideScript, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(`ok1 ok2 ok3 ok4 ok8 ok6 ok9 ok10 ok11 ok13 ok14 ok15 ok17 ok18 ok19 ok20 ok21 ok22 ok23
		ok24 ok25 ok26 ok27 ok28 ok29 ok30 ok31 ok32 ok33 ok34 ok35 ok36 ok15g ok15h ok15i ok67
		ok68 ok70 ok44 ok76 ok77 ok49 ok50 ok51 ok71 ok72 ok73 ok78 ok54 ok79 ok80 ok56 ok57 ok57b ok64 ok65 ok66 ok83 ok59 ok82 ok60 ok61 ok62 ok63`)
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("the pictures are\n%v\nwant\n%v", names, want)
	}
}

// A highlight is visible on light and on dark pages, and the text under it has enough contrast.
func TestHighlightIsVisibleInBothThemes(t *testing.T) {
	for name, c := range map[string]struct{ page, letters uint8 }{"light": {255, 20}, "dark": {25, 235}} {
		p := image.NewNRGBA(image.Rect(0, 0, 100, 40))
		for i := range p.Pix {
			p.Pix[i] = c.page
		}
		for x := 40; x < 60; x++ {
			p.SetNRGBA(x, 20, color.NRGBA{R: c.letters, G: c.letters, B: c.letters, A: 255})
		}
		canvas{p, 1}.highlight(player.Rect{X: 10, Y: 10, W: 80, H: 20})
		page, around, letter := p.NRGBAAt(20, 15), p.NRGBAAt(2, 2), p.NRGBAAt(50, 20)
		if yellowness := int(page.R) - int(page.B); yellowness < 60 {
			t.Errorf("%s: the page is %v under the highlight and %v next to it", name, page, around)
		}
		if apart := int(letter.R) - int(page.R); max(apart, -apart) < 120 {
			t.Errorf("%s: text %v on %v", name, letter, page)
		}
	}
}

// A mask hides what was under it, so that two values look the same.
func TestMaskHidesTheValue(t *testing.T) {
	masked := func(letters uint8) *image.NRGBA {
		p := paper(120, 40)
		for x := 30; x < 90; x += int(letters) {
			p.SetNRGBA(x, 20, color.NRGBA{A: 255})
		}
		picture := player.Picture{Scale: 1, Marks: []player.Rect{{X: 20.4, Y: 10, W: 80, H: 20}},
			Shot: script.Shot{Marks: []script.Mark{{Kind: script.MarkMask, Control: "Token"}}}}
		if err := callouts(p, picture); err != nil {
			t.Fatal(err)
		}
		return p
	}
	first, second := masked(2), masked(3)
	if !bytes.Equal(first.Pix, second.Pix) {
		t.Error("the value is visible under the mask")
	}
	if first.NRGBAAt(50, 20) == first.NRGBAAt(5, 5) {
		t.Error("nothing shows that a value is hidden")
	}
}

// paper returns a white picture.
func paper(width, height int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range p.Pix {
		p.Pix[i] = 255
	}
	return p
}

// A text goes where it covers neither content nor another mark.
func TestTextCoversNoNeighbour(t *testing.T) {
	p := paper(600, 300)
	at := player.Rect{X: 200, Y: 100, W: 60, H: 20}
	neighbours := []image.Rectangle{image.Rect(270, 95, 420, 125), image.Rect(190, 130, 300, 160), image.Rect(60, 95, 190, 125)}
	for _, n := range neighbours {
		for y := n.Min.Y; y < n.Max.Y; y += 2 {
			for x := n.Min.X; x < n.Max.X; x += 2 {
				p.SetNRGBA(x, y, color.NRGBA{A: 255})
			}
		}
	}
	other := player.Rect{X: 200, Y: 60, W: 60, H: 20}
	x, y := canvas{p, 1}.placeText(at, []player.Rect{other}, 100, 24)
	place := image.Rect(int(x), int(y), int(x)+100, int(y)+24)
	for _, n := range append(neighbours, image.Rect(200, 60, 260, 80), image.Rect(200, 100, 260, 120)) {
		if place.Overlaps(n) {
			t.Errorf("the text at %v covers %v", place, n)
		}
	}
}
