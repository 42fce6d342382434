package idp

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// PushStatus is whether a group is pushed. Source: Okta's Group Push Mappings API, property status.
type PushStatus string

// The states of a push mapping.
const (
	PushActive   PushStatus = "ACTIVE"
	PushInactive PushStatus = "INACTIVE"
	PushError    PushStatus = "ERROR"
)

// PushMapping is a group that is pushed to an app.
type PushMapping struct {
	ID          string
	AppID       string
	GroupID     string
	GroupName   string
	RuleID      string // the push rule that made the mapping; empty for "Find groups by name"
	TargetName  string // the group's name at the app
	ExternalID  string // SCIM id of the group at the app; empty until pushed
	LinkID      string // SCIM id of an existing group to link; empty once linked
	Status      PushStatus
	Pushing     bool // a job is queued or running
	Memberships bool // "Push group memberships immediately"
	Error       string
	Created     time.Time
	LastPush    time.Time
}

// Label returns the word of the Push Groups tab for the status.
func (m PushMapping) Label() string {
	switch {
	case m.Status == PushError:
		return "Error"
	case m.Status == PushInactive:
		return "Inactive"
	case m.Pushing:
		return "Pushing"
	}
	return "Active"
}

// PushRule pushes all groups whose name matches.
type PushRule struct {
	ID          string
	AppID       string
	Name        string
	Match       string // STARTS_WITH, ENDS_WITH, CONTAINS
	Value       string
	Memberships bool
	Created     time.Time
}

// Matches reports whether the rule matches a group name, in any case.
func (r PushRule) Matches(name string) bool {
	name, value := strings.ToLower(name), strings.ToLower(r.Value)
	switch r.Match {
	case "STARTS_WITH":
		return strings.HasPrefix(name, value)
	case "ENDS_WITH":
		return strings.HasSuffix(name, value)
	}
	return strings.Contains(name, value)
}

const mappingQuery = `SELECT m.id, m.app_id, m.group_id, g.name, m.rule_id, m.target_name, m.external_id, m.link_id,
	m.status, m.pushing,
	m.memberships, m.error, m.created_ms, m.last_push_ms FROM okta_push_mappings AS m
		JOIN okta_groups AS g ON g.id = m.group_id`

func scanMapping(r store.Row) (m PushMapping, err error) {
	var created, last int64
	err = r.Scan(&m.ID, &m.AppID, &m.GroupID, &m.GroupName, &m.RuleID, &m.TargetName, &m.ExternalID, &m.LinkID,
		&m.Status, &m.Pushing,
		&m.Memberships, &m.Error, &created, &last)
	m.Created, m.LastPush = store.Time(created), store.Time(last)
	return m, err
}

// pushedNow is the condition that changes of a mapping are sent: it is not inactive, and the app's provisioning is
// enabled.
const pushedNow = ` m.status <> 'INACTIVE' AND EXISTS (SELECT 1 FROM okta_integrations AS i WHERE i.app_id = m.app_id
	AND i.enabled = 1)`

const (
	noMapping       = "This group is no longer pushed."
	provisioningOff = "Configure the API integration under Provisioning first."
)

// PushMappings lists the pushed groups of an app, sorted by name. An empty status matches all.
func (o *Org) PushMappings(ctx context.Context, appID string, status PushStatus) (list []PushMapping, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		list, err = store.List(tx, scanMapping,
			mappingQuery+` WHERE m.app_id = $1 AND ($2 = '' OR m.status = $2) ORDER BY lower(g.name)`, appID, status)
		return err
	})
	return list, err
}

// PushMapping returns a mapping; NotFound when there is none.
func (o *Org) PushMapping(ctx context.Context, id string) (m PushMapping, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		m, err = pushMapping(tx, id)
		return err
	})
	return m, err
}

func pushMapping(tx *store.Tx, id string) (PushMapping, error) {
	return store.One(tx, noMapping, scanMapping, mappingQuery+` WHERE m.id = $1`, id)
}

// PushCandidates lists up to limit groups whose name or description contains text and that are not pushed to the app.
func (o *Org) PushCandidates(ctx context.Context, appID, text string, limit int) (list []Group, err error) {
	page, err := o.Groups(ctx, GroupQuery{Text: text, Size: 500})
	if err != nil {
		return nil, err
	}
	pushed, err := o.PushMappings(ctx, appID, "")
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, m := range pushed {
		taken[m.GroupID] = true
	}
	for _, g := range page.Items {
		if g.Type == OktaGroup && !taken[g.ID] && len(list) < limit {
			list = append(list, g)
		}
	}
	return list, nil
}

