package player

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"understudy/seed/script"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

// dial reaches the server where it listens, under the address by which readers know it.
func (p *Pictures) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, cmp.Or(p.Resolve[address], address))
}

// flags make a browser draw the same every time.
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
		chromedp.Flag("lang", cmp.Or(p.Language, defaultLanguage)),
		chromedp.Env("TZ=UTC"),
	}
}

// defaultLanguage is what browsers prefer that are told nothing else.
const defaultLanguage = "en-US"

// speaking lets the browser, and what it asks for, be in a language.
func speaking(language string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		if err := emulation.SetLocaleOverride().WithLocale(strings.ReplaceAll(language, "-", "_")).Do(ctx); err != nil {
			return err
		}
		agent := ""
		if err := chromedp.Evaluate(`navigator.userAgent`, &agent).Do(ctx); err != nil {
			return err
		}
		return emulation.SetUserAgentOverride(agent).WithAcceptLanguage(language).Do(ctx)
	})
}

// viewport sizes a window; a width or height of 0 is the player's own.
func (b *browser) viewport(width, height int) chromedp.Action {
	height = cmp.Or(height, windowHeight)
	if b.pictures == nil {
		return chromedp.EmulateViewport(int64(cmp.Or(width, wideWindow)), int64(height))
	}
	width = cmp.Or(width, b.pictures.Width, wideWindow)
	return chromedp.EmulateViewport(int64(width), int64(height), chromedp.EmulateScale(cmp.Or(b.pictures.Scale, 1)))
}

// goLive hands the sessions that were led over HTTP to the browser: the same cookies, the same pages.
func (pl *play) goLive(ctx context.Context) error {
	pl.early = false
	for who, w := range pl.windows {
		before, ok := w.(*httpWindow)
		if !ok {
			continue
		}
		delete(pl.windows, who)
		next, err := pl.window(who, false)
		if err != nil {
			return err
		}
		live := next.(*browserWindow)
		for _, home := range []string{"okta", "sigma"} {
			address, err := url.Parse(pl.values[home] + "/")
			if err != nil {
				return err
			}
			for _, c := range before.client.Jar.Cookies(address) {
				if err := live.run(ctx, setCookie(address, c)); err != nil {
					return fmt.Errorf("hand %s's session to the browser: %w", who, err)
				}
			}
		}
		if p := before.page; p != nil && p.url != nil {
			if err := live.visit(ctx, p.url.String()); err != nil {
				return err
			}
		}
	}
	return nil
}

func setCookie(home *url.URL, c *http.Cookie) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		return network.SetCookie(c.Name, c.Value).WithURL(home.String()).WithPath(home.Path).WithHTTPOnly(true).Do(ctx)
	})
}

// still makes the page hold still: nothing moves, nothing blinks, and nothing shows where the keyboard is unless the
// picture is about that.
const still = `(focus) => {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; scroll-behavior: auto !important }'
		+ (focus ? '' : ' :focus, :focus-visible { outline: none !important; box-shadow: none !important }'));
	const before = document.adoptedStyleSheets;
	document.adoptedStyleSheets = [...before, sheet];
	window.walkRestless = () => { document.adoptedStyleSheets = before; };
	scrollTo(0, 0);
	for (const field of document.querySelectorAll('input')) field.scrollLeft = 0;
	return document.fonts.ready.then(() => true);
}`

