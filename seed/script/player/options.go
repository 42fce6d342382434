package player

import (
	"io"
	"net/http"
	"time"

	"understudy/seed/script"
)

// A player's requests carry GuideHeader: GuideOff, so that the server leaves the guide panel out of the pages. The panel's
// text names the controls that the player looks for, and the panel would be in every picture.
const (
	GuideHeader = "Understudy-Guide"
	GuideOff    = "off"
)

// Player names the program that plays a script.
type Player string

// The players.
const (
	PlayerHTTP    Player = "http"
	PlayerBrowser Player = "browser"
)

// Options say where and how a script is played. The zero value of an option is its default.
type Options struct {
	URL    string // of the server, such as http://127.0.0.1:8080
	Lab    string // the lab's name; "demo" when empty
	From   string // ID of the first step to play; the first when empty. The steps before are completed in the lab.
	To     string // ID of the last step to play; all steps when empty
	Player Player // PlayerHTTP when empty
	Log    io.Writer

	// KeepGoing continues after a failed step. With Rename, the player does the rest of the failed step with the original
	// labels, so that later steps find what they depend on.
	KeepGoing bool
	// Rename shows labels of pages altered: each text or name that equals a key reads as its value. Tests use it to prove
	// that exactly the steps that use a label fail. HTTP player only.
	Rename map[string]string
	// ShowGuide keeps the guide panel in the pages, to judge it by axe. Browser player only.
	ShowGuide bool
	// CheckTimeout is how long a step's done expression may stay false after the step; 15 s when 0.
	CheckTimeout time.Duration
	// ActionDelay is the time that the player waits before each action, as a person would.
	ActionDelay time.Duration
	// Instead is called when an action has failed, and returns an action to perform instead. With false, the step continues without
	// the action. When Instead is nil, a failed action fails its step. The import of guides looks for the right controls with it.
	Instead func(step *script.Step, failed script.Action, failure *Failure) (script.Action, bool)
	// BeforeStep is called before each step, also of a variant.
	BeforeStep func(*script.Step)
	// Variants returns what to play after a step, before the script goes on; the step is empty for the beginning. HTTP player only.
	Variants func(after string) []Variant
	// PageSeen is called before and after each action. has reports whether the page has a control with the name, or shows
	// the name as text.
	PageSeen func(step *script.Step, has func(name string) bool)
	// Transport may be shared by several players. When it is nil, Play makes one for itself.
	Transport http.RoundTripper
	// Resume says how to go on at the step From.
	Resume Resume
	// Cookie is sent with each request to the server; nil for none. A player in a workshop has that of an instructor.
	Cookie *http.Cookie
	// Egress carries the requests of the verb request to other servers than the lab's; nil refuses them.
	Egress http.RoundTripper

	// The options below apply to the browser player only.

	FailureDir string    // folder for pictures of failed steps; walk-failures when empty
	ShotDir    string    // folder for the guide's pictures without marks; none are taken when empty
	Pictures   *Pictures // takes the guide's pictures and locates their marks; none are taken when nil
	Browser    string    // path of the browser; FindBrowser looks for one when empty
	Axe        string    // source of axe-core; pages are not judged when empty
	AxeNarrow  bool      // judge each page at a width of 320 px too, not only at 1280 px
	Theme      string    // preferred colour scheme, "light" or "dark"; the browser's own when empty
}
