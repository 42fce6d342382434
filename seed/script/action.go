package script

import (
	"slices"
	"strings"
)

// Verb is what an action does.
type Verb string

// The verbs of the script, as architecture.md lists them.
const (
	VerbAs     Verb = "as"
	VerbOpen   Verb = "open"
	VerbVisit  Verb = "visit"
	VerbClick  Verb = "click"
	VerbFill   Verb = "fill"
	VerbChoose Verb = "choose"
	VerbTick   Verb = "tick"
	VerbUntick Verb = "untick"
	VerbDrag   Verb = "drag"
	VerbCopy   Verb = "copy"
	VerbSee    Verb = "see"
	VerbNotSee Verb = "not-see"
	VerbWait   Verb = "wait"
	VerbShot   Verb = "shot"

	// While pictures are taken, what the two systems send each other by themselves waits from hold to release, so that a
	// state which lasts a moment can be photographed, such as Pushing. Else these verbs do nothing.
	VerbHold    Verb = "hold"
	VerbRelease Verb = "release"
)

// Provisioning is what can be held: the requests with which Okta provisions.
const Provisioning = "provisioning"

// Action is one thing that a person does or looks for. A list or map in the
// script becomes several actions, in the order in which it was written.
type Action struct {
	Verb  Verb
	Kind  Kind   // see, not-see, wait: a control of this kind instead of text
	Name  string // the control's accessible name, the text, the address, the identity
	In    string // only within the row, list item, region or dialog that holds this text
	Value string // what is typed or chosen; the name that a copied value gets
	To    int    // drag: the position, 1 is the top

	Picture *Shot // shot: how the picture is taken, nil when only its name is given
	Line    int
}

// String gives the action as the script has it, for messages.
func (a Action) String() string {
	var b strings.Builder
	b.WriteString(string(a.Verb))
	if a.Kind != "" {
		b.WriteString(" " + string(a.Kind))
	}
	if a.Name != "" {
		b.WriteString(" “" + a.Name + "”")
	}
	if a.In != "" {
		b.WriteString(" in “" + a.In + "”")
	}
	return b.String()
}

// names lists the words of the action that must be found in a page.
func (a Action) names() []string {
	switch a.Verb {
	case VerbAs, VerbVisit, VerbShot, VerbHold, VerbRelease:
		return nil
	case VerbOpen:
		return a.Path()
	case VerbChoose:
		return []string{a.Name, a.In, a.Value}
	default:
		return []string{a.Name, a.In}
	}
}

// Path cuts what an open action names, such as "Applications > Applications", at its arrows.
func (a Action) Path() []string {
	parts := strings.Split(a.Name, ">")
	for i := range parts {
		parts[i] = fold(parts[i])
	}
	return parts
}

// Kind groups controls as a person tells them apart.
type Kind string

// The kinds of controls. A script names them only to look for one.
const (
	KindLink   Kind = "link"
	KindButton Kind = "button"
	KindField  Kind = "field"
	KindBox    Kind = "box"
	KindChoice Kind = "choice" // a select, or a radio button
)

func (k Kind) known() bool {
	return slices.Contains([]Kind{KindLink, KindButton, KindField, KindBox, KindChoice}, k)
}