// place is where an element is in the whole page; a box or radio button together with its label. Of text and plain links
// it is where the letters are, as their boxes may be as wide as the page.
const place = `(e) => {
	const parts = [e];
	if (e.localName === 'input' && /^(checkbox|radio)$/.test(e.type)) parts.push(...e.labels);
	const letters = (p) => {
		if (p.localName === 'label') return true;
		const style = getComputedStyle(p);
		if (p.localName === 'a') return style.borderTopWidth === '0px' && /, 0\)$/.test(style.backgroundColor);
		return !p.childElementCount && !/^(input|button|select|textarea|img|svg)$/.test(p.localName);
	};
	const rects = (p) => {
		if (TIGHT && letters(p)) {
			const range = document.createRange();
			range.selectNodeContents(p);
			return [...range.getClientRects()];
		}
		return [...p.getClientRects()];
	};
	const boxes = parts.flatMap(rects).filter((r) => r.width > 0 && r.height > 0);
	if (!boxes.length) return null;
	const x = Math.min(...boxes.map((r) => r.left)), y = Math.min(...boxes.map((r) => r.top));
	return {X: x + scrollX, Y: y + scrollY, W: Math.max(...boxes.map((r) => r.right)) - x, H: Math.max(...boxes.map((r) => r.bottom)) - y};
}`

// layout is what there is to take: the whole page, how far down something stands in it, and the dialog that covers it.
type layout struct {
	Page   Rect
	Filled float64
	Dialog *Rect
	Main   *Rect
	Tall   float64 // how tall the window must be for the whole dialog to show, 0 when it does
}

const readLayout = `(() => {
	const root = document.documentElement;
	const filled = [...document.body.querySelectorAll('*')].filter((e) => !e.childElementCount && e.checkVisibility())
		.map((e) => e.getBoundingClientRect()).filter((r) => r.height > 0).map((r) => r.bottom + scrollY);
	const main = document.querySelector('main')?.getBoundingClientRect();
	const dialog = [...document.querySelectorAll('dialog[open]')].filter((d) => d.matches(':modal')).pop();
	const box = dialog && dialog.getBoundingClientRect();
	const hidden = dialog ? Math.max(0, ...[dialog, ...dialog.querySelectorAll('*')].filter((e) => /auto|scroll/.test(getComputedStyle(e).overflowY) && e.localName !== 'textarea')
		.map((e) => e.scrollHeight - e.clientHeight)) : 0;
	return {
		Page: {X: 0, Y: 0, W: root.clientWidth, H: Math.max(root.scrollHeight, innerHeight)},
		Filled: Math.max(0, ...filled),
		Main: main ? {X: main.left + scrollX, Y: main.top + scrollY, W: main.width, H: main.height} : null,
		Dialog: box ? {X: box.left + scrollX, Y: box.top + scrollY, W: box.width, H: box.height} : null,
		Tall: hidden > 1 ? Math.ceil(box.height + hidden + 200) : 0,
	};
})()`

// tallest is how much of a long page a picture shows, in CSS pixels, unless it is told what to crop.
const tallest = 2100

// photograph takes one picture. What goes wrong is the picture's own failure, not the step's.
func (w *browserWindow) photograph(ctx context.Context, v values, shot script.Shot) Picture {
	picture := Picture{Shot: shot, Scale: cmp.Or(w.browser.pictures.Scale, 1)}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	began := time.Now()
	picture.Err = w.frame(ctx, v, &picture)
	picture.Took = time.Since(began)
	return picture
}

