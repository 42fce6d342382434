package player

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// element is the expression of a node in the live document.
func element(n *html.Node) (string, error) {
	number := attr(n, "data-walk")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return "", errors.New("the element is not in the live page")
	}
	return "window.walkElements[" + number + "]", nil
}

// on evaluates a function of an element.
func (w *browserWindow) on(ctx context.Context, n *html.Node, function string, result any) error {
	e, err := element(n)
	if err != nil {
		return err
	}
	return w.run(ctx, chromedp.Evaluate("("+function+")("+e+")", result))
}

// uncover opens what the element lies in, brings it into view, and tells where a click hits it; null when something else
// lies over it.
const uncover = `(e) => {
	for (let d = e.parentElement && e.parentElement.closest('details'); d; d = d.parentElement && d.parentElement.closest('details')) {
		if (!(e.localName === 'summary' && e.parentElement === d)) d.open = true;
	}
	e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
	const box = [...e.getClientRects()].find((r) => r.width > 0 && r.height > 0);
	if (!box) return null;
	const x = box.left + box.width / 2, y = box.top + box.height / 2;
	const hit = document.elementFromPoint(x, y);
	return hit && (hit === e || e.contains(hit) || hit.contains(e) || (e.labels && [...e.labels].some((l) => l.contains(hit)))) ? {x, y} : null;
}`

func (w *browserWindow) press(ctx context.Context, n *html.Node) error {
	var at *struct{ X, Y float64 }
	if err := w.on(ctx, n, uncover, &at); err != nil {
		return err
	}
	var err error
	if at != nil {
		err = w.run(ctx, chromedp.MouseClickXY(at.X, at.Y))
	} else { // covered, or drawn by its label alone
		err = w.on(ctx, n, `(e) => { e.focus(); e.click(); return true; }`, new(bool))
	}
	if err != nil && !strings.Contains(err.Error(), "context was destroyed") {
		return err
	}
	return w.settle(ctx)
}

func (w *browserWindow) typeInto(ctx context.Context, n *html.Node, value string) error {
	var usable bool
	err := w.on(ctx, n, `(e) => {
		e.scrollIntoView({block: 'center', behavior: 'instant'});
		if (e.disabled || e.readOnly) return false;
		e.focus();
		e.select();
		return document.activeElement === e;
	}`, &usable)
	if err != nil {
		return err
	}
	if !usable {
		return errors.New("the field takes no input")
	}
	typed := chromedp.ActionFunc(func(ctx context.Context) error { return input.InsertText(value).Do(ctx) })
	if err := w.run(ctx, typed); err != nil {
		return err
	}
	var got string
	if err := w.on(ctx, n, `(e) => e.value`, &got); err != nil {
		return err
	}
	if strings.ReplaceAll(got, "\r", "") != strings.ReplaceAll(value, "\r", "") {
		return fmt.Errorf("the field holds %q after typing %q", got, value)
	}
	return nil
}

func (w *browserWindow) pick(ctx context.Context, control, option *html.Node) error {
	if option == nil {
		return w.tick(ctx, control, true)
	}
	var done bool
	err := w.on(ctx, option, `(o) => {
		const select = o.closest('select');
		select.focus();
		o.selected = true;
		select.dispatchEvent(new Event('input', {bubbles: true}));
		select.dispatchEvent(new Event('change', {bubbles: true}));
		return true;
	}`, &done)
	if err != nil {
		return err
	}
	return w.settle(ctx)
}

func (w *browserWindow) tick(ctx context.Context, n *html.Node, on bool) error {
	var checked bool
	if err := w.on(ctx, n, `(e) => e.checked`, &checked); err != nil || checked == on {
		return err
	}
	if err := w.press(ctx, n); err != nil {
		return err
	}
	// A tick may have taken the page elsewhere; then there is nothing left to compare.
	if err := w.on(ctx, n, `(e) => e && e.isConnected ? e.checked : null`, &checked); err == nil && checked != on {
		return errors.New("the box did not change")
	}
	return nil
}

// shot writes a picture of the whole page.
func (w *browserWindow) shot(ctx context.Context, file string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var picture []byte
	if err := w.run(ctx, chromedp.FullScreenshot(&picture, 100)); err != nil {
		return err
	}
	return writeFile(file, picture)
}
