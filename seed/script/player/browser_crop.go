package player

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/chromedp/chromedp"

	"understudy/seed/script"
)

// maxPictureHeight limits a picture without a crop, in CSS pixels.
const maxPictureHeight = 2100

// defaultPadding is the space around a crop, in CSS pixels.
const defaultPadding = 12

// crop is the part of the page that a picture shows, in whole CSS pixels.
func (w *browserWindow) crop(ctx context.Context, v values, p *page, shot *script.Shot) (Rect, error) {
	var l layout
	if err := w.run(ctx, chromedp.Evaluate(layoutJS, &l)); err != nil {
		return Rect{}, err
	}
	whole := l.Page
	if len(shot.Crop) == 0 {
		if l.Dialog != nil {
			return padded(*l.Dialog, whole, float64(cmp.Or(shot.Padding, 2*defaultPadding))), nil
		}
		whole.H = float64(int(min(whole.H, l.Filled+6*defaultPadding, maxPictureHeight)))
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
	return padded(cropped, whole, float64(cmp.Or(shot.Padding, defaultPadding))), nil
}

// padded is a rectangle with padding around it, within the page, in whole pixels.
func padded(at, page Rect, padding float64) Rect {
	left, top := float64(int(math.Ceil(max(page.X, at.X-padding)))), float64(int(max(0, at.Y-padding)))
	right, bottom := min(page.X+page.W, at.X+at.W+padding), min(page.H, at.Y+at.H+padding)
	return Rect{left, top, float64(int(right - left)), float64(int(bottom - top))}
}
