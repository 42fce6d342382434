package script

import (
	"slices"
	"strings"
)

// Verb is what an action does.
type Verb string

// The verbs of a script.
const (
	VerbAs     Verb = "as"      // continue in the window of another identity
	VerbOpen   Verb = "open"    // follow a path of navigation links
	VerbVisit  Verb = "visit"   // go to an address
	VerbClick  Verb = "click"   // a link or button
	VerbFill   Verb = "fill"    // type into a field, replacing what it holds
	VerbChoose Verb = "choose"  // an option of a select, or a radio button
	VerbTick   Verb = "tick"    // a checkbox
	VerbUntick Verb = "untick"  // a checkbox
	VerbDrag   Verb = "drag"    // move a row of a list to a position
	VerbCopy   Verb = "copy"    // keep the value of a field as a variable
	VerbSee    Verb = "see"     // fail unless the page shows it
	VerbNotSee Verb = "not-see" // fail if the page shows it
	VerbWait   Verb = "wait"    // reload the page until it shows it
	VerbShot   Verb = "shot"    // take a picture

	VerbRequest Verb = "request" // send an HTTP request, as a program does, and judge its answer

	// Only in alone: continue in a new window in which the person of the step is signed in to okta or sigma.
	VerbSignedIn Verb = "signed-in"

	// While pictures are taken, the lab keeps the requests between the two systems back from hold to release. A state that
	// lasts only a moment, such as Pushing, can then be photographed. At other times these verbs do nothing.
	VerbHold    Verb = "hold"
	VerbRelease Verb = "release"
)

// Provisioning is the only thing that hold and release apply to: Okta's provisioning requests.
const Provisioning = "provisioning"

// Kind is a kind of control as a person distinguishes them. A script states the kind only to look for a control.
type Kind string

// The kinds of controls.
const (
	KindLink   Kind = "link"
	KindButton Kind = "button"
	KindField  Kind = "field"
	KindBox    Kind = "box"    // a checkbox
	KindChoice Kind = "choice" // a select or a radio button
)

func (k Kind) known() bool {
	return slices.Contains([]Kind{KindLink, KindButton, KindField, KindBox, KindChoice}, k)
}

// Action is one thing that a person does or looks for. A list or mapping in the file becomes several actions in the order
// in which it is written. Texts may hold variables such as {okta} until [Action.ReplaceVariables] replaces them.
type Action struct {
	Verb  Verb
	Kind  Kind   // see, not-see, wait: look for a control of this kind instead of text
	Name  string // the control's accessible name, the text, the address or the identity
	In    string // only within the row, list item, region or dialog that holds this text
	Value string // fill, choose: what is typed or chosen; copy: the variable's name
	To    int    // drag: the new position; 1 is the top

	Picture *Shot    // shot: how the picture is taken; nil when the file gives only its name
	Request *Request // request: what is sent and expected; nil for other verbs
	Line    int      // in the guide file
}

// String returns the action for messages, such as: click “Edit” in “Site”.
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

// labels lists the texts of the action that a page must show.
func (a Action) labels() []string {
	switch a.Verb {
	case VerbAs, VerbVisit, VerbShot, VerbRequest, VerbHold, VerbRelease, VerbSignedIn:
		return nil
	case VerbOpen:
		return a.Path()
	case VerbChoose:
		return []string{a.Name, a.In, a.Value}
	default:
		return []string{a.Name, a.In}
	}
}

// Path splits the name of an open action, such as "Applications > Applications", into its parts.
func (a Action) Path() []string {
	parts := strings.Split(a.Name, ">")
	for i := range parts {
		parts[i] = fold(parts[i])
	}
	return parts
}
