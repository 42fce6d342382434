package guide

import (
	"context"
	"net/url"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/script"
	"understudy/ui/kit"
	page "understudy/ui/lab"
)

var errNoShot = problem.New(problem.NotFound, "The guide has no such picture.")

// shotOf gives a picture of the guide with the step that takes it.
func (c *Coach) shotOf(name string) (*script.Step, script.Shot, bool) {
	for _, step := range c.steps {
		for _, shot := range step.Shots() {
			if shot.Name == name {
				return step, shot, true
			}
		}
	}
	return nil, script.Shot{}, false
}

// shot says how a picture is taken by hand, where no browser of ours can.
func (c *Coach) shot(v visit) error {
	step, shot, known := c.shotOf(v.Param("name"))
	if !known {
		return errNoShot
	}
	return render(v, c.shotView(v, step, shot, ""))
}

func (c *Coach) shotView(v visit, step *script.Step, shot script.Shot, address string) page.ShotPage {
	view := page.ShotPage{
		Page: kit.Page{Lab: kit.NewLabBar(v.lab.Name, 0)}, Name: shot.Name, Step: step.ID, Who: c.who(step.As), Text: c.stepView(step, nil).Text,
		Home: "/labs/" + v.lab.Name, Action: "/labs/" + v.lab.Name + "/shots/" + shot.Name, Address: address,
	}
	for _, mark := range shot.Marks {
		view.Marks = append(view.Marks, mark.Control)
	}
	return view
}

// makeShot puts the lab into the state of a picture, and says where it is to be taken. What was there before is kept.
func (c *Coach) makeShot(v visit) error {
	step, shot, known := c.shotOf(v.Param("name"))
	if !known {
		return errNoShot
	}
	if _, err := c.registry.SaveCheckpoint(v.ctx(), v.lab.Name, "Before the picture "+shot.Name, ""); err != nil {
		return err
	}
	if err := c.registry.Rewind(v.ctx(), v.lab.Name); err != nil {
		return err
	}
	address, err := c.walkToShot(v.ctx(), v.lab.Name, "http://"+v.Request().Host, step, shot.Name)
	if err != nil {
		return err
	}
	return render(v, c.shotView(v, step, shot, address))
}

// walkToShot plays the guide until the moment of a picture, and gives the path of its page.
func (c *Coach) walkToShot(ctx context.Context, name, origin string, step *script.Step, shot string) (string, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	address := ""
	report, err := script.Play(ctx, c.script, script.Options{URL: origin, Lab: name, To: step.ID, Transport: c.carrier, Pictures: &script.Pictures{
		Want: func(name string) bool { return name == shot },
		Take: func(p script.Picture) {
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
