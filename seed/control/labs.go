package control

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/control/api"
	"understudy/seed/lab"
	"understudy/seed/workshop"
	"understudy/sp/directory"
)

// list responds with the names of all labs.
func (c *Control) list(r *request) error {
	names, err := c.Registry.List()
	if err != nil {
		return err
	}
	nicknames := map[string]string{}
	if c.Workshop != nil {
		attendees, err := c.Workshop.Attendees(r.ctx())
		if err != nil {
			return err
		}
		for _, a := range attendees {
			nicknames[a.Lab] = a.Nickname
		}
	}
	v := api.Labs{Labs: []api.LabName{}}
	for _, name := range names {
		v.Labs = append(v.Labs, api.LabName{Name: name, Nickname: nicknames[name]})
	}
	return r.JSON(http.StatusOK, v)
}

// attendeesLab matches the names of the labs that attendees get.
var attendeesLab = regexp.MustCompile(`^lab-\d+$`)

// create creates a lab. A lab that cannot be made as described is deleted again.
func (c *Control) create(r *request) error {
	var in api.NewLab
	if err := r.read(&in); err != nil {
		return err
	}
	ahead, err := duration("ahead", in.Ahead)
	if err != nil {
		return err
	}
	if err := c.mayCreate(in.Name); err != nil {
		return err
	}
	choice, err := c.Library.Choose(in.Scenario, in.Guides)
	if err != nil {
		return err
	}
	if err := c.Registry.Create(r.ctx(), in.Name, choice.Scenario, choice.Guides...); err != nil {
		return err
	}
	if err := c.prepare(r, in, ahead); err != nil {
		_ = c.Registry.Delete(context.WithoutCancel(r.ctx()), in.Name) // the error above is what matters
		return err
	}
	return c.respondLab(r, http.StatusCreated, in.Name)
}

// mayCreate refuses names that attendees get.
func (c *Control) mayCreate(name string) error {
	if c.Workshop != nil && attendeesLab.MatchString(name) {
		return problem.InvalidField("name", "Names such as lab-07 belong to attendees. Choose another name, or let somebody join.")
	}
	return nil
}

// prepare applies the rest of a lab's description.
func (c *Control) prepare(r *request, in api.NewLab, ahead time.Duration) error {
	l, release, err := c.Registry.Acquire(r.ctx(), in.Name)
	if err != nil {
		return err
	}
	defer release()
	if in.Seed != "" {
		if err := l.SetSeed(r.ctx(), in.Seed); err != nil {
			return err
		}
	}
	if in.Step != "" {
		if err := c.bringTo(r, in.Name, in.Step); err != nil {
			return err
		}
	}
	if ahead != 0 {
		return l.MoveClock(r.ctx(), ahead)
	}
	return nil
}

// show responds with the state of a lab.
func (c *Control) show(r *request) error { return c.respondLab(r, http.StatusOK, r.name()) }

// respondLab responds with the state of a lab. It opens the lab anew: an operation before may have replaced it.
func (c *Control) respondLab(r *request, status int, name string) error {
	l, release, err := c.Registry.Acquire(r.ctx(), name)
	if err != nil {
		return err
	}
	defer release()
	v, err := c.labView(r, l)
	if err != nil {
		return err
	}
	return r.JSON(status, v)
}

func (c *Control) labView(r *request, l *lab.Lab) (v api.Lab, err error) {
	ctx, origin := r.ctx(), r.origin()
	v = api.Lab{Name: l.Name, Identities: []api.Identity{}, Addresses: map[string]string{
		"okta": origin + l.Path(lab.Okta), "admin": origin + l.Path(lab.Okta) + "/admin", "sigma": origin + l.Path(lab.Sigma),
		"card": origin + "/labs/" + l.Name, "guide": origin + "/labs/" + l.Name + "/guide",
		"scim": origin + l.Path(lab.Sigma) + directory.Path,
	}}
	from, err := l.Scenario(ctx)
	if err != nil {
		return v, err
	}
	v.Scenario = from.Name
	if v.Guides, v.Guide, err = l.Guides(ctx); err != nil {
		return v, err
	}
	if v.Seed, err = l.Seed(ctx); err != nil {
		return v, err
	}
	if v.Seed == "" {
		v.Seed = l.Name
	}
	people, err := l.Identities(ctx)
	if err != nil {
		return v, err
	}
	for _, i := range people {
		v.Identities = append(v.Identities, api.Identity(i))
	}
	if v.Progress, err = c.progress(ctx, l); err != nil {
		return v, err
	}
	v.Clock = clockView(l)
	v.Fault, err = c.activeFault(r, l)
	return v, err
}

func (c *Control) progress(ctx context.Context, l *lab.Lab) (api.Progress, error) {
	p, err := c.Guide.Progress(ctx, l)
	if err != nil {
		return api.Progress{}, err
	}
	steps := c.Guide.StepsOf(ctx, l)
	v := api.Progress{Done: []string{}, Total: len(steps), Mistakes: append([]string{}, p.Mistakes...)}
	for _, id := range steps {
		if p.Done[id] {
			v.Done = append(v.Done, id)
		}
	}
	if p.Current != nil {
		v.Current, v.Awaits = p.Current.ID, p.Current.Awaits
	}
	return v, nil
}

// chooseGuide makes a guide of the lab the one that its learner follows.
func (c *Control) chooseGuide(r *request) error {
	var in api.Guide
	if err := r.read(&in); err != nil {
		return err
	}
	l, err := r.lab()
	if err != nil {
		return err
	}
	if err := l.ChooseGuide(r.ctx(), in.Guide); err != nil {
		return err
	}
	return c.respondLab(r, http.StatusOK, r.name())
}

// view responds with the lab's state as the checks of guides see it.
func (c *Control) view(r *request) error {
	l, err := r.lab()
	if err != nil {
		return err
	}
	v, err := l.View(r.ctx(), r.QueryParams()["part"]...)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, v)
}

// remove deletes a lab. The lab of an attendee goes with the attendee.
func (c *Control) remove(r *request) error {
	err := c.change(r, workshop.Action{Kind: workshop.Remove}, func(ctx context.Context) error { return c.Registry.Delete(ctx, r.name()) })
	if err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}
