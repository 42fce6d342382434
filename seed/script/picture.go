package script

import (
	"regexp"
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

// Shots lists the pictures of a step in the order in which they are taken.
func (s *Step) Shots() []Shot {
	var list []Shot
	for _, a := range s.Do {
		if a.Verb == VerbShot {
			list = append(list, a.PictureShot())
		}
	}
	if s.Shot != "" {
		list = append(list, s.FinalShot())
	}
	return list
}

// FinalShot is the picture at the end of the step.
func (s *Step) FinalShot() Shot {
	shot := s.Picture
	shot.Name = s.Shot
	return shot
}

// PictureShot is the picture that an action takes.
func (a Action) PictureShot() Shot {
	if a.Picture == nil {
		return Shot{Name: a.Name, Line: a.Line}
	}
	return *a.Picture
}

// languageTag is the part of BCP 47 that browsers' settings offer.
var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`)

// IsLanguage tells whether a text names a language as en-US does.
func IsLanguage(tag string) bool { return languageTag.MatchString(tag) }
