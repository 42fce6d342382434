package control

import (
	"context"
	"net/http"

	"understudy/seed/base/problem"
	"understudy/seed/control/api"
	"understudy/seed/lab"
	"understudy/seed/workshop"
)

// activeFault returns the active fault of a lab; nil when there is none.
func (c *Control) activeFault(r *request, l *lab.Lab) (*api.ActiveFault, error) {
	if _, active, err := l.ActiveFault(r.ctx()); err != nil || !active {
		return nil, err
	}
	f, fixed, err := c.Faults.Status(r.ctx(), l, r.origin())
	if problem.Is(err, problem.Conflict) { // it ended meanwhile
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &api.ActiveFault{ID: f.ID, Title: f.Title, Symptom: f.Symptom, Cause: f.Cause, Fix: f.Fix, Fixed: fixed}, nil
}

// fault responds with the active fault, and whether it is fixed.
func (c *Control) fault(r *request) error {
	l, err := r.lab()
	if err != nil {
		return err
	}
	return c.respondFault(r, l)
}

func (c *Control) respondFault(r *request, l *lab.Lab) error {
	f, err := c.activeFault(r, l)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, api.FaultStatus{Fault: f})
}

// applyFault breaks a lab.
func (c *Control) applyFault(r *request) error {
	var in api.ApplyFault
	if err := r.read(&in); err != nil {
		return err
	}
	err := c.change(r, workshop.Action{Kind: workshop.StartFault, Fault: in.ID}, func(ctx context.Context) error {
		return c.Faults.Start(ctx, r.name(), in.ID, r.origin())
	})
	if err != nil {
		return err
	}
	return c.fault(r)
}

// takeBackFault restores the state before the fault.
func (c *Control) takeBackFault(r *request) error {
	err := c.change(r, workshop.Action{Kind: workshop.UndoFault}, func(ctx context.Context) error { return c.Faults.Undo(ctx, r.name()) })
	if err != nil {
		return err
	}
	return c.fault(r)
}

// finishFault ends a fault that is fixed. What the learner has fixed stays.
func (c *Control) finishFault(r *request) error {
	l, err := r.lab()
	if err != nil {
		return err
	}
	if _, err := c.activeFault(r, l); err != nil { // finds out whether the fault is fixed
		return err
	}
	err = c.change(r, workshop.Action{Kind: workshop.FinishFault}, func(ctx context.Context) error { return c.Faults.Finish(ctx, r.name()) })
	if err != nil {
		return err
	}
	return c.fault(r)
}