// NewPush is the input of "Find groups by name".
type NewPush struct {
	GroupID     string
	LinkID      string // SCIM id of an existing group to link; empty: find the group by name, or create it
	Memberships bool
}

// PushGroup starts to push a group to an app. Conflict when the group is pushed already or provisioning is off. Field
// of the problem: group.
func (o *Org) PushGroup(ctx context.Context, a Actor, appID string, n NewPush) (m PushMapping, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		m, err = o.pushGroup(tx, a, appID, "", n)
		return err
	})
	return m, err
}

// pushGroup adds a mapping and queues a full push. ruleID is empty unless a push rule made the mapping.
func (o *Org) pushGroup(tx *store.Tx, a Actor, appID, ruleID string, n NewPush) (m PushMapping, err error) {
	application, err := app(tx, appID)
	if err != nil {
		return m, err
	}
	in, err := integration(tx, appID)
	if err != nil {
		return m, err
	}
	if !in.Enabled {
		return m, problem.New(problem.Conflict, provisioningOff)
	}
	g, err := group(tx, n.GroupID)
	if err != nil {
		return m, err
	}
	if g.Type == AppSourcedGroup {
		return m, problem.InvalidField("group", "A group that was imported from an application cannot be pushed.")
	}
	taken, err := tx.Exists(`SELECT 1 FROM okta_push_mappings WHERE app_id = $1 AND group_id = $2`, appID, n.GroupID)
	if err != nil {
		return m, err
	}
	if taken {
		return m, problem.New(problem.Conflict, "The group "+g.Name+" is already pushed.")
	}
	id := tx.ID("gPm")
	err = tx.Exec(`INSERT INTO okta_push_mappings (id, app_id, group_id, rule_id, target_name, link_id, status, pushing,
		memberships, created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)`,
		id, appID, n.GroupID, ruleID, g.Name, n.LinkID, PushActive, n.Memberships, store.Millis(tx.Now()))
	if err != nil {
		return m, err
	}
	if _, err := Record(tx, a, Event{Type: "application.provision.group_push.mapping.created",
		Targets: []LogTarget{g.Target(), application.Target()}}); err != nil {
		return m, err
	}
	if m, err = pushMapping(tx, id); err != nil {
		return m, err
	}
	return m, o.enqueuePush(tx, m)
}

// enqueuePush queues a full push of a group.
func (o *Org) enqueuePush(tx *store.Tx, m PushMapping) error {
	// A full push replaces the jobs before it, failed ones included.
	if err := tx.Exec(`DELETE FROM okta_jobs WHERE lane = $1 AND (state = 'failed' OR attempts = 0) AND kind <> $2`,
		job.GroupLane(m.ID), job.DeleteGroup); err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE okta_push_mappings SET pushing = 1, status = $2, error = '' WHERE id = $1`, m.ID,
		PushActive); err != nil {
		return err
	}
	return o.enqueue(tx, job.Job{Lane: job.GroupLane(m.ID), Kind: job.PushGroup, AppID: m.AppID, MappingID: m.ID,
		Payload: job.Payload{Name: m.GroupName}})
}

// enqueueMembers queues added and removed members. After a failed push it queues a full one, because the state at the
// app is unknown.
func (o *Org) enqueueMembers(tx *store.Tx, m PushMapping, p job.Payload) error {
	if m.Status == PushError {
		return o.enqueuePush(tx, m)
	}
	p.Name = m.GroupName
	if err := tx.Exec(`UPDATE okta_push_mappings SET pushing = 1 WHERE id = $1`, m.ID); err != nil {
		return err
	}
	merged, err := mergeMembers(tx, m.ID, p)
	if err != nil || merged {
		return err
	}
	return o.enqueue(tx, job.Job{Lane: job.GroupLane(m.ID), Kind: job.PushMembers, AppID: m.AppID, MappingID: m.ID,
		Payload: p})
}

// mergeMembers adds members to the last job of the lane if that job sends members and has not started. So a thousand
// users who are assigned at once reach the group in a few requests. The first job of a lane may be running and is
// left alone.
func mergeMembers(tx *store.Tx, mappingID string, p job.Payload) (bool, error) {
	jobs, err := store.List(tx, scanJob, `SELECT `+jobColumns+` FROM okta_jobs WHERE lane = $1 AND state = 'queued'
		ORDER BY id DESC LIMIT 2`, job.GroupLane(mappingID))
	if err != nil || len(jobs) < 2 || jobs[0].Kind != job.PushMembers || jobs[0].Attempts > 0 {
		return false, err
	}
	last := jobs[0]
	last.Payload.Add = append(last.Payload.Add, p.Add...)
	last.Payload.Remove = append(last.Payload.Remove, p.Remove...)
	text, err := json.Marshal(last.Payload)
	if err != nil {
		return false, err
	}
	return true, tx.Exec(`UPDATE okta_jobs SET payload = $2 WHERE id = $1`, last.ID, string(text))
}

// PushNow queues a full push of a group, which replaces the members at the app. It activates an inactive mapping.
// Conflict when provisioning is off.
func (o *Org) PushNow(ctx context.Context, a Actor, id string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		m, err := pushMapping(tx, id)
		if err != nil {
			return err
		}
		in, err := integration(tx, m.AppID)
		if err != nil {
			return err
		}
		if !in.Enabled {
			return problem.New(problem.Conflict, provisioningOff)
		}
		event := "application.provision.group_push.push_memberships"
		if m.Status == PushInactive {
			event = "application.provision.group_push.activate_mapping"
		}
		if err := recordPush(tx, a, event, m); err != nil {
			return err
		}
		return o.enqueuePush(tx, m)
	})
}

// recordPush records an administrator's action on a push mapping.
func recordPush(tx *store.Tx, a Actor, event string, m PushMapping) error {
	application, err := app(tx, m.AppID)
	if err != nil {
		return err
	}
	g, err := group(tx, m.GroupID)
	if err != nil {
		return err
	}
	return succeeded(tx, a, event, g.Target(), application.Target())
}

// DeactivatePush stops pushing a group and drops its jobs. PushNow sends the group as it is then.
func (o *Org) DeactivatePush(ctx context.Context, a Actor, id string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		m, err := pushMapping(tx, id)
		if err != nil {
			return err
		}
		if err := recordPush(tx, a, "application.provision.group_push.deactivate_mapping", m); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM okta_jobs WHERE lane = $1`, job.GroupLane(id)); err != nil {
			return err
		}
		return tx.Exec(`UPDATE okta_push_mappings SET status = $2, pushing = 0, error = '' WHERE id = $1`, id, PushInactive)
	})
}

