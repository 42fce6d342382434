package idp

import (
	"context"

	"understudy/idp/expression"
	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// provisioningChanged writes the jobs that a change causes, in the change's own transaction.
func (o *Org) provisioningChanged(tx *store.Tx, ch Change) error {
	switch ch.Kind {
	case AppUserAdded:
		return o.appUserAdded(tx, ch)
	case AppUserChanged:
		return o.appUserChanged(tx, ch)
	case AppUserRemoved:
		return o.appUserRemoved(tx, ch)
	case GroupMembershipAdded, GroupMembershipRemoved:
		return o.membershipChanged(tx, ch)
	case GroupCreated:
		return o.applyPushRules(tx, ch.Actor, ch.GroupID)
	case GroupRenamed:
		if err := o.pushRename(tx, ch.GroupID); err != nil {
			return err
		}
		return o.applyPushRules(tx, ch.Actor, ch.GroupID)
	case GroupDeleted:
		return o.unlinkGroup(tx, ch.Actor, ch.GroupID)
	}
	return nil
}

// unlinkGroup ends pushing a group that is about to be deleted. What it has become at the apps' side stays there.
func (o *Org) unlinkGroup(tx *store.Tx, a Actor, groupID string) error {
	mappings, err := store.List(tx, scanMapping, mappingQuery+` WHERE m.group_id = $1`, groupID)
	if err != nil {
		return err
	}
	for _, m := range mappings {
		if err := o.unlink(tx, a, m, false); err != nil {
			return err
		}
	}
	return nil
}

func (o *Org) appUserAdded(tx *store.Tx, ch Change) error {
	in, err := integration(tx, ch.AppID)
	if err != nil || !in.Enabled {
		return err
	}
	if !in.CreateUsers {
		return setSync(tx, ch.AppID, ch.UserID, SyncDisabled, "")
	}
	return o.enqueueCreate(tx, ch.AppID, ch.UserID)
}

func (o *Org) enqueueCreate(tx *store.Tx, appID, userID string) error {
	if err := setSync(tx, appID, userID, SyncSyncing, ""); err != nil {
		return err
	}
	return o.enqueue(tx, job.Job{Lane: job.UserLane(appID, userID), Kind: job.CreateUser, AppID: appID, UserID: userID})
}

func (o *Org) appUserChanged(tx *store.Tx, ch Change) error {
	in, err := integration(tx, ch.AppID)
	if err != nil || !in.Enabled || !in.UpdateUsers || ch.After == nil {
		return err
	}
	if ch.After.ExternalID == "" { // a job that creates reads the profile when it runs
		return nil
	}
	if err := setSync(tx, ch.AppID, ch.UserID, SyncSyncing, ""); err != nil {
		return err
	}
	return o.enqueue(tx, job.Job{Lane: job.UserLane(ch.AppID, ch.UserID), Kind: job.UpdateUser, AppID: ch.AppID,
		UserID: ch.UserID})
}

func (o *Org) appUserRemoved(tx *store.Tx, ch Change) error {
	in, err := integration(tx, ch.AppID)
	if err != nil || !in.Enabled || ch.Before == nil {
		return err
	}
	lane := job.UserLane(ch.AppID, ch.UserID)
	begun, err := tx.Exists(`SELECT 1 FROM okta_jobs WHERE lane = $1`, lane)
	if err != nil {
		return err
	}
	// Failures about an assignment that is gone wait for nobody.
	if err := tx.Exec(`DELETE FROM okta_jobs WHERE lane = $1 AND state = 'failed'`, lane); err != nil {
		return err
	}
	if ch.Before.ExternalID != "" {
		if err := o.pushDeparture(tx, ch.AppID, ch.UserID, ch.Before.ExternalID); err != nil {
			return err
		}
	}
	// Without an id a job may have made the person all the same, and then not have heard the answer; one that gave up too.
	if !in.DeactivateUsers || (ch.Before.ExternalID == "" && !begun) {
		return nil
	}
	return o.enqueue(tx, job.Job{
		Lane: lane, Kind: job.DeactivateUser, AppID: ch.AppID, UserID: ch.UserID,
		Payload: job.Payload{UserName: ch.Before.UserName, ExternalID: ch.Before.ExternalID, Name: ch.Before.User.Name()},
	})
}

func setSync(tx *store.Tx, appID, userID, state, reason string) error {
	return tx.Exec(`UPDATE okta_app_users SET sync_state = $3, sync_error = $4 WHERE app_id = $1 AND user_id = $2`,
		appID, userID, state, reason)
}

// ProvisionUsers sends people who were assigned before provisioning was switched on, or all of them when no user is
// named ("Provision User").
func (o *Org) ProvisionUsers(ctx context.Context, a Actor, appID string, userIDs ...string) (n int, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		in, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if !in.Enabled || !in.CreateUsers {
			return problem.New(problem.Conflict, "Switch on Create Users under Provisioning > To App first.")
		}
		backlog, err := store.List(tx, store.Text,
			`SELECT user_id FROM okta_app_users WHERE app_id = $1 AND before_prov = 1 ORDER BY created_ms, id`, appID)
		if err != nil {
			return err
		}
		wanted := map[string]bool{}
		for _, id := range userIDs {
			wanted[id] = true
		}
		for _, id := range backlog {
			if len(wanted) > 0 && !wanted[id] {
				continue
			}
			if err := tx.Exec(`UPDATE okta_app_users SET before_prov = 0 WHERE app_id = $1 AND user_id = $2`, appID,
				id); err != nil {
				return err
			}
			if err := recordAppUser(tx, a, "application.user_membership.provision", appID, id); err != nil {
				return err
			}
			if err := o.enqueueCreate(tx, appID, id); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// recordAppUser records an administrator's action on the assignment of an app to a user. NotFound when there is none.
func recordAppUser(tx *store.Tx, a Actor, event, appID, userID string) error {
	application, err := app(tx, appID)
	if err != nil {
		return err
	}
	au, err := appUser(tx, appID, userID)
	if err != nil {
		return err
	}
	return succeeded(tx, a, event, au.Target(), application.Target(), au.User.Target())
}

// WaitingUsers counts the people of an app who wait for "Provision User".
func (o *Org) WaitingUsers(ctx context.Context, appID string) (n int, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM okta_app_users WHERE app_id = $1 AND before_prov = 1`, appID).Scan(&n)
	})
	return n, err
}

// ForceSync pushes the profile of everybody whom the app knows.
func (o *Org) ForceSync(ctx context.Context, a Actor, appID string) (n int, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		in, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if !in.Enabled || !in.UpdateUsers {
			return problem.New(problem.Conflict, "Switch on Update User Attributes under Provisioning > To App first.")
		}
		known, err := store.List(tx, store.Text,
			`SELECT user_id FROM okta_app_users WHERE app_id = $1 AND external_id <> '' ORDER BY created_ms, id`, appID)
		if err != nil {
			return err
		}
		for _, id := range known {
			if err := setSync(tx, appID, id, SyncSyncing, ""); err != nil {
				return err
			}
			if err := o.enqueue(tx, job.Job{Lane: job.UserLane(appID, id), Kind: job.UpdateUser, AppID: appID,
				UserID: id}); err != nil {
				return err
			}
		}
		if n = len(known); n == 0 {
			return nil
		}
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		return succeeded(tx, a, "application.provision.user.sync", application.Target())
	})
	return n, err
}

// Linked notes within tx that the app knows a person under an id, and pushes the person into the pushed groups that it is
// a member of. It does nothing when the assignment has ended meanwhile.
func (o *Org) Linked(tx *store.Tx, appID, userID, externalID string) error {
	first, err := tx.Exists(`SELECT 1 FROM okta_app_users WHERE app_id = $1 AND user_id = $2 AND external_id <> $3`,
		appID, userID, externalID)
	if err != nil {
		return err
	}
	err = tx.Exec(`UPDATE okta_app_users SET external_id = $3, before_prov = 0, sync_state = $4, sync_error = '',
		last_sync_ms = $5 WHERE app_id = $1 AND user_id = $2`,
		appID, userID, externalID, SyncSynchronized, store.Millis(tx.Now()))
	if err != nil || !first {
		return err
	}
	mappings, err := store.List(tx, scanMapping, mappingQuery+` WHERE m.app_id = $1 AND m.memberships = 1
		AND EXISTS (SELECT 1 FROM okta_group_members AS g WHERE g.group_id = m.group_id
			AND g.user_id = $2) AND`+pushedNow, appID, userID)
	if err != nil {
		return err
	}
	for _, m := range mappings {
		if err := o.enqueueMembers(tx, m, job.Payload{Add: []string{userID}}); err != nil {
			return err
		}
	}
	return nil
}

// SyncFailed notes within tx why a person's provisioning failed; the mark on the Assignments row says it.
func (o *Org) SyncFailed(tx *store.Tx, appID, userID, reason string) error {
	return setSync(tx, appID, userID, SyncError, reason)
}

// Synced notes within tx that the app has a person's profile as it is.
func (o *Org) Synced(tx *store.Tx, appID, userID string) error {
	return tx.Exec(`UPDATE okta_app_users SET sync_state = $3, sync_error = '', last_sync_ms = $4 WHERE app_id = $1
		AND user_id = $2`,
		appID, userID, SyncSynchronized, store.Millis(tx.Now()))
}

// RetryUser sends a person again whose provisioning failed, and whoever waits on the assignment's mark.
func (o *Org) RetryUser(ctx context.Context, a Actor, appID, userID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		in, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if !in.Enabled {
			return problem.New(problem.Conflict, provisioningOff)
		}
		if err := recordAppUser(tx, a, "application.provision.user.sync", appID, userID); err != nil {
			return err
		}
		if err := tx.Exec(`DELETE FROM okta_jobs WHERE lane = $1 AND state = 'failed'`,
			job.UserLane(appID, userID)); err != nil {
			return err
		}
		return o.enqueueCreate(tx, appID, userID)
	})
}

// PreviewMapping works out an expression of a mapping for one person.
func (o *Org) PreviewMapping(ctx context.Context, appID, mapping, userID string) (value string, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		u, err := user(tx, userID)
		if err != nil {
			return err
		}
		value = expression.Evaluate(mapping, expression.Subject{User: u.Profile, UserName: userNameOf(application, u)})
		return nil
	})
	return value, err
}

// RefreshAppGroups imports the app's groups again ("Refresh App Groups").
func (o *Org) RefreshAppGroups(ctx context.Context, a Actor, appID string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		in, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if !in.Enabled {
			return problem.New(problem.Conflict, provisioningOff)
		}
		application, err := app(tx, appID)
		if err != nil {
			return err
		}
		if err := succeeded(tx, a, "system.import.group.start", application.Target()); err != nil {
			return err
		}
		return o.enqueue(tx, job.Job{Lane: job.ImportLane(appID), Kind: job.ImportGroups, AppID: appID})
	})
}