func (w *browserWindow) frame(ctx context.Context, v values, picture *Picture) (err error) {
	shot := &picture.Shot
	if shot.Width != 0 {
		if err := w.run(ctx, w.browser.viewport(shot.Width, 0)); err != nil {
			return err
		}
	}
	rolled, err := w.unroll(ctx, shot.Width)
	if err != nil {
		return err
	}
	if rolled || shot.Width != 0 {
		defer func() { _ = w.run(ctx, w.browser.viewport(0, 0)) }()
	}
	if theme := cmp.Or(shot.Theme, w.browser.pictures.Theme); theme != "" {
		if err := w.run(ctx, preferring(theme)); err != nil {
			return err
		}
	}
	if language := shot.Language; language != "" {
		if err := w.run(ctx, speaking(language)); err != nil {
			return err
		}
		defer func() { _ = w.run(ctx, speaking(cmp.Or(w.browser.pictures.Language, defaultLanguage))) }()
	}
	p, err := w.look(ctx)
	if err != nil {
		return err
	}
	if err := w.pose(ctx, v, p, shot); err != nil {
		return err
	}
	defer func() { _ = w.run(ctx, chromedp.Evaluate(`window.walkRestless && walkRestless()`, nil)) }()
	clip, err := w.clip(ctx, v, p, shot)
	if err != nil {
		return err
	}
	for _, m := range shot.Marks {
		if m.Text != "" {
			if picture.TextImages == nil {
				picture.TextImages = map[string][]byte{}
			}
			if picture.TextImages[m.Text], err = w.browser.set(ctx, m.Text, picture.Scale); err != nil {
				return err
			}
		}
		at, err := w.find(ctx, v, p, m.Control, m.In, true)
		if err != nil {
			return fmt.Errorf("callout “%s”: %w", m.Control, err)
		}
		s := picture.Scale
		picture.Marks = append(picture.Marks, Rect{(at.X - clip.X) * s, (at.Y - clip.Y) * s, at.W * s, at.H * s})
	}
	return w.run(ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture.PNG, err = cdppage.CaptureScreenshot().WithFormat(cdppage.CaptureScreenshotFormatPng).WithOptimizeForSpeed(true).
			WithCaptureBeyondViewport(true).WithClip(&cdppage.Viewport{X: clip.X, Y: clip.Y, Width: clip.W, Height: clip.H, Scale: 1}).Do(ctx)
		return err
	}))
}

// pose holds the page still, and puts focus and pointer where the picture wants them.
func (w *browserWindow) pose(ctx context.Context, v values, p *page, shot *script.Shot) error {
	pointer := Rect{}
	for _, wish := range []struct {
		name string
		use  func(*html.Node) error
	}{
		{shot.Focus, func(n *html.Node) error { return w.on(ctx, n, `(e) => { e.focus(); return true }`, new(bool)) }},
		{shot.Hover, func(n *html.Node) (err error) { pointer, err = w.place(ctx, n, true); return err }},
	} {
		if wish.name == "" {
			continue
		}
		n, err := p.named(v, wish.name, "", false)
		if err == nil {
			err = wish.use(n)
		}
		if err != nil {
			return err
		}
	}
	var ready bool
	if err := w.run(ctx, chromedp.Evaluate(fmt.Sprintf("(%s)(%t)", still, shot.Focus != ""), &ready, awaitPromise)); err != nil {
		return err
	}
	moved := input.DispatchMouseEvent(input.MouseMoved, pointer.X+pointer.W/2, pointer.Y+pointer.H/2)
	if err := w.run(ctx, moved); err != nil {
		return err
	}
	return w.run(ctx, chromedp.Evaluate(twoFrames, &ready, awaitPromise))
}

// named is what a crop or callout names, variables replaced.
func (p *page) named(v values, name, within string, region bool) (*html.Node, error) {
	name, err := v.insert(name)
	if err != nil {
		return nil, err
	}
	if within, err = v.insert(within); err != nil {
		return nil, err
	}
	return p.target(name, within, region)
}

func (w *browserWindow) find(ctx context.Context, v values, p *page, name, within string, tight bool) (Rect, error) {
	n, err := p.named(v, name, within, !tight)
	if err != nil {
		return Rect{}, err
	}
	return w.place(ctx, n, tight)
}

func (w *browserWindow) place(ctx context.Context, n *html.Node, tight bool) (Rect, error) {
	var at *Rect
	if err := w.on(ctx, n, strings.ReplaceAll(place, "TIGHT", strconv.FormatBool(tight)), &at); err != nil {
		return Rect{}, err
	}
	if at == nil {
		return Rect{}, missing{"it takes no room in the page"}
	}
	return *at, nil
}

// defaultPadding is the room around a crop that says nothing about it.
const defaultPadding = 12

