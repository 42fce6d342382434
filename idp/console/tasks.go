package console

import (
	"context"
	"strconv"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// tasksPath is Dashboard > Tasks.
const tasksPath = "/admin/tasks"

// tasks is the page of everything that waits for an administrator, by kind.
func (r *request) tasks() error {
	kinds, err := r.taskKinds()
	if err != nil {
		return err
	}
	return r.render("Tasks", okta.Tasks(okta.TasksPage{Kinds: kinds}))
}

// taskKinds returns the tasks by kind: first failed provisioning jobs, then people who wait for an action.
func (r *request) taskKinds() ([]okta.TaskKind, error) {
	apps := appLinks{request: r, known: map[string]idp.App{}}
	kinds, err := r.failedJobs(apps)
	if err != nil {
		return nil, err
	}
	tasks, err := r.org.Tasks(r.ctx())
	if err != nil {
		return nil, err
	}
	for _, task := range tasks {
		kind := okta.TaskKind{Key: task.Kind, Title: task.Title, Count: task.Count}
		for _, item := range task.Items {
			row := okta.TaskRow{Name: item.Name, Detail: item.Detail, Error: item.Error, When: item.When}
			if item.UserID != "" {
				row.NamePath = r.path(personPath(item.UserID))
			}
			if _, row.DetailPath, err = apps.tab(item.AppID, "assignments"); err != nil {
				return nil, err
			}
			kind.Rows = append(kind.Rows, row)
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

// failedJobs returns the provisioning jobs that an administrator must retry or mark as done. Package job names the
// heading of each kind of job.
func (r *request) failedJobs(apps appLinks) (kinds []okta.TaskKind, err error) {
	jobs, err := r.org.FailedJobs(r.ctx(), "")
	if err != nil {
		return nil, err
	}
	rows := map[job.Task][]okta.TaskRow{}
	for _, failed := range jobs {
		task := failed.Kind.Type().Task
		row, err := r.jobRow(apps, failed, task.Tab)
		if err != nil {
			return nil, err
		}
		rows[task] = append(rows[task], row)
	}
	for _, task := range job.Tasks {
		if len(rows[task]) > 0 {
			kinds = append(kinds, okta.TaskKind{Key: task.Key, Title: task.Title, Count: len(rows[task]), Rows: rows[task],
				Retry: r.path(tasksPath + "/retry"), Done: r.path(tasksPath + "/done")})
		}
	}
	return kinds, nil
}

// jobRow returns a failed job as a task. If its person or group was deleted, the row shows the name that the job stored.
func (r *request) jobRow(apps appLinks, failed job.Job, tab string) (row okta.TaskRow, err error) {
	row = okta.TaskRow{ID: strconv.FormatInt(failed.ID, 10), Name: failed.Payload.Name,
		Error: failed.Error, When: failed.Failed}
	if row.Detail, row.DetailPath, err = apps.tab(failed.AppID, tab); err != nil {
		return row, err
	}
	switch {
	case failed.UserID != "":
		user, err := r.org.User(r.ctx(), failed.UserID)
		if problem.Is(err, problem.NotFound) {
			break
		}
		if err != nil {
			return row, err
		}
		row.Name, row.NamePath = user.Name(), r.path(personPath(user.ID))
	case failed.MappingID != "":
		mapping, err := r.org.PushMapping(r.ctx(), failed.MappingID)
		if problem.Is(err, problem.NotFound) {
			break
		}
		if err != nil {
			return row, err
		}
		row.Name, row.NamePath = mapping.GroupName, r.path(groupPath(mapping.GroupID))
	}
	if row.Name == "" {
		row.Name = row.Detail
	}
	return row, nil
}

// retryTasks is Retry selected.
func (r *request) retryTasks() error {
	return r.changeTasks(r.org.RetryJobs, " will be retried.")
}

// dismissTasks is Mark as done.
func (r *request) dismissTasks() error {
	return r.changeTasks(r.org.DismissJobs, " marked as done.")
}

// changeTasks runs change on the selected tasks. notice follows their number: "2 tasks" + notice.
func (r *request) changeTasks(
	change func(ctx context.Context, a idp.Actor, ids ...int64) error, notice string,
) error {
	form, err := r.FormParams()
	if err != nil {
		return err
	}
	var ids []int64
	for _, text := range form["task"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return r.done(tasksPath, "No task was selected, so nothing was changed.")
	}
	if err := change(r.ctx(), r.actor(), ids...); err != nil {
		return err
	}
	return r.done(tasksPath, plural(len(ids), "task", "tasks")+notice)
}

// appLinks finds the pages of apps. It loads each app once.
type appLinks struct {
	*request
	known map[string]idp.App
}

// tab returns the label of an app and the link to one of its tabs; empty texts for no app or a deleted one.
func (p appLinks) tab(id, tab string) (label, path string, err error) {
	if id == "" {
		return "", "", nil
	}
	app, ok := p.known[id]
	if !ok {
		if app, err = p.org.App(p.ctx(), id); problem.Is(err, problem.NotFound) {
			return "", "", nil
		} else if err != nil {
			return "", "", err
		}
		p.known[id] = app
	}
	return app.Label, p.path(appInstancePath(app.Name, app.ID) + tab), nil
}
