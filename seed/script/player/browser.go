package player

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// ErrNoBrowser says that there is none to play with.
var ErrNoBrowser = errors.New("no browser was found: install Chromium, Chrome or Edge (on Debian: apt-get install chromium-headless-shell)")

// browserNames are what Chromium and its kin are called on PATH. None is ever downloaded. The headless shell goes first:
// it draws the same pages without a browser around them that nobody sees, at a third of the work.
var browserNames = []string{"chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome"}

// behindScript is the program for which Debian has a script on PATH that waits for it, and may end without it.
var behindScript = map[string]string{"chromium-headless-shell": "/usr/lib/chromium/chromium-headless-shell"}

// browserPlaces are where installers put them on systems that have no such names on PATH: macOS below a folder of
// programs, Windows below the folder that a variable of the environment names.
var browserPlaces = map[string][]string{
	"/Applications":     {"Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"},
	"ProgramFiles":      {"Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"},
	"ProgramFiles(x86)": {"Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"},
	"LocalAppData":      {"Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe"},
}

// FindBrowser gives the path of the browser to play with: the given one, or the first that is found. [ErrNoBrowser] when there is none.
func FindBrowser(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	for _, name := range browserNames {
		if path, err := exec.LookPath(name); err == nil {
			if program := behindScript[name]; isFile(program) {
				return program, nil
			}
			return path, nil
		}
	}
	for _, root := range slices.Sorted(maps.Keys(browserPlaces)) {
		folder := root
		if !filepath.IsAbs(root) {
			if folder = os.Getenv(root); folder == "" {
				continue
			}
		}
		for _, place := range browserPlaces[root] {
			path := filepath.Join(folder, filepath.FromSlash(place))
			if isFile(path) {
				return path, nil
			}
		}
	}
	return "", ErrNoBrowser
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// browser is one browser process; each window of a walk is an isolated context in it, as a private window of its own.
type browser struct {
	ctx    context.Context
	stop   []context.CancelFunc
	axe    string
	narrow bool
	guide  bool   // stays beside the pages
	theme  string // colour scheme that pages are told of

	pictures *Pictures // nil when none are taken
	home     string    // the lab's own page

	mu    sync.Mutex
	found []Violation
}

// The size at which pages are played and judged, in CSS pixels.
const (
	wideWindow   = 1280
	narrowWindow = 320
	windowHeight = 900
)

// BrowserOptions start the browser at a path: without a window, calling nobody, and ending with us.
func BrowserOptions(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // needed as root, as in containers; it opens only our own server's pages
		chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "Translate,MediaRouter,OptimizationHints"),
		chromedp.ModifyCmdFunc(endWhole),
	)
}

func startBrowser(ctx context.Context, o Options) (*browser, error) {
	path, err := FindBrowser(o.Browser)
	if err != nil {
		return nil, err
	}
	flags := append(BrowserOptions(path), chromedp.WindowSize(wideWindow, windowHeight))
	b := &browser{axe: o.Axe, narrow: o.AxeNarrow, guide: o.ShowGuide, theme: o.Theme, pictures: o.Pictures, home: labAddress(o.URL, o.Lab)}
	flags = append(flags, b.pictures.flags()...)
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx, flags...)
	b.stop = append(b.stop, stopAllocator)
	var stopBrowser context.CancelFunc
	// Chromium sends events that chromedp does not know yet, and says so to the log; they concern no player.
	b.ctx, stopBrowser = chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	b.stop = append(b.stop, stopBrowser)
	if err := chromedp.Run(b.ctx); err != nil {
		b.close()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return b, nil
}

func (b *browser) close() {
	for i := len(b.stop) - 1; i >= 0; i-- {
		b.stop[i]()
	}
}

// violations gives what axe has found since it was last asked.
func (b *browser) violations() []Violation {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := b.found
	b.found = nil
	return found
}

// window opens a private window: a browser context of its own. It is made by hand because Chromium wants the first tab of
// a context to come with a window.
func (b *browser) window() (window, error) {
	var id target.ID
	err := chromedp.Run(b.ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		executor := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		private, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(executor)
		if err != nil {
			return err
		}
		id, err = target.CreateTarget("about:blank").WithBrowserContextID(private).WithNewWindow(true).Do(executor)
		return err
	}))
	if err != nil {
		return nil, fmt.Errorf("open a window: %w", err)
	}
	ctx, stop := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	w := &browserWindow{browser: b, ctx: ctx, stop: stop, judged: map[string]bool{}}
	chromedp.ListenTarget(ctx, w.listen)
	if err := chromedp.Run(ctx, cdppage.Enable(), network.SetExtraHTTPHeaders(b.headers()), preferring(b.theme), b.viewport(0, 0)); err != nil {
		stop()
		return nil, fmt.Errorf("open a window: %w", err)
	}
	return w, nil
}

// preferring lets pages know which colour scheme the person prefers; nothing for the browser's own.
func preferring(theme string) chromedp.Action {
	if theme == "" {
		return chromedp.Tasks{}
	}
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}})
}