// clip is the part of the page that is taken, on whole pixels.
func (w *browserWindow) clip(ctx context.Context, v values, p *page, shot *script.Shot) (Rect, error) {
	var l layout
	if err := w.run(ctx, chromedp.Evaluate(readLayout, &l)); err != nil {
		return Rect{}, err
	}
	whole := l.Page
	if len(shot.Crop) == 0 {
		if l.Dialog != nil {
			return around(*l.Dialog, whole, float64(cmp.Or(shot.Padding, 2*defaultPadding))), nil
		}
		whole.H = float64(int(min(whole.H, l.Filled+6*defaultPadding, tallest)))
		return whole, nil
	}
	var left, top, right, bottom float64
	for i, name := range shot.Crop {
		at, err := w.find(ctx, v, p, name, "", false)
		if err != nil {
			return whole, fmt.Errorf("crop “%s”: %w", name, err)
		}
		if i == 0 {
			left, top, right, bottom = at.X, at.Y, at.X+at.W, at.Y+at.H
			continue
		}
		left, top, right, bottom = min(left, at.X), min(top, at.Y), max(right, at.X+at.W), max(bottom, at.Y+at.H)
	}
	// The room around does not reach into what stands beside the main part, such as a strip of the navigation.
	if m := l.Main; m != nil && l.Dialog == nil && left >= m.X && right <= m.X+m.W {
		whole.X, whole.W = m.X, m.W
	}
	return around(Rect{left, top, right - left, bottom - top}, whole, float64(cmp.Or(shot.Padding, defaultPadding))), nil
}

// around is a place with room around it, within the page, on whole pixels.
func around(at, page Rect, room float64) Rect {
	left, top := float64(int(math.Ceil(max(page.X, at.X-room)))), float64(int(max(0, at.Y-room)))
	return Rect{left, top, float64(int(min(page.X+page.W, at.X+at.W+room) - left)), float64(int(min(page.H, at.Y+at.H+room) - top))}
}

// unroll makes the window so tall that a long dialog shows whole.
func (w *browserWindow) unroll(ctx context.Context, width int) (rolled bool, err error) {
	var l layout
	if err := w.run(ctx, chromedp.Evaluate(readLayout, &l)); err != nil || l.Tall == 0 {
		return false, err
	}
	return true, w.run(ctx, w.browser.viewport(width, int(l.Tall)))
}

// set sets a text in a tab of its own, white on black, in the typeface of the pages: one of them lends its styles.
func (b *browser) set(ctx context.Context, text string, scale float64) (letters []byte, err error) {
	tab, stop := chromedp.NewContext(b.ctx)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	var size Rect
	write := fmt.Sprintf(`((text) => {
		const p = document.createElement('p');
		document.body.replaceChildren();
		document.body.style.background = '#000';
		p.textContent = text;
		p.style = 'position: absolute; inset: 0 auto auto 0; margin: 0; padding: 6px 10px; font: 600 14px/1.35 Inter, sans-serif; color: #fff; background: #000; max-width: 320px; width: max-content';
		document.body.append(p);
		return document.fonts.load('600 14px Inter', text).then(() => {
		const box = p.getBoundingClientRect();
		return {W: Math.ceil(box.width), H: Math.ceil(box.height)}; });
	})(%q)`, text)
	err = chromedp.Run(tab, chromedp.EmulateViewport(640, 480, chromedp.EmulateScale(scale)), chromedp.Navigate(b.home), chromedp.Evaluate(write, &size, awaitPromise),
		chromedp.ActionFunc(func(ctx context.Context) (err error) {
			letters, err = cdppage.CaptureScreenshot().WithClip(&cdppage.Viewport{Width: size.W, Height: size.H, Scale: 1}).Do(ctx)
			return err
		}))
	if err != nil {
		return nil, fmt.Errorf("set the text “%s”: %w", text, err)
	}
	return letters, nil
}
