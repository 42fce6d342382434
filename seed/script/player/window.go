package player

import (
	"context"
	"time"

	"golang.org/x/net/html"
)

// window is a browser session of one identity, with its own cookies. There are two: httpWindow and browserWindow.
// Elements are nodes of the page that read returned last.
type window interface {
	// visit opens an address, absolute or relative to the current page.
	visit(ctx context.Context, address string) error
	// reload requests the address of the current page with GET. It never sends a form again.
	reload(ctx context.Context) error
	// read returns the current page; errNoPage before the first visit.
	read(ctx context.Context) (*page, error)
	click(ctx context.Context, control *html.Node) error
	// leaveDialog closes the dialog that covers the page, as a person does before using the navigation below it.
	leaveDialog(ctx context.Context) error
	fill(ctx context.Context, field *html.Node, value string) error
	// choose selects an option of a select. option is nil for a radio button.
	choose(ctx context.Context, control, option *html.Node) error
	tick(ctx context.Context, box *html.Node, on bool) error
	// screenshot writes a picture of the whole page to a file. The HTTP player has none.
	screenshot(ctx context.Context, file string) error
	// retryTime is how long a control may take to appear, because JavaScript is at work.
	retryTime() time.Duration
	close()
}

const (
	requestTimeout = 30 * time.Second
	waitTimeout    = 15 * time.Second
	firstPause     = 25 * time.Millisecond
	longestPause   = 800 * time.Millisecond
)

// pause waits, and ends early with the context's error when the context ends.
func pause(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
