package guide

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
	page "understudy/ui/lab"
)

var errNoPicture = problem.New(problem.NotFound, "The guide has no such picture.")

// pictureStep returns a picture of the guide, and the step that takes it.
func (g *Guide) pictureStep(ctx context.Context, name string) (*script.Step, script.Shot, error) {
	for _, step := range g.steps {
		for _, shot := range step.Shots() {
			if shot.Name == name {
				_, err := g.openStep(ctx, step.ID)
				return step, shot, err
			}
		}
	}
	return nil, script.Shot{}, errNoPicture
}

// servePicture serves the page that explains how to take a picture by hand, on a machine without a suitable browser.
func (g *Guide) servePicture(v visit) error {
	step, shot, err := g.pictureStep(v.Ctx(), v.Param("name"))
	if err != nil {
		return err
	}
	return v.Render(http.StatusOK, g.pictureView(v, step, shot, ""))
}

// pictureView returns the content of the page about a picture. address is the path of the page to take it of; empty while
// the lab is not in the right state.
func (g *Guide) pictureView(v visit, step *script.Step, shot script.Shot, address string) page.ShotPage {
	home := "/labs/" + v.Lab.Name
	view := page.ShotPage{
		Page: v.Page(), Name: shot.Name, Step: step.ID, Who: g.displayName(step.As),
		Text: g.stepView(step, nil).Text, Home: home, Action: home + "/shots/" + shot.Name, Address: address,
	}
	for _, mark := range shot.Marks {
		view.Marks = append(view.Marks, mark.Control)
	}
	return view
}

// preparePicture rebuilds the lab up to a picture and shows the address of the page to take it of. The lab as it was is
// saved as a checkpoint.
func (g *Guide) preparePicture(v visit) error {
	step, shot, err := g.pictureStep(v.Ctx(), v.Param("name"))
	if err != nil {
		return err
	}
	ctx, done, err := g.registry.Exclusive(v.Ctx(), v.Lab.Name)
	if err != nil {
		return err
	}
	defer done()
	if err := g.registry.ResetTo(ctx, v.Lab.Name, "Before the picture "+shot.Name, lab.KeepSessions); err != nil {
		return err
	}
	address, err := g.playToPicture(ctx, v.Lab.Name, "http://"+v.Request().Host, step, shot.Name)
	if err != nil {
		return err
	}
	return v.Render(http.StatusOK, g.pictureView(v, step, shot, address))
}

// playToPicture plays the script up to the moment of a picture, and returns the path and query of the page at that moment.
func (g *Guide) playToPicture(ctx context.Context, name, origin string, step *script.Step, shot string) (string, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	address := ""
	report, err := player.Play(ctx, g.script, player.Options{
		URL: origin, Lab: name, To: step.ID, Transport: g.transport, Egress: g.egress,
		Pictures: &player.Pictures{
			Wanted: func(name string) bool { return name == shot },
			Receive: func(p player.Picture) {
				address = p.Address
				stop() // skip the actions of the step after the picture
			},
		},
	})
	if address == "" {
		if err == nil {
			failed := strings.Join(report.FailedIDs(), ", ")
			err = problem.New(problem.Unavailable, "The guide could not play the script up to this picture: step "+failed+" failed.")
		}
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return u.RequestURI(), nil
}
