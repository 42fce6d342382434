package guide

import (
	"context"
	"net/url"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/script"
	"understudy/seed/script/player"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

var errNoShot = problem.New(problem.NotFound, "The guide has no such picture.")

// shotOf gives a picture of the guide with the step that takes it.
func (g *Guide) shotOf(name string) (*script.Step, script.Shot, bool) {
	for _, step := range g.steps {
		for _, shot := range step.Shots() {
			if shot.Name == name {
				return step, shot, true
			}
		}
	}
	return nil, script.Shot{}, false
}

// shot says how a picture is taken by hand, where no browser of ours can.
func (g *Guide) shot(v visit) error {
	step, shot, known := g.shotOf(v.Param("name"))
	if !known {
		return errNoShot
	}
	return render(v, g.shotView(v, step, shot, ""))
}

func (g *Guide) shotView(v visit, step *script.Step, shot script.Shot, address string) page.ShotPage {
	view := page.ShotPage{
		Page: kit.Page{Lab: kit.NewLabBar(v.lab.Name, 0)}, Name: shot.Name, Step: step.ID, Who: g.who(step.As), Text: g.stepView(step, nil).Text,
		Home: "/labs/" + v.lab.Name, Action: "/labs/" + v.lab.Name + "/shots/" + shot.Name, Address: address,
	}
	for _, mark := range shot.Marks {
		view.Marks = append(view.Marks, mark.Control)
	}
	return view
}

// makeShot puts the lab into the state of a picture, and says where it is to be taken. What was there before is kept.
func (g *Guide) makeShot(v visit) error {
	step, shot, known := g.shotOf(v.Param("name"))
	if !known {
		return errNoShot
	}
	if _, err := g.registry.SaveCheckpoint(v.ctx(), v.lab.Name, "Before the picture "+shot.Name, ""); err != nil {
		return err
	}
	if err := g.registry.Rewind(v.ctx(), v.lab.Name); err != nil {
		return err
	}
	address, err := g.walkToShot(v.ctx(), v.lab.Name, "http://"+v.Request().Host, step, shot.Name)
	if err != nil {
		return err
	}
	return render(v, g.shotView(v, step, shot, address))
}

// walkToShot plays the guide until the moment of a picture, and gives the path of its page.
func (g *Guide) walkToShot(ctx context.Context, name, origin string, step *script.Step, shot string) (string, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	address := ""
	report, err := player.Play(ctx, g.script, player.Options{URL: origin, Lab: name, To: step.ID, Transport: g.carrier, Pictures: &player.Pictures{
		Wanted: func(name string) bool { return name == shot },
		Receive: func(p player.Picture) {
			address = p.Address
			stop() // what the step does after the picture is not to happen
		},
	}})
	if address == "" {
		if err == nil {
			err = problem.New(problem.Unavailable, "The guide could not come to this picture: step "+strings.Join(report.FailedIDs(), ", ")+" did not work.")
		}
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return u.RequestURI(), nil
}
