package console

import (
	"understudy/idp"
	"understudy/ui/okta"
)

// tasksPath is Dashboard > Tasks.
const tasksPath = "/admin/tasks"

// tasks lists what waits for an administrator, by kind.
func (r *request) tasks() error {
	tasks, err := r.org.Tasks(r.ctx())
	if err != nil {
		return err
	}
	apps := appPaths{request: r}
	view := okta.TasksPage{}
	for _, task := range tasks {
		if task.Count == 0 {
			continue
		}
		kind := okta.TaskKind{Key: task.Kind, Title: task.Title, Count: task.Count}
		for _, item := range task.Items {
			row := okta.TaskRow{Who: item.Who, What: item.What, Error: item.Error, When: item.When}
			if item.UserID != "" {
				row.WhoPath = r.path(personPath(item.UserID))
			}
			if row.WhatPath, err = apps.assignments(item.AppID); err != nil {
				return err
			}
			kind.Rows = append(kind.Rows, row)
		}
		view.Kinds = append(view.Kinds, kind)
	}
	return r.render("Tasks", okta.Tasks(view))
}

// appPaths finds the pages of apps, each app once.
type appPaths struct {
	*request
	known map[string]idp.App
}

func (p *appPaths) app(id string) (idp.App, error) {
	if app, ok := p.known[id]; ok {
		return app, nil
	}
	app, err := p.org.App(p.ctx(), id)
	if err != nil {
		return app, err
	}
	if p.known == nil {
		p.known = map[string]idp.App{}
	}
	p.known[id] = app
	return app, nil
}

// assignments is the tab Assignments of an app, where its tasks are done; none without an app.
func (p *appPaths) assignments(id string) (string, error) {
	if id == "" {
		return "", nil
	}
	app, err := p.app(id)
	return p.path(appInstancePath(app.Name, app.ID) + "assignments"), err
}
