package provision

import (
	"context"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/scim"
	"understudy/seed/base/store"
)

// actions maps each kind of job to the function that sends its requests. A function returns a remoteError for a failure of
// the app, and any other error for a failure of the store.
var actions = map[job.Kind]func(*task, context.Context) error{
	job.CreateUser:     (*task).createUser,
	job.UpdateUser:     (*task).updateUser,
	job.DeactivateUser: (*task).deactivateUser,
	job.PushGroup:      (*task).pushGroup,
	job.PushMembers:    (*task).pushMembers,
	job.RenameGroup:    (*task).renameGroup,
	job.DeleteGroup:    (*task).deleteGroup,
	job.ImportUsers:    (*task).importAll,
	job.ImportGroups:   (*task).importAll,
}

// task is a job while it runs, with its app, the app's API integration, and a SCIM client for the app.
type task struct {
	runner *Runner
	org    *idp.Org
	job    job.Job
	app    idp.App
	in     idp.Integration
	client *scim.Client
	actor  idp.Actor
	linked bool // the group of the job was already linked to a group of the app
}

// task loads what a job needs. It fails with [problem.NotFound] when the app was deleted.
func (r *Runner) task(ctx context.Context, j job.Job) (*task, error) {
	app, err := r.org.App(ctx, j.AppID)
	if err != nil {
		return nil, err
	}
	in, err := r.org.Integration(ctx, j.AppID)
	if err != nil {
		return nil, err
	}
	actor := idp.System(idp.Client{})
	actor.JobID = j.TransactionID
	client := r.client(in.BaseURL, in.Token)
	return &task{runner: r, org: r.org, job: j, app: app, in: in, client: client, actor: actor}, nil
}

// record writes a System Log event of the job. The app is always its last target.
func (t *task) record(tx *store.Tx, event, result, reason string, targets ...idp.LogTarget) error {
	_, err := idp.Record(tx, t.actor, idp.Event{
		Type: event, Result: result, Reason: reason, Targets: append(targets, t.app.Target()),
		Debug: map[string]string{"appname": t.app.Name},
	})
	return err
}

// recordSuccess writes successful events of the job, all with the same targets.
func (t *task) recordSuccess(tx *store.Tx, targets []idp.LogTarget, events ...string) error {
	for _, event := range events {
		if err := t.record(tx, event, "SUCCESS", "", targets...); err != nil {
			return err
		}
	}
	return nil
}

// userTargets returns the person as target of a System Log event.
func (t *task) userTargets() []idp.LogTarget {
	name := t.job.Payload.UserName
	return []idp.LogTarget{{ID: t.job.UserID, Type: "AppUser", AlternateID: name, DisplayName: orElse(t.job.Payload.Name, name)}}
}

// groupTarget returns the pushed group as target of a System Log event. Its ID is the ID of the push mapping.
func (t *task) groupTarget(name string) idp.LogTarget {
	return idp.LogTarget{ID: t.job.MappingID, Type: "AppGroup", AlternateID: name, DisplayName: name}
}
