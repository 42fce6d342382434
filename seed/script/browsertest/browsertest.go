// Package browsertest lets tests use Chromium. A missing browser fails a test; it never skips one.
//
//   - browsertest.go: the browser process, which the running tests of a package share
//   - tab.go: a tab with its own cookies, and actions in it
//   - wait.go: waiting for a condition of the page, with a deadline and a report of what the page showed
//   - axe.go, axe/: axe-core, which judges the accessibility of pages
package browsertest

import (
	"context"
	"errors"
	"sync"

	"github.com/chromedp/chromedp"

	"understudy/seed/script/player"
)

// process is the browser process. It starts with the first tab and ends when the last tab is closed.
var process struct {
	sync.Mutex
	tabs int
	ctx  context.Context
	stop func()
}

// acquire returns the context of the browser process, and starts the process if none runs.
func acquire() (context.Context, error) {
	process.Lock()
	defer process.Unlock()
	if process.tabs == 0 {
		path, err := player.FindBrowser("")
		if err != nil {
			return nil, err
		}
		allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), player.BrowserOptions(path)...)
		ctx, stopBrowser := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
		process.ctx, process.stop = ctx, func() { stopBrowser(); stopAllocator() }
		if err := chromedp.Run(ctx); err != nil {
			process.stop()
			return nil, errors.Join(errors.New("the browser does not start"), err)
		}
	}
	process.tabs++
	return process.ctx, nil
}

// release closes the browser process if no tab is left.
func release() {
	process.Lock()
	defer process.Unlock()
	if process.tabs--; process.tabs == 0 {
		process.stop()
	}
}
