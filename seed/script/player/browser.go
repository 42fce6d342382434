package player

import (
	"context"
	"fmt"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// browser is a browser process. Each window is a separate browser context, like a private window.
type browser struct {
	ctx       context.Context
	cancel    []context.CancelFunc // called in reverse order
	axe       string               // source of axe-core, "" for none
	narrow    bool                 // axe-core judges at narrowWindow, too
	showGuide bool                 // see Options.ShowGuide
	theme     string               // preferred colour scheme
	pictures  *Pictures            // nil when none are taken
	home      string               // address of the lab's own page

	mu         sync.Mutex
	violations []Violation // found since takeViolations was last called
}

// The size of windows in CSS pixels.
const (
	wideWindow   = 1280
	narrowWindow = 320 // the width of WCAG 2.2, 1.4.10 Reflow
	windowHeight = 900
)

// BrowserOptions are the options to start the browser at a path: headless, without network requests of the browser itself, and ending
// with this process.
func BrowserOptions(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // the sandbox does not work for root, as in containers; only our own server's pages are opened
		chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "Translate,MediaRouter,OptimizationHints"),
		chromedp.ModifyCmdFunc(killWithParent),
	)
}

// startBrowser starts the browser process and waits until it answers.
func startBrowser(ctx context.Context, o Options) (*browser, error) {
	path, err := FindBrowser(o.Browser)
	if err != nil {
		return nil, err
	}
	flags := append(BrowserOptions(path), chromedp.WindowSize(wideWindow, windowHeight))
	b := &browser{
		axe: o.Axe, narrow: o.AxeNarrow, showGuide: o.ShowGuide, theme: o.Theme, pictures: o.Pictures,
		home: labAddress(o.URL, o.Lab),
	}
	flags = append(flags, b.pictures.flags()...)
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx, flags...)
	b.cancel = append(b.cancel, stopAllocator)
	var stopBrowser context.CancelFunc
	// Chromium sends events that chromedp does not know yet and logs as errors. The player needs none of them.
	b.ctx, stopBrowser = chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	b.cancel = append(b.cancel, stopBrowser)
	if err := chromedp.Run(b.ctx); err != nil {
		b.close()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return b, nil
}

func (b *browser) close() {
	for i := len(b.cancel) - 1; i >= 0; i-- {
		b.cancel[i]()
	}
}

// NewPrivateTab opens a tab with its own cookies in the browser of a context. It creates the browser context with DevTools
// commands, because Chromium demands WithNewWindow for the first tab of a context, which chromedp does not set.
func NewPrivateTab(browser context.Context) (context.Context, context.CancelFunc, error) {
	var id target.ID
	err := chromedp.Run(browser, chromedp.ActionFunc(func(ctx context.Context) error {
		executor := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		private, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(executor)
		if err != nil {
			return err
		}
		id, err = target.CreateTarget("about:blank").WithBrowserContextID(private).WithNewWindow(true).Do(executor)
		return err
	}))
	if err != nil {
		return nil, nil, fmt.Errorf("open a window: %w", err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithTargetID(id))
	// The tab lives as long as the context of its first Run, so that one must not have a deadline.
	if err := chromedp.Run(ctx); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("open a window: %w", err)
	}
	return ctx, cancel, nil
}

// window opens a window: a private tab that follows navigation.
func (b *browser) window() (window, error) {
	ctx, cancel, err := NewPrivateTab(b.ctx)
	if err != nil {
		return nil, err
	}
	w := &browserWindow{browser: b, ctx: ctx, cancel: cancel, judged: map[string]bool{}}
	chromedp.ListenTarget(ctx, w.followNavigation)
	err = chromedp.Run(ctx, cdppage.Enable(), network.SetExtraHTTPHeaders(b.headers()), preferTheme(b.theme), b.viewport(0, 0, 1))
	if err != nil {
		cancel()
		return nil, fmt.Errorf("open a window: %w", err)
	}
	return w, nil
}

// preferTheme sets the colour scheme that pages see as preferred; nothing when theme is empty.
func preferTheme(theme string) chromedp.Action {
	if theme == "" {
		return chromedp.Tasks{}
	}
	// Without motion, colours change at once and not gradually, so that axe-core and pictures meet the final ones.
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	})
}

// headers are added to each request of the browser.
func (b *browser) headers() network.Headers {
	if b.showGuide {
		return network.Headers{}
	}
	return network.Headers{GuideHeader: GuideOff}
}

// takeViolations returns what axe-core has found since the last call.
func (b *browser) takeViolations() []Violation {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := b.violations
	b.violations = nil
	return found
}
