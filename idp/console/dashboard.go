package console

import (
	"net/http"

	"understudy/idp"
	"understudy/ui/okta"
)

// dashboardPath is Dashboard > Dashboard.
const dashboardPath = "/admin/dashboard"

// enter is the link Admin on My Apps. It records the access to the console, then redirects to the dashboard.
func (r *request) enter() error {
	if err := r.org.AccessAdminApp(r.ctx(), r.actor()); err != nil {
		return err
	}
	return r.Redirect(http.StatusFound, r.path(dashboardPath))
}

// dashboard shows counts, tasks and the latest changes of the org.
func (r *request) dashboard() error {
	overview, err := r.org.Overview(r.ctx())
	if err != nil {
		return err
	}
	tasks, err := r.taskKinds()
	if err != nil {
		return err
	}
	view := okta.DashboardPage{
		Counts: []okta.Count{
			{Label: "Users", Number: overview.Users, Path: r.path(peoplePath)},
			{Label: "Groups", Number: overview.Groups, Path: r.path(groupsPath)},
			{Label: "SSO Apps", Number: overview.SSOApps, Path: r.path(appsPath)},
		},
		TasksPath: r.path(tasksPath), LogPath: r.path(logPath), Since: overview.Since,
		SignIns: bars(overview.SignIns), AppSignOns: bars(overview.AppSignOns),
	}
	for _, task := range tasks {
		count := okta.Count{Label: task.Title, Number: task.Count, Path: r.path(tasksPath) + "#" + task.Key}
		view.Tasks = append(view.Tasks, count)
	}
	for _, event := range overview.Changes {
		view.Changes = append(view.Changes, logRow(event, false))
	}
	return r.render("Dashboard", okta.Dashboard(view))
}

// bars converts counts per time span to the bars of a chart, without links.
func bars(buckets []idp.LogBucket) (list []okta.LogBar) {
	for _, bucket := range buckets {
		list = append(list, okta.LogBar{Start: bucket.Start, End: bucket.End, Count: bucket.Count})
	}
	return list
}
