package control

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/control/api"
	"understudy/seed/lab"
	"understudy/seed/workshop"
)

// changeTime bounds a change of a whole lab: on a busy machine, bringing a lab to its last step takes some seconds.
const changeTime = 5 * time.Minute

// change changes a whole lab. In a lab of an attendee it is the instructor's action, so that the attendee is told. A change that
// has begun is finished, also when the client goes away.
func (c *Control) change(r *request, action workshop.Action, otherwise func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx()), changeTime)
	defer cancel()
	if c.Workshop != nil {
		if has, err := c.Workshop.HasAttendee(ctx, r.name()); err != nil || has {
			if err == nil {
				action.Who = c.who(r)
				err = c.Workshop.Act(ctx, action, []string{r.name()})
			}
			return err
		}
	}
	return otherwise(ctx)
}

// who names the instructor who sent a request, for the log of the workshop.
func (c *Control) who(r *request) string {
	_, token, _ := strings.Cut(r.Request().Header.Get(echo.HeaderAuthorization), " ")
	if name, err := c.Workshop.InstructorName(r.ctx(), token); err == nil && name != "" {
		return name
	}
	return "Control API"
}

// reset resets a lab to its scenario. The state before is kept as a checkpoint.
func (c *Control) reset(r *request) error {
	err := c.change(r, workshop.Action{Kind: workshop.ResetLab}, func(ctx context.Context) error {
		return c.Registry.ResetTo(ctx, r.name(), "Before the reset", lab.EndSessions)
	})
	if err != nil {
		return err
	}
	return c.respondLab(r, http.StatusOK, r.name())
}

// bring brings a lab to the beginning of a step.
func (c *Control) bring(r *request) error {
	var in api.Step
	if err := r.read(&in); err != nil {
		return err
	}
	if err := c.isStep(r.ctx(), r.name(), in.Step); err != nil {
		return err
	}
	err := c.change(r, workshop.Action{Kind: workshop.BringToStep, Step: in.Step}, func(context.Context) error {
		return c.bringTo(r, r.name(), in.Step)
	})
	if err != nil {
		return err
	}
	return c.respondLab(r, http.StatusOK, r.name())
}

// end is the step after the last: a lab that is brought there has completed all steps.
const end = "end"

// isStep returns an error at the field step unless the guide of a lab has a step.
func (c *Control) isStep(ctx context.Context, name, step string) error {
	l, release, err := c.Registry.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	g, err := c.Guide.Of(ctx, l)
	if err != nil {
		return err
	}
	steps := g.Steps()
	if step == end || slices.Contains(steps, step) {
		return nil
	}
	return problem.InvalidField("step", fmt.Sprintf("The guide has no step %.50q. Its steps are %s to %s; %s is after the last.",
		step, steps[0], steps[len(steps)-1], end))
}

// bringTo brings a lab that belongs to no attendee to a step.
func (c *Control) bringTo(r *request, name, step string) error {
	if err := c.isStep(r.ctx(), name, step); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx()), changeTime)
	defer cancel()
	if step == end {
		step = ""
	}
	return c.Guide.RebuildBefore(ctx, name, step, r.origin())
}

// undo takes a lab back to the state before its last step.
func (c *Control) undo(r *request) error {
	err := c.change(r, workshop.Action{Kind: workshop.UndoStep}, func(ctx context.Context) error { return c.Guide.Undo(ctx, r.name()) })
	if err != nil {
		return err
	}
	return c.respondLab(r, http.StatusOK, r.name())
}

// checkpoints lists the checkpoints of a lab.
func (c *Control) checkpoints(r *request) error {
	if !c.Registry.Exists(r.name()) {
		return errNoLab
	}
	list, err := c.Registry.Checkpoints(r.name())
	if err != nil {
		return err
	}
	v := api.Checkpoints{Checkpoints: []api.Checkpoint{}}
	for _, k := range list {
		v.Checkpoints = append(v.Checkpoints, checkpointView(k))
	}
	return r.JSON(http.StatusOK, v)
}

var errNoLab = &problem.Error{Kind: problem.NotFound, Code: "NO_LAB", Message: "There is no lab with that name."}

func checkpointView(k lab.Checkpoint) api.Checkpoint {
	return api.Checkpoint{ID: k.ID, Label: k.Label, Step: k.Step, At: k.At.UTC()}
}

// maxLabel is the longest label of a checkpoint, in bytes.
const maxLabel = 100

// newCheckpoint saves the lab as it is now.
func (c *Control) newCheckpoint(r *request) error {
	var in api.NewCheckpoint
	if err := r.read(&in); err != nil {
		return err
	}
	if in.Label == "" || len(in.Label) > maxLabel {
		return problem.InvalidField("label", fmt.Sprintf("Give the checkpoint a label of at most %d bytes.", maxLabel))
	}
	ctx, done, err := c.Registry.Exclusive(r.ctx(), r.name())
	if err != nil {
		return err
	}
	defer done()
	k, err := c.Registry.SaveCheckpoint(ctx, r.name(), in.Label, "")
	if err != nil {
		return err
	}
	return r.JSON(http.StatusCreated, checkpointView(k))
}

// restore takes a lab back to a checkpoint. The state before is kept as another one.
func (c *Control) restore(r *request) error {
	if !c.Registry.Exists(r.name()) {
		return errNoLab
	}
	id, err := r.id("This lab has no such checkpoint.")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx()), changeTime)
	defer cancel()
	list, err := c.Registry.Checkpoints(r.name())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(k lab.Checkpoint) bool { return int64(k.ID) == id }) {
		return problem.New(problem.NotFound, "This lab has no such checkpoint.")
	}
	if err := c.goBack(ctx, r.name(), int(id)); err != nil {
		return err
	}
	return c.respondLab(r, http.StatusOK, r.name())
}

// goBack keeps the present state as a checkpoint and restores another one, which may replace the file of a damaged lab.
func (c *Control) goBack(ctx context.Context, name string, id int) error {
	ctx, done, err := c.Registry.Exclusive(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	if _, err := c.Registry.SaveCheckpoint(ctx, name, "Before going back", ""); err != nil && !lab.IsDamaged(err) {
		return err
	}
	return c.Registry.RestoreCheckpoint(ctx, name, id)
}