func (b *browser) headers() network.Headers {
	if b.guide {
		return network.Headers{}
	}
	return network.Headers{GuideHeader: GuideOff}
}

// browserWindow is one isolated context with one tab.
type browserWindow struct {
	browser *browser
	ctx     context.Context
	stop    context.CancelFunc
	judged  map[string]bool // pages that axe has seen

	mu      sync.Mutex
	pending bool // a navigation was asked for and has not begun
	loading bool
}

// listen follows navigations of the tab, so that no action meets a page that is on its way out.
func (w *browserWindow) listen(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch event.(type) {
	case *cdppage.EventFrameRequestedNavigation:
		w.pending = true
	case *cdppage.EventFrameStartedLoading:
		w.pending, w.loading = false, true
	case *cdppage.EventFrameStoppedLoading:
		w.loading = false
	}
}

func (w *browserWindow) busy() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending || w.loading
}

// actionAtMost bounds one action in the browser.
const actionAtMost = 30 * time.Second

// run performs browser actions, ended by the caller's context as well as by the window's.
func (w *browserWindow) run(ctx context.Context, actions ...chromedp.Action) error {
	limited, cancel := context.WithTimeout(w.ctx, actionAtMost)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	return chromedp.Run(limited, actions...)
}

// twoFrames lets what has changed be painted.
const twoFrames = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`

// aTurn lets the page's scripts and the start of a navigation have their turn.
const aTurn = `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(true))))`

// settle waits until no navigation is under way. A navigation destroys what is being evaluated; that is no failure.
func (w *browserWindow) settle(ctx context.Context) error {
	deadline := time.Now().Add(actionAtMost)
	for calm := 0; calm < 2; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return errors.New("the page did not come to rest")
		}
		var done bool
		err := w.run(ctx, chromedp.Evaluate(aTurn, &done, awaitPromise))
		if err != nil && w.ctx.Err() != nil {
			return err
		}
		if err == nil && done && !w.busy() {
			calm++
		} else {
			calm = 0
		}
	}
	return nil
}

func (w *browserWindow) patience() time.Duration { return 5 * time.Second }

func (w *browserWindow) close() { w.stop() }

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
		return fmt.Errorf("%q is no address", address)
	}
	if err := w.run(ctx, chromedp.Navigate(to.String())); err != nil {
		return fmt.Errorf("visit %s: %w", to, err)
	}
	return w.settle(ctx)
}

func (w *browserWindow) reload(ctx context.Context) error {
	// Asking for the address again, not reloading: a page that answered a form would be sent again.
	var here string
	if err := w.run(ctx, chromedp.Location(&here)); err != nil {
		return err
	}
	return w.visit(ctx, here)
}

//go:embed read_document.js
var readDocument string

func (w *browserWindow) look(ctx context.Context) (*page, error) {
	if err := w.settle(ctx); err != nil {
		return nil, err
	}
	var reading struct{ URL, HTML string }
	if err := w.run(ctx, chromedp.Evaluate(readDocument, &reading)); err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	address, err := url.Parse(reading.URL)
	if err != nil {
		return nil, err
	}
	if address.Host == "" {
		return nil, errNoPage
	}
	p, err := parsePage(address, strings.NewReader(reading.HTML), true)
	if err != nil {
		return nil, err
	}
	return p, w.judge(ctx, address)
}

// judge runs axe on a page once.
func (w *browserWindow) judge(ctx context.Context, address *url.URL) error {
	key := address.Path
	if w.browser.axe == "" || w.judged[key] {
		return nil
	}
	w.judged[key] = true
	if err := w.axe(ctx, address, wideWindow); err != nil || !w.browser.narrow {
		return err
	}
	if err := w.run(ctx, chromedp.EmulateViewport(narrowWindow, windowHeight)); err != nil {
		return err
	}
	err := w.axe(ctx, address, narrowWindow)
	return errors.Join(err, w.run(ctx, chromedp.EmulateViewport(wideWindow, windowHeight)))
}

// runAxe judges by the rules of WCAG 2.2 A and AA, and axe's own good practice.
const runAxe = `axe.run(document, {resultTypes: ['violations']}).then((r) => JSON.stringify(r.violations.map((v) =>
	({rule: v.id, help: v.help, targets: v.nodes.map((n) => n.target.join(' '))}))))`

func (w *browserWindow) axe(ctx context.Context, address *url.URL, width int) error {
	var text string
	var loaded any
	err := w.run(ctx, chromedp.Evaluate(w.browser.axe+"\n;true", &loaded), chromedp.Evaluate(runAxe, &text, awaitPromise))
	if err != nil {
		return fmt.Errorf("axe on %s: %w", address, err)
	}
	var list []struct {
		Rule, Help string
		Targets    []string
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return fmt.Errorf("axe on %s: %w", address, err)
	}
	w.browser.mu.Lock()
	defer w.browser.mu.Unlock()
	for _, v := range list {
		w.browser.found = append(w.browser.found, Violation{URL: address.Path, Rule: v.Rule, Help: v.Help, Width: width, Targets: v.Targets})
	}
	return nil
}
