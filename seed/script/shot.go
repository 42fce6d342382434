package script

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"golang.org/x/net/html"
)

// Shot is how one picture of the guide is taken. All lengths are CSS pixels.
type Shot struct {
	Name    string
	Width   int      // of the window; the player's own when 0
	Crop    []string // controls or regions that the picture holds; what main holds when empty
	Padding int      // around what is cropped
	Theme   string   // "light" or "dark"; the player's own when empty
	Focus   string   // a control that has the focus
	Hover   string   // a control under the pointer
	// Language is what the browser prefers, such as "en-GB"; the player's own when empty. The pages are in English
	// whatever it says; what the browser itself writes into them, such as dates in fields, is not.
	Language string
	Marks    []Mark
	Line     int
}

// MarkKind is the form of a callout.
type MarkKind string

// The forms of callouts. A control that is named alone gets a box, and a number when there are several.
const (
	MarkAuto      MarkKind = ""
	MarkBadge     MarkKind = "badge"
	MarkBox       MarkKind = "box"
	MarkArrow     MarkKind = "arrow"
	MarkHighlight MarkKind = "highlight"
	MarkText      MarkKind = "text"
)

// Mark is one callout: it points at a control by the control's name.
type Mark struct {
	Kind    MarkKind
	Control string
	In      string // only within the row, list item, region or dialog that holds this text
	Text    string // what a text callout says
}

// Rect is a place in a picture, in its pixels.
type Rect struct{ X, Y, W, H float64 }

// Picture is one picture as the browser gave it, before its callouts are drawn; the HTTP player gives the page's address alone.
type Picture struct {
	Step    string
	As      string
	Address string
	Shot    Shot
	PNG     []byte
	Marks   []Rect  // where the shot's marks are, in the same order
	Scale   float64 // pixels for each CSS pixel
	Took    time.Duration
	Err     error // why it could not be taken

	Letters map[string][]byte // the texts of callouts, set by the browser white on black, as PNG
}

// Pictures says which of a script's pictures a player takes, and to whom it gives them.
type Pictures struct {
	Take  func(Picture) // called with each, in order; it may keep what it is given
	Want  func(name string) bool
	Scale float64
	Width int    // of the window in CSS pixels
	Theme string // "light" or "dark"
	// Language is what the browser prefers, as a tag of BCP 47; "en-US" when empty.
	Language string
	// Hold lets what Okta has to send arrive and makes what comes after it wait, or lets it go; nil where nothing can be held.
	Hold func(ctx context.Context, on bool) error
	// From is the first step that needs the browser: those before are played over HTTP, some hundred times faster, and the
	// sessions are then handed over to the browser.
	From string
	// Resolve maps the "host:port" of URL to where the server listens, so that pictures show the address that readers have.
	Resolve map[string]string
}

// Shots lists the pictures of a step in the order in which they are taken.
func (s *Step) Shots() []Shot {
	var list []Shot
	for _, a := range s.Do {
		if a.Verb == VerbShot {
			list = append(list, a.shot())
		}
	}
	if s.Shot != "" {
		list = append(list, s.lastShot())
	}
	return list
}

func (s *Step) lastShot() Shot {
	shot := s.Picture
	shot.Name = s.Shot
	return shot
}

// shot is the picture that an action takes.
func (a Action) shot() Shot {
	if a.Picture == nil {
		return Shot{Name: a.Name, Line: a.Line}
	}
	return *a.Picture
}

