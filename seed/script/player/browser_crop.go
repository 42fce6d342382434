package player

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/chromedp/chromedp"

	"understudy/seed/script"
)

// maxPictureHeight limits a picture without a crop, in CSS pixels.
const maxPictureHeight = 2100

// The space around a dialog and around a crop, in CSS pixels.
const (
	defaultPadding = 24
	cropPadding    = 12
)

// dialogWidth is the width of pictures of small dialogs and of sign-in cards, in CSS pixels. Other parts of a page are as wide as
// its main part, so that a guide has three widths with that of the page.
const dialogWidth = 640

// widened is a rectangle that is widened to the first width that holds it, within the page.
func widened(at, page Rect, widths ...float64) Rect {
	width := page.W
	for _, w := range slices.Backward(widths) {
		if at.W <= w {
			width = min(math.Floor(w), page.W)
		}
	}
	left := min(max(page.X, math.Floor(at.X+at.W/2-width/2)), page.X+page.W-width)
	return Rect{left, at.Y, width, at.H}
}

// crop is the part of the page that a picture shows, in whole CSS pixels.
func (w *browserWindow) crop(ctx context.Context, v values, p *page, shot *script.Shot) (Rect, error) {
	var l layout
	if err := w.run(ctx, chromedp.Evaluate(layoutJS, &l)); err != nil {
		return Rect{}, err
	}
	at, err := w.shown(ctx, v, p, shot, l)
	if err != nil || shot.Height == 0 {
		return at, err
	}
	at.H = min(float64(shot.Height), l.Page.H-at.Y)
	var bottom float64
	err = w.run(ctx, chromedp.Evaluate(fmt.Sprintf("%s(%f, %f)", wholeRowsJS, at.Y, at.Y+at.H), &bottom))
	at.H = bottom - at.Y
	return at, err
}

// wholeRowsJS moves the lower edge of a picture up to the end of the last whole row, card or field, by at most a third of the height.
const wholeRowsJS = `((top, edge) => {
	const rows = [...document.querySelectorAll("main :is(tr, li, .field, .card, p, input, select, textarea, button, summary)")]
		.map((e) => e.getBoundingClientRect()).filter((r) => r.height > 2 && r.height < 260)
		.map((r) => ({top: r.top + scrollY, bottom: r.bottom + scrollY}));
	for (let bottom = edge; bottom > top + (edge - top) * 2 / 3;) {
		const cut = rows.filter((r) => r.top < bottom - 2 && r.bottom > bottom + 2);
		if (!cut.length) return Math.floor(bottom);
		bottom = Math.min(...cut.map((r) => r.top));
	}
	return edge;
})`

// shown is the part of the page that a picture without a fixed height shows.
func (w *browserWindow) shown(ctx context.Context, v values, p *page, shot *script.Shot, l layout) (Rect, error) {
	whole := l.Page
	if len(shot.Crop) == 0 {
		if l.Dialog != nil {
			if shot.Padding != 0 {
				return padded(*l.Dialog, whole, float64(shot.Padding)), nil
			}
			return widened(padded(*l.Dialog, whole, defaultPadding), whole, dialogWidth, l.mainWidth()), nil
		}
		whole.H = float64(int(min(whole.H, l.Filled+3*defaultPadding, maxPictureHeight)))
		return whole, nil
	}
	var left, top, right, bottom float64
	for i, name := range shot.Crop {
		at, err := w.targetRect(ctx, v, p, name, "", false)
		if err != nil {
			return whole, fmt.Errorf("crop “%s”: %w", name, err)
		}
		if i == 0 {
			left, top, right, bottom = at.X, at.Y, at.X+at.W, at.Y+at.H
			continue
		}
		left, top, right, bottom = min(left, at.X), min(top, at.Y), max(right, at.X+at.W), max(bottom, at.Y+at.H)
	}
	// The padding does not reach beyond main, so that the picture shows no strip of the navigation.
	if m := l.Main; m != nil && l.Dialog == nil && left >= m.X && right <= m.X+m.W {
		whole.X, whole.W = m.X, m.W
	}
	cropped := Rect{left, top, right - left, bottom - top}
	if shot.Padding != 0 {
		return padded(cropped, whole, float64(shot.Padding)), nil
	}
	return widened(padded(cropped, whole, cropPadding), whole, l.mainWidth()), nil
}

// mainWidth is the width of the main part of the page; that of the page without one.
func (l layout) mainWidth() float64 {
	if l.Main == nil {
		return l.Page.W
	}
	return l.Main.W
}

// padded is a rectangle with padding around it, within the page, in whole pixels.
func padded(at, page Rect, padding float64) Rect {
	left, top := float64(int(math.Ceil(max(page.X, at.X-padding)))), float64(int(max(0, at.Y-padding)))
	right, bottom := min(page.X+page.W, at.X+at.W+padding), min(page.H, at.Y+at.H+padding)
	return Rect{left, top, float64(int(right - left)), float64(int(bottom - top))}
}
