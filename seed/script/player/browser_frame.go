package player

import (
	"cmp"
	"context"
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
	looks := action != nil && slices.Contains([]script.Verb{script.VerbSee, script.VerbNotSee, script.VerbWait}, action.Verb)
	if !shot.Animate || !inBrowser || !wanted || looks {
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

// frame returns a picture of the top of the page, in the size that all frames of an animation have, with the place of the control
// that an action uses.
func (w *browserWindow) frame(ctx context.Context, v values, p *page, shot *script.Shot, action *script.Action) (f Frame, err error) {
	if err := w.freeze(ctx, v, p, &script.Shot{Bar: shot.Bar}); err != nil {
		return f, err
	}
	defer func() { _ = w.run(ctx, chromedp.Evaluate(`window.understudyUnfreeze && understudyUnfreeze()`, nil)) }()
	if action != nil {
		if at, err := w.targetRect(ctx, v, p, action.Name, action.In, true); err == nil {
			f.Mark = &at // an action without a control has no mark
		}
	}
	pictures := w.browser.pictures
	clip := &cdppage.Viewport{
		Width: float64(cmp.Or(pictures.Width, wideWindow)), Height: float64(cmp.Or(shot.Height, frameHeight)), Scale: 1,
	}
	err = w.run(ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		f.PNG, err = cdppage.CaptureScreenshot().WithFormat(cdppage.CaptureScreenshotFormatPng).WithClip(clip).
			WithCaptureBeyondViewport(true).Do(ctx)
		return err
	}))
	return f, err
}
