package player

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"understudy/seed/script"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// window is a browser session of one identity, with a cookie jar of its own.
// There are two: httpWindow and browserWindow.
type window interface {
	visit(ctx context.Context, address string) error
	reload(ctx context.Context) error
	look(ctx context.Context) (*page, error)
	press(ctx context.Context, control *html.Node) error
	typeInto(ctx context.Context, field *html.Node, value string) error
	pick(ctx context.Context, control, option *html.Node) error
	tick(ctx context.Context, box *html.Node, on bool) error
	shot(ctx context.Context, file string) error
	// patience is how long a control may take to appear after a script ran.
	patience() time.Duration
	close()
}

const (
	waitAtMost = 15 * time.Second
	firstPause = 25 * time.Millisecond
	longPause  = 800 * time.Millisecond
)

// perform does one action in a window, its variables already replaced. It
// gives the copied value, if there is one.
func perform(ctx context.Context, w window, a script.Action) (copied string, err error) {
	switch a.Verb {
	case script.VerbVisit:
		return "", w.visit(ctx, a.Name)
	case script.VerbOpen:
		return "", open(ctx, w, a.Path())
	case script.VerbWait:
		return "", wait(ctx, w, a)
	}
	err = patiently(ctx, w, func(p *page) error {
		copied, err = once(ctx, w, p, a)
		return err
	})
	return copied, err
}

// once tries an action on the page as it is now.
func once(ctx context.Context, w window, p *page, a script.Action) (string, error) {
	switch a.Verb {
	case script.VerbSee:
		if !p.shows(a) {
			return "", missing{"not shown"}
		}
		return "", nil
	case script.VerbNotSee:
		if p.shows(a) {
			return "", missing{"shown, but must not be"}
		}
		return "", nil
	case script.VerbChoose:
		control, option, err := p.choice(a)
		if err != nil {
			return "", err
		}
		return "", w.pick(ctx, control, option)
	case script.VerbDrag:
		return "", drag(ctx, w, p, a)
	}
	kinds := map[script.Verb][]script.Kind{
		script.VerbClick: {script.KindLink, script.KindButton}, script.VerbFill: {script.KindField}, script.VerbCopy: {script.KindField}, script.VerbTick: {script.KindBox}, script.VerbUntick: {script.KindBox},
	}[a.Verb]
	control, err := p.find(a.Name, a.In, kinds...)
	if err != nil {
		return "", err
	}
	switch a.Verb {
	case script.VerbClick:
		return "", w.press(ctx, control)
	case script.VerbFill:
		if has(control, "readonly") || control.DataAtom == atom.Output {
			return "", fmt.Errorf("the field “%s” is read-only", a.Name)
		}
		return "", w.typeInto(ctx, control, a.Value)
	case script.VerbCopy:
		value := strings.TrimSpace(fieldValue(control))
		if value == "" {
			return "", missing{fmt.Sprintf("the field “%s” is empty", a.Name)}
		}
		return value, nil
	case script.VerbTick, script.VerbUntick:
		return "", w.tick(ctx, control, a.Verb == script.VerbTick)
	}
	return "", fmt.Errorf("verb %q cannot be played", a.Verb)
}

// patiently repeats try while something is missing, as long as the window's
// scripts may still be at work.
func patiently(ctx context.Context, w window, try func(*page) error) error {
	deadline := time.Now().Add(w.patience())
	for {
		p, err := w.look(ctx)
		if err == nil {
			err = try(p)
		}
		var lacking missing
		if err == nil || !errors.As(err, &lacking) || !time.Now().Before(deadline) {
			return err
		}
		if err := pause(ctx, 2*firstPause); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// open goes through the navigation, one link after the other.
func open(ctx context.Context, w window, path []string) error {
	for len(path) > 0 {
		var taken int
		err := patiently(ctx, w, func(p *page) error {
			link, n, err := p.route(path)
			if err != nil {
				return err
			}
			taken = n
			return w.press(ctx, link)
		})
		if err != nil {
			return err
		}
		path = path[taken:]
	}
	return nil
}

// wait asks for the page again, with growing pauses, until it shows something.
func wait(ctx context.Context, w window, a script.Action) error {
	deadline := time.Now().Add(waitAtMost)
	length := firstPause
	for {
		p, err := w.look(ctx)
		if err != nil {
			return err
		}
		if p.shows(a) {
			return nil
		}
		if !time.Now().Add(length).Before(deadline) {
			return missing{fmt.Sprintf("not shown within %s", waitAtMost)}
		}
		if err := pause(ctx, length); err != nil {
			return err
		}
		length = min(2*length, longPause)
		if err := w.reload(ctx); err != nil {
			return err
		}
	}
}

// drag moves a row by the buttons that stand beside every drag handle, since
// dragging must never be the only way (WCAG 2.2, 2.5.7).
func drag(ctx context.Context, w window, p *page, a script.Action) error {
	press := func(p *page, name string) error {
		button, err := p.find(name, a.Name, script.KindButton, script.KindLink)
		if err != nil {
			return err
		}
		return w.press(ctx, button)
	}
	if p.scope(a.Name) == nil {
		return missing{fmt.Sprintf("no row with “%s”", a.Name)}
	}
	// The topmost row has nowhere to go up: its button is absent or disabled.
	if err := press(p, "To top"); err != nil {
		var lacking missing
		if row := p.scope(a.Name); !errors.As(err, &lacking) || row.PrevSibling != nil && previousRow(row) {
			return err
		}
	}
	for range a.To - 1 {
		next, err := w.look(ctx)
		if err != nil {
			return err
		}
		if err := press(next, "Move down"); err != nil {
			return err
		}
	}
	return nil
}

// previousRow tells whether an element of the same kind stands before this one.
func previousRow(row *html.Node) bool {
	for before := row.PrevSibling; before != nil; before = before.PrevSibling {
		if before.Type == html.ElementNode && before.DataAtom == row.DataAtom {
			return true
		}
	}
	return false
}