// languageTag is the part of BCP 47 that browsers' settings offer.
var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`)

// IsLanguage tells whether a text names a language as en-US does.
func IsLanguage(tag string) bool { return languageTag.MatchString(tag) }

// parseShot reads a picture's name, or its name and how it is taken.
func (r *reader) parseShot(value node) (shot Shot, err error) {
	shot.Line = value.line()
	if !value.isMapping() {
		shot.Name, err = value.scalar()
		return shot, r.namedPicture(shot, err)
	}
	entries, err := value.mapping()
	if err != nil {
		return shot, err
	}
	for _, e := range entries {
		if err := r.shotField(&shot, e); err != nil {
			return shot, err
		}
	}
	return shot, r.namedPicture(shot, nil)
}

func (r *reader) namedPicture(shot Shot, err error) error {
	if err == nil && !pictureRef.MatchString(shot.Name) {
		err = r.errorf(shot.Line, "%q is no name of a picture", shot.Name)
	}
	return err
}

func (r *reader) shotField(shot *Shot, e entry) (err error) {
	switch e.key {
	case "name":
		shot.Name, err = e.value.scalar()
	case "width":
		shot.Width, err = r.pixels(e, 240, 3840)
	case "padding":
		shot.Padding, err = r.pixels(e, 0, 400)
	case "crop":
		shot.Crop, err = e.value.strings()
	case "theme":
		if shot.Theme, err = e.value.scalar(); err == nil && shot.Theme != "light" && shot.Theme != "dark" {
			err = r.errorf(e.line, "a theme is light or dark, not %q", shot.Theme)
		}
	case "language":
		if shot.Language, err = e.value.scalar(); err == nil && !IsLanguage(shot.Language) {
			err = r.errorf(e.line, "a language is written as en-US or de, not %q", shot.Language)
		}
	case "focus":
		shot.Focus, err = e.value.scalar()
	case "hover":
		shot.Hover, err = e.value.scalar()
	case "mark":
		shot.Marks, err = r.parseMarks(e.value)
	default:
		err = r.errorf(e.line, "%s", unknown("key", e.key))
	}
	return err
}

func (r *reader) pixels(e entry, least, most int) (int, error) {
	value, err := e.value.scalar()
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return 0, r.errorf(e.line, "%s is a number of pixels from %d to %d, not %q", e.key, least, most, value)
	}
	return n, nil
}

// parseMarks reads names of controls, or callouts such as {arrow: Save}, {box: Edit, in: Settings}, {text: "Here", at: Save}.
func (r *reader) parseMarks(value node) ([]Mark, error) {
	var marks []Mark
	for _, item := range value.list() {
		var m Mark
		var err error
		if item.isMapping() {
			m, err = r.parseMark(item)
		} else {
			m.Control, err = item.scalar()
		}
		if err != nil {
			return nil, err
		}
		marks = append(marks, m)
	}
	return marks, nil
}

func (r *reader) parseMark(item node) (m Mark, err error) {
	entries, err := item.mapping()
	if err != nil {
		return m, err
	}
	for _, e := range entries {
		text, err := e.value.scalar()
		if err != nil {
			return m, err
		}
		kind := MarkKind(e.key)
		switch {
		case e.key == "in":
			m.In = text
		case e.key == "at" || e.key == "name":
			m.Control = text
		case kind == MarkText:
			m.Kind, m.Text = kind, text
		case slices.Contains([]MarkKind{MarkBadge, MarkBox, MarkArrow, MarkHighlight}, kind):
			m.Kind, m.Control = kind, text
		default:
			return m, r.errorf(e.line, "%s", unknown("callout", e.key))
		}
	}
	if m.Control == "" {
		return m, item.errorf("a callout points at a control: {box: Save}, or {text: …, at: Save}")
	}
	return m, nil
}

// target finds what a crop or callout names: a control, even one that is disabled, a region of that name, or the
// smallest thing with exactly this text. A region goes first when asked for.
func (p *page) target(name, within string, region bool) (*html.Node, error) {
	name = fold(name)
	var controls, regions, texts []*html.Node
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode || unseen(n, true) || shut(n) {
			continue
		}
		switch {
		case kindOf(n) != "":
			if p.name(n) == name {
				controls = append(controls, n)
			}
		case isContainer(n) && (p.name(n) == name || p.heading(n) == name):
			regions = append(regions, n)
		case p.text(n) == name:
			texts = append(texts, n)
		}
	}
	if within != "" {
		controls, regions, texts = p.within(controls, within), p.within(regions, within), p.within(texts, within)
	}
	if region && len(regions) > 0 {
		controls = nil
	}
	if found := p.preferred(controls); len(found) > 0 {
		return found[0], nil
	}
	for _, found := range [][]*html.Node{p.preferred(regions), p.preferred(texts)} {
		if len(found) > 0 {
			innermost := found[0]
			for _, n := range found[1:] {
				if closest(n.Parent, func(outer *html.Node) bool { return outer == innermost }) != nil {
					innermost = n
				}
			}
			return innermost, nil
		}
	}
	if within != "" {
		return nil, missing{"no control “" + name + "” in “" + within + "”"}
	}
	return nil, missing{"no control, region or text “" + name + "”"}
}
