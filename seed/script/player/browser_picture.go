package player

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"understudy/seed/script"
)

// setCookie sets a cookie for a product's address. HTTP cookie jars do not give a cookie's path, so the address has it.
func setCookie(home *url.URL, c *http.Cookie) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		return network.SetCookie(c.Name, c.Value).WithURL(home.String()).WithPath(home.Path).WithHTTPOnly(true).Do(ctx)
	})
}

// freezeJS stops animations, hides the caret and scrolls to the top. Without focus it also hides the focus ring. Without bar it also
// hides the lab bar and what the pages say of the training: a picture shows the product. window.understudyUnfreeze undoes it.
const freezeJS = `(focus, bar) => {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; '
		+ 'caret-color: transparent !important; scroll-behavior: auto !important }'
		+ (bar ? '' : ' .lab-bar, .signin-foot, [data-of-training] { display: none !important }')
		+ (focus ? '' : ' :focus, :focus-visible { outline: none !important; box-shadow: none !important }'));
	const before = document.adoptedStyleSheets;
	document.adoptedStyleSheets = [...before, sheet];
	const remark = /\b(this|the|your|training|its own) lab\b|\blab's\b|\blab card\b|\bstand-in\b/i;
	const remarks = bar ? [] : [...document.querySelectorAll('p, small, .hint')]
		.filter((e) => !e.closest('.lab-bar, .guide, .empty-state') && !e.querySelector('input, button, select') && remark.test(e.textContent));
	for (const e of remarks) e.setAttribute('data-of-training', '');
	window.understudyUnfreeze = () => {
		document.adoptedStyleSheets = before;
		for (const e of remarks) e.removeAttribute('data-of-training');
	};
	scrollTo(0, 0);
	for (const field of document.querySelectorAll('input')) field.scrollLeft = 0;
	return document.fonts.ready.then(() => true);
}`

// takePicture takes one picture. An error is recorded in the picture and does not fail the step.
func (w *browserWindow) takePicture(ctx context.Context, v values, shot script.Shot) Picture {
	picture := Picture{Shot: shot, Scale: cmp.Or(w.browser.pictures.Scale, 1)}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	began := time.Now()
	picture.Err = w.capture(ctx, v, &picture)
	picture.Took = time.Since(began)
	return picture
}

// capture sets the window up as the shot demands, takes the picture, and restores the window.
func (w *browserWindow) capture(ctx context.Context, v values, picture *Picture) (err error) {
	shot := &picture.Shot
	if err := w.run(ctx, w.browser.viewport(shot.Width, 0, w.browser.pictures.Scale)); err != nil {
		return err
	}
	defer func() { _ = w.run(ctx, w.browser.viewport(0, 0, 1)) }()
	if err := w.fitDialog(ctx, shot); err != nil {
		return err
	}
	if theme := cmp.Or(shot.Theme, w.browser.pictures.Theme); theme != "" {
		if err := w.run(ctx, preferTheme(theme)); err != nil {
			return err
		}
	}
	p, err := w.read(ctx)
	if err != nil {
		return err
	}
	if err := w.freeze(ctx, v, p, shot); err != nil {
		return err
	}
	defer func() { _ = w.run(ctx, chromedp.Evaluate(`window.understudyUnfreeze && understudyUnfreeze()`, nil)) }()
	if err := w.scrollDialog(ctx, v, p, shot); err != nil {
		return err
	}
	clip, err := w.crop(ctx, v, p, shot)
	if err != nil {
		return err
	}
	if err := w.locateMarks(ctx, v, p, picture, clip); err != nil {
		return err
	}
	viewport := &cdppage.Viewport{X: clip.X, Y: clip.Y, Width: clip.W, Height: clip.H, Scale: 1}
	return w.run(ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture.PNG, err = cdppage.CaptureScreenshot().WithFormat(cdppage.CaptureScreenshotFormatPng).
			WithOptimizeForSpeed(true).WithCaptureBeyondViewport(true).WithClip(viewport).Do(ctx)
		return err
	}))
}

