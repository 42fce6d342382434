package idp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/store"
)

// changesByUsers finds what users changed: neither sign-ins nor policy decisions.
const changesByUsers = `actor.type eq "User" and not (eventType sw "user.session" or eventType sw "policy." ` +
	`or eventType sw "user.authentication" or eventType sw "app.generic")`

// Overview returns the dashboard's figures. Deactivated users and inactive apps do not count.
func (o *Org) Overview(ctx context.Context) (v Overview, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		v.Since = tx.Now().Add(-7 * 24 * time.Hour)
		return tx.QueryRow(`SELECT (SELECT count(*) FROM okta_users WHERE status <> 'DEPROVISIONED'), (SELECT count(*)
			FROM okta_groups),
			(SELECT count(*) FROM okta_apps WHERE status = 'ACTIVE')`).Scan(&v.Users, &v.Groups, &v.SSOApps)
	})
	if err != nil {
		return v, err
	}
	signIns := LogQuery{Text: `eventType eq "user.session.start" and outcome.result eq "SUCCESS"`, Since: v.Since}
	if v.SignIns, err = o.LogCounts(ctx, signIns, 7); err != nil {
		return v, err
	}
	appSignOns := LogQuery{Text: `eventType eq "user.authentication.sso" and outcome.result eq "SUCCESS"`, Since: v.Since}
	if v.AppSignOns, err = o.LogCounts(ctx, appSignOns, 7); err != nil {
		return v, err
	}
	changes, err := o.Log(ctx, LogQuery{Limit: 8, Text: changesByUsers})
	v.Changes = changes.Events
	return v, err
}

// Tasks lists what an administrator has to do, apart from failed jobs ([Org.FailedJobs]). A heading without rows is
// left out.
func (o *Org) Tasks(ctx context.Context) (tasks []Task, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		for _, kind := range taskKinds {
			items, err := store.List(tx, scanTaskItem, kind.query)
			if err != nil {
				return fmt.Errorf("tasks %s: %w", kind.task.Kind, err)
			}
			if len(items) > 0 {
				task := kind.task
				task.Count, task.Items = len(items), items
				tasks = append(tasks, task)
			}
		}
		return nil
	})
	return tasks, err
}

const fullName = `u.first_name || ' ' || u.last_name`

var taskKinds = []struct {
	task  Task
	query string
}{
	{Task{Kind: "not-provisioned", Title: "People were assigned an application before provisioning was enabled"},
		`SELECT a.user_id, a.app_id, ` + fullName +
			`, p.label, 'Select Provision User on the Assignments tab.', a.created_ms
		FROM okta_app_users AS a JOIN okta_users AS u ON u.id = a.user_id JOIN okta_apps AS p ON p.id = a.app_id
			WHERE a.before_prov = 1 ORDER BY a.created_ms`},
	{Task{Kind: "pending-users", Title: "People have not finished activation"},
		`SELECT u.id, '', ` + fullName + `, u.login, '', u.status_changed_ms FROM okta_users AS u
			WHERE u.status = 'PROVISIONED' ORDER BY u.status_changed_ms`},
	{Task{Kind: "locked-users", Title: "People are locked out"},
		`SELECT u.id, '', ` + fullName + `, u.login, 'Too many failed sign-ins.', u.status_changed_ms
			FROM okta_users AS u WHERE u.status = 'LOCKED_OUT' ORDER BY u.status_changed_ms`},
}

func scanTaskItem(r store.Row) (i TaskItem, err error) {
	var when int64
	err = r.Scan(&i.UserID, &i.AppID, &i.Name, &i.Detail, &i.Error, &when)
	i.When = store.Time(when)
	return i, err
}

// resultsPerKind is the most users, apps and groups that a search returns.
const resultsPerKind = 5

// Search finds users, apps and groups by name, at most five of each.
func (o *Org) Search(ctx context.Context, text string) (results []SearchResult, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	people, err := o.Users(ctx, UserQuery{Text: text, Size: resultsPerKind})
	if err != nil {
		return nil, err
	}
	for _, u := range people.Items {
		results = append(results, SearchResult{Kind: "person", ID: u.ID, Name: u.Name(), Detail: u.Login()})
	}
	apps, err := o.Apps(ctx, AppQuery{Text: text})
	if err != nil {
		return nil, err
	}
	for _, a := range apps[:min(len(apps), resultsPerKind)] {
		results = append(results, SearchResult{Kind: "app", ID: a.ID, Name: a.Label, Detail: string(a.Status), App: a})
	}
	groups, err := o.Groups(ctx, GroupQuery{Text: text, Size: resultsPerKind})
	if err != nil {
		return nil, err
	}
	for _, g := range groups.Items {
		results = append(results, SearchResult{Kind: "group", ID: g.ID, Name: g.Name, Detail: g.Description})
	}
	return results, nil
}
