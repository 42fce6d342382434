package player

import (
	"testing"

	"understudy/seed/script"
)

func TestFrameShowsTheControlOfItsAction(t *testing.T) {
	for _, at := range []Rect{{Y: 0, H: 20}, {Y: 700, H: 20}, {Y: 701, H: 20}, {Y: 3000, H: 30}, {Y: 900, H: 2000}} {
		top := frameTop(at, 720)
		if at.Y+at.H <= 720 && top != 0 || at.Y < top || at.Y+min(at.H, 720) > top+720 {
			t.Errorf("a frame from %v does not show the control at %v to %v", top, at.Y, at.Y+at.H)
		}
	}
	for want, action := range map[string]*script.Action{
		"Groups|Directory": {Verb: script.VerbOpen, Name: "Directory > Groups"}, "A > B|": {Verb: script.VerbClick, Name: "A > B"}, "|": nil,
	} {
		names := append(controlNames(action), "", "")
		if got := names[0] + "|" + names[1]; got != want {
			t.Errorf("%v is marked at %s, want %s", action, got, want)
		}
	}
}
