package player

import (
	"cmp"
	"context"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"understudy/seed/script"
)

// Rect is a rectangle in a page (CSS pixels) or in a picture (its pixels). X and Y are the left and top edge.
type Rect struct{ X, Y, W, H float64 }

// Picture is one picture of the guide before its marks are drawn. The HTTP player sets only Step, As, Shot and Address.
type Picture struct {
	Step    string
	As      string
	Address string // of the page; HTTP player only
	Shot    script.Shot
	PNG     []byte
	Marks   []Rect  // where the controls of Shot.Marks are in the picture, in the same order
	Scale   float64 // pixels for each CSS pixel
	Took    time.Duration
	Err     error // why the picture could not be taken

	Frames []Frame // of an animated picture

	TextImages map[string][]byte // text of a mark → the text drawn white on black, as PNG
}

// Frame is one picture of an animation, with one pixel for each CSS pixel.
type Frame struct {
	PNG  []byte
	Mark *Rect // the control that the next action uses; nil when there is none
}

// Pictures says which pictures of a script the player takes and how.
type Pictures struct {
	Receive func(Picture)          // called with each picture, in order; it may keep the picture
	Wanted  func(name string) bool // nil means all
	Scale   float64                // pixels for each CSS pixel; 1 when 0
	Width   int                    // of the window in CSS pixels; 1280 when 0
	Theme   string                 // "light" or "dark"; the browser's own when empty
	// Moment is called before each step (action is nil) and each action, also before FirstBrowserStep. It can set the clock of the
	// lab, so that the times in pictures do not depend on how fast the script is played.
	Moment func(ctx context.Context, step *script.Step, action *script.Action) error
	// Hold with on lets Okta's provisioning requests finish and holds back the next ones; without on it releases them. It
	// is nil where requests cannot be held.
	Hold func(ctx context.Context, on bool) error
	// FirstBrowserStep is the ID of the first step that needs the browser. The steps before it are played over HTTP, about
	// a hundred times faster; then the browser takes over their sessions. Empty means the first step.
	FirstBrowserStep string
	// Resolve maps the host:port of Options.URL to the address at which the server listens, so that pictures show the
	// address that readers use.
	Resolve map[string]string
}

// language is the language of the pages.
const language = "en-US"

// dial connects to the address that Resolve gives, or else to the address itself.
func (p *Pictures) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, cmp.Or(p.Resolve[address], address))
}

// flags make the browser draw the same pixels on each run.
func (p *Pictures) flags() []chromedp.ExecAllocatorOption {
	if p == nil {
		return nil
	}
	var rules []string
	for _, from := range slices.Sorted(maps.Keys(p.Resolve)) {
		rules = append(rules, "MAP "+from+" "+p.Resolve[from])
	}
	return []chromedp.ExecAllocatorOption{
		chromedp.Flag("host-resolver-rules", strings.Join(rules, ",")),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("disable-lcd-text", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("in-process-gpu", true), // one process less for each job, which needs memory
		chromedp.Flag("lang", language),
		chromedp.Env("TZ=UTC"),
	}
}