// UnlinkPush ends pushing a group. With deleteTarget the group at the app is deleted; otherwise it stays.
func (o *Org) UnlinkPush(ctx context.Context, a Actor, id string, deleteTarget bool) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		m, err := pushMapping(tx, id)
		if err != nil {
			return err
		}
		return o.unlink(tx, a, m, deleteTarget)
	})
}

// unlink deletes a mapping with its jobs, records it, and queues the deletion of the group at the app if
// deleteTarget.
func (o *Org) unlink(tx *store.Tx, a Actor, m PushMapping, deleteTarget bool) error {
	application, err := app(tx, m.AppID)
	if err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM okta_jobs WHERE lane = $1`, job.GroupLane(m.ID)); err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM okta_push_mappings WHERE id = $1`, m.ID); err != nil {
		return err
	}
	target := LogTarget{ID: m.ID, Type: "AppGroup", AlternateID: m.TargetName, DisplayName: m.TargetName}
	if _, err := Record(tx, a, Event{Type: "application.provision.group_push.removed",
		Targets: []LogTarget{target, application.Target()}}); err != nil {
		return err
	}
	if !deleteTarget {
		return nil
	}
	// Without an external ID the push may have created the group and lost the response. The job then looks for the name.
	return o.enqueue(tx, job.Job{
		Lane: job.GroupLane(m.ID), Kind: job.DeleteGroup, AppID: m.AppID, MappingID: m.ID,
		Payload: job.Payload{Name: m.TargetName, ExternalID: m.ExternalID},
	})
}

