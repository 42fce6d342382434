package player

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"understudy/seed/script"
)

// perform performs one action in a window. The action's variables are replaced. For copy it returns the copied value.
func perform(ctx context.Context, w window, a script.Action) (copied string, err error) {
	switch a.Verb {
	case script.VerbVisit:
		return "", w.visit(ctx, a.Name)
	case script.VerbOpen:
		return "", open(ctx, w, a.Path())
	case script.VerbWait:
		return "", wait(ctx, w, a)
	}
	err = retryNotFound(ctx, w, func(p *page) error {
		copied, err = performOn(ctx, w, p, a)
		return err
	})
	return copied, err
}

// performOn tries an action on the page as it is now.
func performOn(ctx context.Context, w window, p *page, a script.Action) (string, error) {
	switch a.Verb {
	case script.VerbSee:
		if !p.shows(a) {
			return "", notFound{"not shown"}
		}
		return "", nil
	case script.VerbNotSee:
		if p.shows(a) {
			return "", notFound{"shown, but must not be"}
		}
		return "", nil
	case script.VerbChoose:
		control, option, err := p.choice(a)
		if err != nil {
			return "", err
		}
		return "", w.choose(ctx, control, option)
	case script.VerbDrag:
		return "", drag(ctx, w, p, a)
	}
	kinds := map[script.Verb][]script.Kind{
		script.VerbClick: {script.KindLink, script.KindButton},
		script.VerbFill:  {script.KindField}, script.VerbCopy: {script.KindField},
		script.VerbTick: {script.KindBox}, script.VerbUntick: {script.KindBox},
	}[a.Verb]
	control, err := p.find(a.Name, a.In, kinds...)
	if err != nil {
		return "", err
	}
	switch a.Verb {
	case script.VerbClick:
		return "", w.click(ctx, control)
	case script.VerbFill:
		if hasAttr(control, "readonly") || control.DataAtom == atom.Output {
			return "", fmt.Errorf("the field “%s” is read-only", a.Name)
		}
		return "", w.fill(ctx, control, a.Value)
	case script.VerbCopy:
		value := strings.TrimSpace(fieldValue(control))
		if value == "" {
			return "", notFound{fmt.Sprintf("the field “%s” is empty", a.Name)}
		}
		return value, nil
	case script.VerbTick, script.VerbUntick:
		return "", w.tick(ctx, control, a.Verb == script.VerbTick)
	}
	return "", fmt.Errorf("the player does not know the verb %q", a.Verb)
}

// retryNotFound repeats try on the current page while something is not found, at most for the window's retry time.
func retryNotFound(ctx context.Context, w window, try func(*page) error) error {
	deadline := time.Now().Add(w.retryTime())
	for {
		p, err := w.read(ctx)
		if err == nil {
			err = try(p)
		}
		var lacking notFound
		if err == nil || !errors.As(err, &lacking) || !time.Now().Before(deadline) {
			return err
		}
		if err := pause(ctx, 2*firstPause); err != nil {
			return err
		}
	}
}

// open follows the links of a navigation path, one after the other.
func open(ctx context.Context, w window, path []string) error {
	if err := w.leaveDialog(ctx); err != nil {
		return err
	}
	for len(path) > 0 {
		var taken int
		err := retryNotFound(ctx, w, func(p *page) error {
			link, n, err := p.nextLink(path)
			if err != nil {
				return err
			}
			taken = n
			return w.click(ctx, link)
		})
		if err != nil {
			return err
		}
		path = path[taken:]
	}
	return nil
}

// wait reloads the page, with growing pauses, until it shows what the action names.
func wait(ctx context.Context, w window, a script.Action) error {
	deadline := time.Now().Add(waitTimeout)
	length := firstPause
	for {
		p, err := w.read(ctx)
		if err != nil {
			return err
		}
		if p.shows(a) {
			return nil
		}
		if !time.Now().Add(length).Before(deadline) {
			return notFound{fmt.Sprintf("not shown within %s", waitTimeout)}
		}
		if err := pause(ctx, length); err != nil {
			return err
		}
		length = min(2*length, longestPause)
		if err := w.reload(ctx); err != nil {
			return err
		}
	}
}

// drag moves a row with the buttons “To top” and “Move down”. Every list that can be dragged has them, since WCAG 2.2,
// 2.5.7 asks for an alternative to dragging.
func drag(ctx context.Context, w window, p *page, a script.Action) error {
	press := func(p *page, name string) error {
		button, err := p.find(name, a.Name, script.KindButton, script.KindLink)
		if err != nil {
			return err
		}
		return w.click(ctx, button)
	}
	if p.container(a.Name) == nil {
		return notFound{fmt.Sprintf("no row with “%s”", a.Name)}
	}
	// The button “To top” of the first row is absent or disabled.
	if err := press(p, "To top"); err != nil {
		var lacking notFound
		if row := p.container(a.Name); !errors.As(err, &lacking) || row.PrevSibling != nil && hasPreviousRow(row) {
			return err
		}
	}
	for range a.To - 1 {
		next, err := w.read(ctx)
		if err != nil {
			return err
		}
		if err := press(next, "Move down"); err != nil {
			return err
		}
	}
	return nil
}

// hasPreviousRow reports whether a sibling of the same kind precedes the row.
func hasPreviousRow(row *html.Node) bool {
	for before := row.PrevSibling; before != nil; before = before.PrevSibling {
		if before.Type == html.ElementNode && before.DataAtom == row.DataAtom {
			return true
		}
	}
	return false
}
