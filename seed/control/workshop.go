package control

import (
	"fmt"
	"net/http"
	"slices"

	"understudy/seed/base/problem"
	"understudy/seed/control/api"
	"understudy/seed/workshop"
)

// workshop responds with the state of the workshop.
func (c *Control) workshop(r *request) error {
	state, err := c.Workshop.State(r.ctx())
	if err != nil {
		return err
	}
	attendees, err := c.Workshop.Attendees(r.ctx())
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, api.Workshop{Code: state.Code, Address: c.Workshop.Address, Labs: state.Labs, Joined: len(attendees)})
}

// join gives a new attendee a lab.
func (c *Control) join(r *request) error {
	var in api.Join
	if err := r.read(&in); err != nil {
		return err
	}
	attendee, cookie, pin, err := c.Workshop.Enrol(r.ctx(), in.Nickname)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusCreated, api.Joined{Lab: attendee.Lab, Nickname: attendee.Nickname, PIN: pin, Cookie: cookie})
}

// results lists what everybody did.
func (c *Control) results(r *request) error {
	list, err := c.Workshop.Results(r.ctx())
	if err != nil {
		return err
	}
	v := api.Results{Results: []api.Result{}}
	for _, one := range list {
		v.Results = append(v.Results, resultView(one))
	}
	return r.JSON(http.StatusOK, v)
}

func resultView(one workshop.Result) api.Result {
	v := api.Result{
		Lab: one.Lab, Nickname: one.Nickname, Joined: one.Joined, LastSeen: one.LastSeen, Done: one.Done, Total: one.Total,
		Current: one.Current, Problem: one.Problem, Seconds: one.Seconds,
		Steps: []api.StepResult{}, Mistakes: []api.MistakeMade{}, Faults: []api.FaultResult{},
	}
	for _, s := range one.Steps {
		v.Steps = append(v.Steps, api.StepResult(s))
	}
	for _, m := range one.Mistakes {
		v.Mistakes = append(v.Mistakes, api.MistakeMade(m))
	}
	for _, f := range one.Faults {
		v.Faults = append(v.Faults, api.FaultResult(f))
	}
	return v
}

// jobs lists the actions on labs.
func (c *Control) jobs(r *request) error {
	entries, err := c.Workshop.Jobs(r.ctx())
	if err != nil {
		return err
	}
	v := api.Jobs{Jobs: []api.Job{}}
	for _, e := range entries {
		v.Jobs = append(v.Jobs, jobView(e))
	}
	return r.JSON(http.StatusOK, v)
}

func jobView(e workshop.Entry) api.Job {
	return api.Job{
		ID: e.ID, At: e.At, Who: e.Who, What: e.What, Whom: append([]string{}, e.Whom...), State: string(e.State),
		Total: e.Total, Finished: e.Finished, Failures: append([]string{}, e.Failures...),
	}
}

// newJob begins an action in the labs of attendees, and responds before it has ended.
func (c *Control) newJob(r *request) error {
	var in api.NewJob
	if err := r.read(&in); err != nil {
		return err
	}
	if len(in.Labs) == 0 {
		return problem.InvalidField("labs", "Name at least one lab of an attendee.")
	}
	slices.Sort(in.Labs)
	in.Labs = slices.Compact(in.Labs) // a lab must not be changed by two tasks at the same time
	for _, name := range in.Labs {
		has, err := c.Workshop.HasAttendee(r.ctx(), name)
		if err == nil && !has {
			err = problem.InvalidField("labs", fmt.Sprintf("No attendee has the lab %.50q.", name))
		}
		if err != nil {
			return err
		}
	}
	j, err := c.Workshop.Begin(r.ctx(), workshop.Action{
		Kind: in.Action, Step: in.Step, Message: in.Message, Fault: in.Fault, Who: c.who(r),
	}, in.Labs)
	if err != nil {
		return err
	}
	return c.respondJob(r, http.StatusAccepted, j.ID)
}

func (c *Control) respondJob(r *request, status int, id int64) error {
	e, err := c.Workshop.JobEntry(r.ctx(), id)
	if err != nil {
		return err
	}
	return r.JSON(status, jobView(e))
}

const noJob = "The workshop has no such job."

// job responds with how far a job is.
func (c *Control) job(r *request) error {
	id, err := r.id(noJob)
	if err != nil {
		return err
	}
	return c.respondJob(r, http.StatusOK, id)
}

// cancelJob stops a job after the labs that it works on at this moment.
func (c *Control) cancelJob(r *request) error {
	id, err := r.id(noJob)
	if err != nil {
		return err
	}
	if _, err := c.Workshop.JobEntry(r.ctx(), id); err != nil {
		return err
	}
	if err := c.Workshop.Cancel(id); err != nil {
		return err
	}
	return c.respondJob(r, http.StatusOK, id)
}