// membershipChanged queues a member who joined or left pushed groups.
func (o *Org) membershipChanged(tx *store.Tx, ch Change) error {
	mappings, err := store.List(tx, scanMapping,
		mappingQuery+` WHERE m.group_id = $1 AND m.memberships = 1 AND`+pushedNow, ch.GroupID)
	if err != nil {
		return err
	}
	for _, m := range mappings {
		externalID, err := externalID(tx, m.AppID, ch.UserID)
		if err != nil {
			return err
		}
		switch {
		case ch.Kind == GroupMembershipAdded && externalID == "": // Linked adds the member once the user is provisioned
		case ch.Kind == GroupMembershipAdded:
			err = o.enqueueMembers(tx, m, job.Payload{Add: []string{ch.UserID}})
		case externalID != "":
			err = o.enqueueMembers(tx, m, job.Payload{Remove: []string{externalID}})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pushRemovedMember queues the removal of a user, whose assignment has ended, from the app's pushed groups.
func (o *Org) pushRemovedMember(tx *store.Tx, appID, userID, externalID string) error {
	mappings, err := store.List(tx, scanMapping,
		mappingQuery+` WHERE m.app_id = $1 AND m.memberships = 1 AND`+pushedNow, appID)
	if err != nil {
		return err
	}
	for _, m := range mappings {
		if err := o.enqueueMembers(tx, m, job.Payload{Remove: []string{externalID}}); err != nil {
			return err
		}
	}
	return nil
}

// externalID returns the SCIM id of a user at an app; empty if not assigned or not provisioned.
func externalID(tx *store.Tx, appID, userID string) (id string, err error) {
	id, err = store.One(tx, "none", store.Text,
		`SELECT external_id FROM okta_app_users WHERE app_id = $1 AND user_id = $2`, appID, userID)
	if problem.Is(err, problem.NotFound) {
		return "", nil
	}
	return id, err
}

// pushRename queues the new name of a pushed group.
func (o *Org) pushRename(tx *store.Tx, groupID string) error {
	mappings, err := store.List(tx, scanMapping, mappingQuery+` WHERE m.group_id = $1 AND`+pushedNow, groupID)
	if err != nil {
		return err
	}
	for _, m := range mappings {
		if err := tx.Exec(`UPDATE okta_push_mappings SET target_name = $2, pushing = 1 WHERE id = $1`, m.ID,
			m.GroupName); err != nil {
			return err
		}
		if m.Status == PushError { // memberships may be missing too
			if err := o.enqueuePush(tx, m); err != nil {
				return err
			}
			continue
		}
		if err := o.enqueue(tx, job.Job{Lane: job.GroupLane(m.ID), Kind: job.RenameGroup, AppID: m.AppID,
			MappingID: m.ID, Payload: job.Payload{Name: m.GroupName}}); err != nil {
			return err
		}
	}
	return nil
}

// PushMembers returns the members of a pushed group that are provisioned to the app; only those in userIDs if any are
// given.
func (o *Org) PushMembers(ctx context.Context, m PushMapping, userIDs ...string) (list []AppMember, err error) {
	wanted := map[string]bool{}
	for _, id := range userIDs {
		wanted[id] = true
	}
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT a.user_id, a.external_id, a.user_name FROM okta_app_users AS a
			JOIN okta_group_members AS g ON g.user_id = a.user_id AND g.group_id = $2
			WHERE a.app_id = $1 AND a.external_id <> '' ORDER BY a.user_name`, []any{m.AppID, m.GroupID},
			func(r store.Row) error {
				var member AppMember
				if err := r.Scan(&member.UserID, &member.ExternalID, &member.UserName); err != nil {
					return err
				}
				if len(wanted) == 0 || wanted[member.UserID] {
					list = append(list, member)
				}
				return nil
			})
	})
	return list, err
}

// AppMember is a member of a pushed group as the app knows it.
type AppMember struct{ UserID, ExternalID, UserName string }

// Pushed marks a push as done within tx. The mapping stays in the state Pushing while more of its jobs wait, and in
// the state ERROR while an earlier job has failed.
func (o *Org) Pushed(tx *store.Tx, mappingID, externalID string) error {
	more, err := tx.Exists(`SELECT 1 FROM okta_jobs WHERE lane = $1 AND state = 'queued'`, job.GroupLane(mappingID))
	if err != nil {
		return err
	}
	failed, err := tx.Exists(`SELECT 1 FROM okta_jobs WHERE lane = $1 AND state = 'failed'`, job.GroupLane(mappingID))
	if err != nil {
		return err
	}
	if failed {
		return tx.Exec(`UPDATE okta_push_mappings SET external_id = $2, link_id = '', pushing = $3, last_push_ms = $4
			WHERE id = $1`,
			mappingID, externalID, more, store.Millis(tx.Now()))
	}
	return tx.Exec(`UPDATE okta_push_mappings SET external_id = $2, link_id = '', status = $3, pushing = $4, error = '',
		last_push_ms = $5
		WHERE id = $1 AND status <> $6`, mappingID, externalID, PushActive, more, store.Millis(tx.Now()), PushInactive)
}

// PushFailed marks a push as failed within tx. reason is a sentence for the administrator.
func (o *Org) PushFailed(tx *store.Tx, mappingID, reason string) error {
	return tx.Exec(`UPDATE okta_push_mappings SET status = $2, pushing = 0, error = $3 WHERE id = $1 AND status <> $4`,
		mappingID, PushError, reason, PushInactive)
}
