package player

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// browserWindow is a window of Chromium: one browser context with one tab.
type browserWindow struct {
	browser *browser
	ctx     context.Context
	cancel  context.CancelFunc
	judged  map[string]bool // paths of pages that axe-core has judged

	mu        sync.Mutex
	requested bool // a navigation was requested and has not started
	loading   bool
}

// followNavigation notes when the tab starts and ends a navigation, so that no action works on a page that is being replaced.
func (w *browserWindow) followNavigation(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch event.(type) {
	case *cdppage.EventFrameRequestedNavigation:
		w.requested = true
	case *cdppage.EventFrameStartedLoading:
		w.requested, w.loading = false, true
	case *cdppage.EventFrameStoppedLoading:
		w.loading = false
	}
}

// navigating reports whether a navigation was requested or is loading.
func (w *browserWindow) navigating() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requested || w.loading
}

// browserTimeout bounds one action in the browser.
const browserTimeout = 30 * time.Second

// run performs browser actions. It ends with the caller's context and with the window's.
func (w *browserWindow) run(ctx context.Context, actions ...chromedp.Action) error {
	limited, cancel := context.WithTimeout(w.ctx, browserTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	return chromedp.Run(limited, actions...)
}

// twoFramesJS resolves after two animation frames, when all changes are painted.
const twoFramesJS = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`

// oneTurnJS resolves after the page's JavaScript, and the start of a navigation, had a turn of the event loop. The result is false
// while the page is busy, such as with showing a dialog.
const oneTurnJS = `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(!document.documentElement.ariaBusy))))`

// settle waits until no navigation is under way, twice in a row. An evaluation that a navigation interrupts is repeated.
func (w *browserWindow) settle(ctx context.Context) error {
	deadline := time.Now().Add(browserTimeout)
	for calm := 0; calm < 2; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the page was still loading after %s", browserTimeout)
		}
		var done bool
		err := w.run(ctx, chromedp.Evaluate(oneTurnJS, &done, awaitPromise))
		if err != nil && w.ctx.Err() != nil {
			return err
		}
		if err == nil && done && !w.navigating() {
			calm++
		} else {
			calm = 0
		}
	}
	return nil
}

// retryTime covers JavaScript that changes the page after a delay, such as a search while typing.
func (w *browserWindow) retryTime() time.Duration { return 5 * time.Second }

func (w *browserWindow) close() { w.cancel() }

// visit waits until the page has loaded.
func (w *browserWindow) visit(ctx context.Context, address string) error {
	base := &url.URL{}
	var here string
	if err := w.run(ctx, chromedp.Location(&here)); err == nil {
		if u, err := url.Parse(here); err == nil {
			base = u
		}
	}
	to, err := base.Parse(address)
	if err != nil || to.Host == "" {
		return fmt.Errorf("%q is not an address", address)
	}
	if err := w.run(ctx, chromedp.Navigate(to.String())); err != nil {
		return fmt.Errorf("visit %s: %w", to, err)
	}
	return w.settle(ctx)
}

// reload visits the current address. The browser's own reload would send a form again.
func (w *browserWindow) reload(ctx context.Context) error {
	var here string
	if err := w.run(ctx, chromedp.Location(&here)); err != nil {
		return err
	}
	return w.visit(ctx, here)
}

//go:embed read_document.js
var readDocumentJS string

// read copies the document out of the browser and parses the copy. It also judges the page by axe-core.
func (w *browserWindow) read(ctx context.Context) (*page, error) {
	if err := w.settle(ctx); err != nil {
		return nil, err
	}
	var document struct{ URL, HTML string }
	if err := w.run(ctx, chromedp.Evaluate(readDocumentJS, &document)); err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	address, err := url.Parse(document.URL)
	if err != nil {
		return nil, err
	}
	if address.Host == "" {
		return nil, errNoPage
	}
	p, err := parsePage(address, strings.NewReader(document.HTML), true)
	if err != nil {
		return nil, err
	}
	return p, w.judge(ctx, address)
}

// screenshot writes a picture of the whole page.
func (w *browserWindow) screenshot(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var picture []byte
	if err := w.run(ctx, chromedp.FullScreenshot(&picture, 100)); err != nil {
		return err
	}
	return writeFile(file, picture)
}
