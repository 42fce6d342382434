package player

import (
	"cmp"
	"context"
	"math"
	"slices"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"understudy/seed/script"
)

// addFrame adds a frame to the animated picture of a step, if the step has one that is wanted: what the window shows before an
// action, or at the end of the step when action is nil.
func (pl *play) addFrame(ctx context.Context, step *script.Step, w window, action *script.Action) error {
	shot := step.FinalShot()
	bw, inBrowser := w.(*browserWindow)
	wanted := pl.Pictures != nil && (pl.Pictures.Wanted == nil || pl.Pictures.Wanted(shot.Name))
	// Before an action that looks, nothing has changed; before a visit, the window shows the page of the step before.
	skips := action != nil && slices.Contains([]script.Verb{script.VerbSee, script.VerbNotSee, script.VerbWait, script.VerbVisit}, action.Verb)
	if !shot.Animate || !inBrowser || !wanted || skips {
		return nil
	}
	p, err := bw.read(ctx)
	if err != nil {
		return nil // before the first visit there is nothing to show
	}
	frame, err := bw.frame(ctx, pl.values, p, &shot, action)
	pl.frames = append(pl.frames, frame)
	return err
}

// frameHeight is the height of the frames of an animation, in CSS pixels, unless the picture has its own.
const frameHeight = 720

// frame returns a picture of the page, in the size that all frames of an animation have, with the place of the control that an
// action uses. It shows the top of the page, or a part further down if the control is there.
func (w *browserWindow) frame(ctx context.Context, v values, p *page, shot *script.Shot, action *script.Action) (f Frame, err error) {
	if err := w.freeze(ctx, v, p, &script.Shot{Bar: shot.Bar}); err != nil {
		return f, err
	}
	defer func() { _ = w.run(ctx, chromedp.Evaluate(`window.understudyUnfreeze && understudyUnfreeze()`, nil)) }()
	pictures := w.browser.pictures
	clip := &cdppage.Viewport{
		Width: float64(cmp.Or(pictures.Width, wideWindow)), Height: float64(cmp.Or(shot.Height, frameHeight)), Scale: 1,
	}
	for _, name := range controlNames(action) {
		if at, err := w.targetRect(ctx, v, p, name, action.In, true); err == nil { // an action without a control has no mark
			clip.Y = frameTop(at, clip.Height)
			at.Y -= clip.Y
			f.Mark = &at
			break
		}
	}
	err = w.run(ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		f.PNG, err = cdppage.CaptureScreenshot().WithFormat(cdppage.CaptureScreenshotFormatPng).WithClip(clip).
			WithCaptureBeyondViewport(true).Do(ctx)
		return err
	}))
	return f, err
}

// controlNames lists the names of the control that an action uses, the best one first: for a path of links, the last link that the
// page shows.
func controlNames(action *script.Action) []string {
	switch {
	case action == nil:
		return nil
	case action.Verb != script.VerbOpen:
		return []string{action.Name}
	}
	names := slices.Clone(action.Path())
	slices.Reverse(names)
	return names
}

// frameTop returns where a frame of the given height begins in the page, so that it shows a control: at the top of the page if
// the control is there, and else with the control in the middle.
func frameTop(at Rect, height float64) float64 {
	if at.Y+at.H <= height {
		return 0
	}
	return math.Round(max(0, min(at.Y, at.Y+at.H/2-height/2)))
}
