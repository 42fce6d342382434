package script

// Shot is how one picture of the guide is taken. All lengths are CSS pixels.
type Shot struct {
	Name    string   // of the file, without .png
	Width   int      // of the window; 0 is the player's own
	Crop    []string // controls, regions or texts that the picture must hold; the open dialog or the page when empty
	Padding int      // space around the crop; 0 is the player's own
	Theme   string   // "light" or "dark"; "" is the player's own
	Focus   string   // control that has the keyboard focus
	Hover   string   // control under the pointer
	Height  int      // of the picture; 0 is what the content needs
	Bar     bool     // show the lab bar and the training marks, for texts that speak of windows
	Animate bool     // an animated GIF of the step: a frame before each action, and the end
	Marks   []Mark
	Line    int // in the guide file
}

// MarkKind is the form of a mark.
type MarkKind string

// The forms of marks. MarkAuto stands for a box when the picture has one mark, and for numbered badges when it has several.
const (
	MarkAuto      MarkKind = ""
	MarkBadge     MarkKind = "badge"
	MarkBox       MarkKind = "box"
	MarkArrow     MarkKind = "arrow"
	MarkHighlight MarkKind = "highlight"
	MarkText      MarkKind = "text"
	MarkMask      MarkKind = "mask" // hides the value, and looks the same in each run
)

// Mark is drawn on a picture and points at a control, which it names by its label.
type Mark struct {
	Kind    MarkKind
	Control string
	In      string // only within the row, list item, region or dialog that holds this text
	Text    string // of a MarkText
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

// FinalShot is the picture at the end of the step. The step must have one.
func (s *Step) FinalShot() Shot {
	shot := s.Picture
	shot.Name = s.Shot
	return shot
}

// PictureShot is the picture that a shot action takes.
func (a Action) PictureShot() Shot {
	if a.Picture == nil {
		return Shot{Name: a.Name, Line: a.Line}
	}
	return *a.Picture
}
