package player

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"understudy/seed/script"
)

// Variant is a list of steps that the HTTP player plays after a step of a script, in copies of the windows as they are then. The
// script goes on as if the variant had not been played. The caller restores the lab.
type Variant struct {
	Steps  []*script.Step
	Before func() error
	After  func(Report) error // restores the lab
}

var errBrowserVariant = errors.New("only the HTTP player plays variants")

// playVariants plays the variants after a step; empty for those before the first step.
func (pl *play) playVariants(ctx context.Context, after string) error {
	if pl.Variants == nil {
		return nil
	}
	for _, v := range pl.Variants(after) {
		if err := v.Before(); err != nil {
			return err
		}
		copied, err := pl.copy()
		if err != nil {
			return err
		}
		began := time.Now()
		for i, step := range v.Steps {
			if pl.BeforeStep != nil {
				pl.BeforeStep(step)
			}
			result := copied.step(ctx, step)
			if copied.record(step, result); result.Status == Failed {
				copied.addNotPlayed(v.Steps[i+1:])
				break
			}
		}
		copied.report.Took = time.Since(began)
		if err := v.After(copied.report); err != nil {
			return err
		}
	}
	return nil
}

// copy returns a play with copies of the windows and variables, and with an empty report.
func (pl *play) copy() (*play, error) {
	c := *pl
	c.values, c.copied, c.copiedFrom = maps.Clone(pl.values), maps.Clone(pl.copied), maps.Clone(pl.copiedFrom)
	c.report, c.windows = Report{}, map[string]window{}
	for identity, w := range pl.windows {
		original, isHTTP := w.(*httpWindow)
		if !isHTTP {
			return nil, errBrowserVariant
		}
		copied, err := original.copy(pl.values["okta"]+"/", pl.values["sigma"]+"/")
		if err != nil {
			return nil, fmt.Errorf("copy the window of %s: %w", identity, err)
		}
		c.windows[identity] = copied
	}
	return &c, nil
}

// copy returns a window with the same page, form values and cookies. The cookies are those that the addresses receive.
func (w *httpWindow) copy(addresses ...string) (*httpWindow, error) {
	c, client := *w, *w.client
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	for _, text := range addresses {
		address, err := url.Parse(text)
		if err != nil {
			return nil, err
		}
		var cookies []*http.Cookie
		for _, cookie := range w.client.Jar.Cookies(address) {
			cookie.Path = address.Path
			cookies = append(cookies, cookie)
		}
		jar.SetCookies(address, cookies)
	}
	client.Jar, c.client = jar, &client
	c.typed = append([]script.Action(nil), w.typed...)
	if w.page == nil {
		return &c, nil
	}
	var source strings.Builder
	if err := html.Render(&source, w.page.doc); err != nil {
		return nil, err
	}
	c.page, err = parsePage(w.page.url, strings.NewReader(source.String()), false)
	return &c, err
}
