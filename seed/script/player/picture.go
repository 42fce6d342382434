package player

import (
	"context"
	"time"

	"understudy/seed/script"
)

// Rect is a place in a picture, in its pixels.
type Rect struct{ X, Y, W, H float64 }

// Picture is one picture as the browser gave it, before its callouts are drawn; the HTTP player gives the page's address alone.
type Picture struct {
	Step    string
	As      string
	Address string
	Shot    script.Shot
	PNG     []byte
	Marks   []Rect  // where the shot's marks are, in the same order
	Scale   float64 // pixels for each CSS pixel
	Took    time.Duration
	Err     error // why it could not be taken

	TextImages map[string][]byte // the texts of callouts, set by the browser white on black, as PNG
}

// Pictures says which of a script's pictures a player takes, and to whom it gives them.
type Pictures struct {
	Receive func(Picture) // called with each, in order; it may keep what it is given
	Wanted  func(name string) bool
	Scale   float64
	Width   int    // of the window in CSS pixels
	Theme   string // "light" or "dark"
	// Language is what the browser prefers, as a tag of BCP 47; "en-US" when empty.
	Language string
	// Hold lets what Okta has to send arrive and makes what comes after it wait, or lets it go; nil where nothing can be held.
	Hold func(ctx context.Context, on bool) error
	// From is the first step that needs the browser: those before are played over HTTP, some hundred times faster, and the
	// sessions are then handed over to the browser.
	FirstBrowserStep string
	// Resolve maps the "host:port" of URL to where the server listens, so that pictures show the address that readers have.
	Resolve map[string]string
}