// locateMarks finds the controls of the shot's marks and draws the texts of text marks.
func (w *browserWindow) locateMarks(ctx context.Context, v values, p *page, picture *Picture, clip Rect) (err error) {
	for _, m := range picture.Shot.Marks {
		if m.Text != "" {
			if picture.TextImages == nil {
				picture.TextImages = map[string][]byte{}
			}
			if picture.TextImages[m.Text], err = w.browser.drawText(ctx, m.Text, picture.Scale); err != nil {
				return err
			}
		}
		find := func(v values, name, within string) (*html.Node, error) { return p.targetOf(v, name, within, false) }
		if m.Kind == script.MarkMask {
			find = p.valueTarget
		}
		var at Rect
		n, err := find(v, m.Control, m.In)
		if err == nil {
			at, err = w.rect(ctx, n, true)
		}
		if err != nil {
			return fmt.Errorf("callout “%s”: %w", m.Control, err)
		}
		s := picture.Scale
		picture.Marks = append(picture.Marks, Rect{(at.X - clip.X) * s, (at.Y - clip.Y) * s, at.W * s, at.H * s})
	}
	return nil
}

// freeze stops all movement in the page, and moves focus and pointer to where the picture needs them.
func (w *browserWindow) freeze(ctx context.Context, v values, p *page, shot *script.Shot) error {
	pointer := Rect{}
	for _, wish := range []struct {
		name string
		use  func(*html.Node) error
	}{
		{shot.Focus, func(n *html.Node) error { return w.call(ctx, n, `(e) => { e.focus(); return true }`, new(bool)) }},
		{shot.Hover, func(n *html.Node) (err error) { pointer, err = w.rect(ctx, n, true); return err }},
	} {
		if wish.name == "" {
			continue
		}
		n, err := p.targetOf(v, wish.name, "", false)
		if err == nil {
			err = wish.use(n)
		}
		if err != nil {
			return err
		}
	}
	var ready bool
	freeze := chromedp.Evaluate(fmt.Sprintf("(%s)(%t, %t)", freezeJS, shot.Focus != "", shot.Bar), &ready, awaitPromise)
	if err := w.run(ctx, freeze); err != nil {
		return err
	}
	moved := input.DispatchMouseEvent(input.MouseMoved, pointer.X+pointer.W/2, pointer.Y+pointer.H/2)
	if err := w.run(ctx, moved); err != nil {
		return err
	}
	return w.run(ctx, chromedp.Evaluate(twoFramesJS, &ready, awaitPromise))
}

// drawTextJS replaces the page by one paragraph, white on black, and returns its size.
const drawTextJS = `((text) => {
	const p = document.createElement('p');
	document.body.replaceChildren();
	document.body.style.background = '#000';
	p.textContent = text;
	p.style = 'position: absolute; inset: 0 auto auto 0; margin: 0; padding: 6px 10px; '
		+ 'font: 600 14px/1.35 Inter, sans-serif; color: #fff; background: #000; max-width: 320px; width: max-content';
	document.body.append(p);
	return document.fonts.load('600 14px Inter', text).then(() => {
		const box = p.getBoundingClientRect();
		return {W: Math.ceil(box.width), H: Math.ceil(box.height)};
	});
})(%q)`

// drawText returns a text as a PNG, white on black. It uses a page of the lab in its own tab, for its typeface.
func (b *browser) drawText(ctx context.Context, text string, scale float64) (png []byte, err error) {
	tab, stop := chromedp.NewContext(b.ctx)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	var size Rect
	err = chromedp.Run(tab,
		chromedp.EmulateViewport(640, 480, chromedp.EmulateScale(scale)),
		chromedp.Navigate(b.home),
		chromedp.Evaluate(fmt.Sprintf(drawTextJS, text), &size, awaitPromise),
		chromedp.ActionFunc(func(ctx context.Context) (err error) {
			clip := &cdppage.Viewport{Width: size.W, Height: size.H, Scale: 1}
			png, err = cdppage.CaptureScreenshot().WithClip(clip).Do(ctx)
			return err
		}))
	if err != nil {
		return nil, fmt.Errorf("draw the text “%s”: %w", text, err)
	}
	return png, nil
}
