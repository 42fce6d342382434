package player

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"understudy/seed/script"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

// rectJS returns the rectangle of an element in the whole page, null when it has none. A checkbox or radio button counts
// together with its label. Go code replaces TIGHT by true or false. If TIGHT is true, the rectangle of text and of plain links
// is that of the letters, because their boxes may be as wide as the page.
const rectJS = `(e) => {
	const parts = [e];
	if (e.localName === 'input' && /^(checkbox|radio)$/.test(e.type)) parts.push(...e.labels);
	const isText = (p) => {
		if (p.localName === 'label') return true;
		const style = getComputedStyle(p);
		if (p.localName === 'a') return style.borderTopWidth === '0px' && /, 0\)$/.test(style.backgroundColor);
		return !p.childElementCount && !/^(input|button|select|textarea|img|svg)$/.test(p.localName);
	};
	const rects = (p) => {
		if (TIGHT && isText(p)) {
			const range = document.createRange();
			range.selectNodeContents(p);
			return [...range.getClientRects()];
		}
		return [...p.getClientRects()];
	};
	const boxes = parts.flatMap(rects).filter((r) => r.width > 0 && r.height > 0);
	if (!boxes.length) return null;
	const x = Math.min(...boxes.map((r) => r.left)), y = Math.min(...boxes.map((r) => r.top));
	return {X: x + scrollX, Y: y + scrollY,
		W: Math.max(...boxes.map((r) => r.right)) - x, H: Math.max(...boxes.map((r) => r.bottom)) - y};
}`

// layout holds the rectangles of a page that a picture may show, in CSS pixels.
type layout struct {
	Page   Rect
	Filled float64 // lower edge of the lowest element
	Dialog *Rect   // the modal dialog that is open, or the card of a sign-in page; nil when there is none
	Main   *Rect   // nil when the page has no main element
	Tall   float64 // height of the window at which the whole dialog shows; 0 when it shows already
}

// layoutJS reads a layout.
const layoutJS = `(() => {
	const root = document.documentElement;
	const filled = [...document.body.querySelectorAll('*')].filter((e) => !e.childElementCount && e.checkVisibility())
		.map((e) => e.getBoundingClientRect()).filter((r) => r.height > 0).map((r) => r.bottom + scrollY);
	const main = document.querySelector('main')?.getBoundingClientRect();
	const dialog = [...document.querySelectorAll('dialog[open]')].filter((d) => d.matches(':modal, .overlay')).pop();
	const framed = dialog || document.querySelector('.signin-card');
	const box = framed && framed.getBoundingClientRect();
	const scrolls = (e) => /auto|scroll/.test(getComputedStyle(e).overflowY) && e.localName !== 'textarea';
	const hidden = dialog ? Math.max(0, ...[dialog, ...dialog.querySelectorAll('*')].filter(scrolls)
		.map((e) => e.scrollHeight - e.clientHeight)) : 0;
	return {
		Page: {X: 0, Y: 0, W: root.clientWidth, H: Math.max(root.scrollHeight, innerHeight)},
		Filled: Math.max(0, ...filled),
		Main: main ? {X: main.left + scrollX, Y: main.top + scrollY, W: main.width, H: main.height} : null,
		Dialog: box ? {X: box.left + scrollX, Y: box.top + scrollY, W: box.width, H: box.height} : null,
		Tall: hidden > 1 ? Math.ceil(box.height + hidden + 200) : 0,
	};
})()`

// maxDialogWindow limits the height of a window that is made taller for a dialog, in CSS pixels: a long form fits in a picture, a list
// of all people does not.
const maxDialogWindow = 1500

// fitDialog makes the window tall enough for the whole open dialog. A dialog that is taller than a picture should be keeps its height,
// and scrolls to the marks of the picture.
func (w *browserWindow) fitDialog(ctx context.Context, shot *script.Shot) error {
	var l layout
	if err := w.run(ctx, chromedp.Evaluate(layoutJS, &l)); err != nil || l.Tall == 0 || l.Tall > maxDialogWindow && len(shot.Crop) == 0 {
		return err
	}
	return w.run(ctx, w.browser.viewport(shot.Width, int(l.Tall), w.browser.pictures.Scale))
}

// scrollDialogJS scrolls an element into the middle of the part of a dialog that scrolls. It leaves the fixed buttons below alone.
const scrollDialogJS = `(e) => {
	if (e.closest("dialog[open]") && !e.closest(".form-actions")) e.scrollIntoView({block: "center", behavior: "instant"});
	return true;
}`

// scrollDialog scrolls an open dialog to the marks of a shot, to the first one last. Marks that do not exist are reported later.
func (w *browserWindow) scrollDialog(ctx context.Context, v values, p *page, shot *script.Shot) error {
	for _, m := range slices.Backward(shot.Marks) {
		n, err := p.targetOf(v, m.Control, m.In, false)
		if err != nil {
			continue
		}
		if err := w.call(ctx, n, scrollDialogJS, new(bool)); err != nil {
			return err
		}
	}
	return nil
}

// viewport sets the size of a window, and its pixels per CSS pixel; 0 means the player's default. A window has the scale of its pictures
// only while one is taken, because at scale 2 its browser needs four times the memory for the same page.
func (b *browser) viewport(width, height int, scale float64) chromedp.Action {
	height = cmp.Or(height, windowHeight)
	if b.pictures == nil {
		return chromedp.EmulateViewport(int64(cmp.Or(width, wideWindow)), int64(height))
	}
	width = cmp.Or(width, b.pictures.Width, wideWindow)
	return chromedp.EmulateViewport(int64(width), int64(height), chromedp.EmulateScale(cmp.Or(scale, 1)))
}

// targetRect returns the rectangle of the element that a crop or a mark names. tight is true for a mark; for a crop, which may
// name a region, it is false.
func (w *browserWindow) targetRect(
	ctx context.Context, v values, p *page, name, within string, tight bool,
) (Rect, error) {
	n, err := p.targetOf(v, name, within, !tight)
	if err != nil {
		return Rect{}, err
	}
	return w.rect(ctx, n, tight)
}

// rect returns the rectangle of an element; see rectJS.
func (w *browserWindow) rect(ctx context.Context, n *html.Node, tight bool) (Rect, error) {
	var at *Rect
	if err := w.call(ctx, n, strings.ReplaceAll(rectJS, "TIGHT", strconv.FormatBool(tight)), &at); err != nil {
		return Rect{}, err
	}
	if at == nil {
		return Rect{}, notFound{"the element has no size in the page"}
	}
	return *at, nil
}
