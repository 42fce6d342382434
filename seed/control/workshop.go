package control

import (
	"net/http"

	"understudy/seed/control/api"
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

// results lists how far everybody has come.
func (c *Control) results(r *request) error {
	rows, err := c.Workshop.Rows(r.ctx())
	if err != nil {
		return err
	}
	v := api.Results{Results: []api.Result{}}
	for _, row := range rows {
		v.Results = append(v.Results, api.Result{Lab: row.Lab, Nickname: row.Nickname, Joined: row.Joined, Done: row.Done,
			Total: len(c.Guide.Steps()), Current: row.Current, Problem: row.Problem})
	}
	return r.JSON(http.StatusOK, v)
}
