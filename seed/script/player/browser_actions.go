package player

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// element is a JavaScript expression for a node in the browser's document. read_document.js has numbered the elements.
func element(n *html.Node) (string, error) {
	number := attr(n, "data-element")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return "", errors.New("the element is not in the browser's page")
	}
	return "window.understudyElements[" + number + "]", nil
}

// call calls a JavaScript function with an element and decodes its result.
func (w *browserWindow) call(ctx context.Context, n *html.Node, function string, result any) error {
	e, err := element(n)
	if err != nil {
		return err
	}
	return w.run(ctx, chromedp.Evaluate("("+function+")("+e+")", result))
}

// clickPointJS opens the details elements around an element, scrolls it into view, and returns the point where a click hits
// it; null when another element covers it.
const clickPointJS = `(e) => {
	for (let d = e.parentElement && e.parentElement.closest('details'); d;
			d = d.parentElement && d.parentElement.closest('details')) {
		if (!(e.localName === 'summary' && e.parentElement === d)) d.open = true;
	}
	e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
	const box = [...e.getClientRects()].find((r) => r.width > 0 && r.height > 0);
	if (!box) return null;
	const x = box.left + box.width / 2, y = box.top + box.height / 2;
	const hit = document.elementFromPoint(x, y);
	const isLabel = () => e.labels && [...e.labels].some((l) => l.contains(hit));
	return hit && (hit === e || e.contains(hit) || hit.contains(e) || isLabel()) ? {x, y} : null;
}`

// click clicks with the mouse where the element is visible, or else calls its click method. The click may replace the page,
// which destroys the JavaScript context of the call; that is not an error.
func (w *browserWindow) click(ctx context.Context, n *html.Node) error {
	var at *struct{ X, Y float64 }
	if err := w.call(ctx, n, clickPointJS, &at); err != nil {
		return err
	}
	var err error
	if at != nil {
		err = w.run(ctx, chromedp.MouseClickXY(at.X, at.Y))
	} else { // the element is covered, or only its label is drawn
		err = w.call(ctx, n, `(e) => { e.focus(); e.click(); return true; }`, new(bool))
	}
	if err != nil && !strings.Contains(err.Error(), "context was destroyed") {
		return err
	}
	return w.settle(ctx)
}

// leaveDialog presses Escape in an open dialog.
func (w *browserWindow) leaveDialog(ctx context.Context) error {
	var open bool
	if err := w.run(ctx, chromedp.Evaluate(`document.querySelector("dialog.overlay[open]") !== null`, &open)); err != nil || !open {
		return err
	}
	const escape = `document.querySelector("dialog.overlay[open]").dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}))`
	if err := w.run(ctx, chromedp.Evaluate(escape, nil)); err != nil && !strings.Contains(err.Error(), "context was destroyed") {
		return err
	}
	return w.settle(ctx)
}

// fill types like a keyboard, so that the page's JavaScript sees input events. It fails if the field then holds another
// value, as a number field does after letters.
func (w *browserWindow) fill(ctx context.Context, n *html.Node, value string) error {
	var usable bool
	err := w.call(ctx, n, `(e) => {
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
		return errors.New("the field does not accept input")
	}
	typed := chromedp.ActionFunc(func(ctx context.Context) error { return input.InsertText(value).Do(ctx) })
	if err := w.run(ctx, typed); err != nil {
		return err
	}
	var got string
	if err := w.call(ctx, n, `(e) => e.value`, &got); err != nil {
		return err
	}
	if strings.ReplaceAll(got, "\r", "") != strings.ReplaceAll(value, "\r", "") {
		return fmt.Errorf("the field holds %q after typing %q", got, value)
	}
	return nil
}

// choose sets the option and sends the events input and change. The browser draws the list of options outside the page, so
// it cannot be clicked.
func (w *browserWindow) choose(ctx context.Context, control, option *html.Node) error {
	if option == nil {
		return w.tick(ctx, control, true)
	}
	var done bool
	err := w.call(ctx, option, `(o) => {
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

// tick clicks a checkbox or radio button unless it has the wanted state.
func (w *browserWindow) tick(ctx context.Context, n *html.Node, on bool) error {
	var checked bool
	if err := w.call(ctx, n, `(e) => e.checked`, &checked); err != nil || checked == on {
		return err
	}
	if err := w.click(ctx, n); err != nil {
		return err
	}
	// The click may have opened another page. Then there is nothing to compare.
	if err := w.call(ctx, n, `(e) => e && e.isConnected ? e.checked : null`, &checked); err == nil && checked != on {
		return errors.New("the checkbox did not change")
	}
	return nil
}
