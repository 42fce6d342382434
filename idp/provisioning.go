package idp

import (
	"context"

	"understudy/idp/job"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// provisioningChanged queues the jobs that a change causes, in the transaction of the change.
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

// unlinkGroup ends pushing a group that is about to be deleted. The groups at the apps stay.
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

// appUserAdded queues the creation of a user at the app, if Create Users is enabled.
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

// enqueueCreate queues the job that finds, links or creates a user at an app.
func (o *Org) enqueueCreate(tx *store.Tx, appID, userID string) error {
	if err := setSync(tx, appID, userID, SyncSyncing, ""); err != nil {
		return err
	}
	return o.enqueue(tx, job.Job{Lane: job.UserLane(appID, userID), Kind: job.CreateUser, AppID: appID, UserID: userID})
}

// appUserChanged queues the profile, if Update User Attributes is enabled and the user is provisioned.
func (o *Org) appUserChanged(tx *store.Tx, ch Change) error {
	in, err := integration(tx, ch.AppID)
	if err != nil || !in.Enabled || !in.UpdateUsers || ch.After == nil {
		return err
	}
	if ch.After.ExternalID == "" { // the job that creates the user reads the profile when it runs
		return nil
	}
	if err := setSync(tx, ch.AppID, ch.UserID, SyncSyncing, ""); err != nil {
		return err
	}
	return o.enqueue(tx, job.Job{Lane: job.UserLane(ch.AppID, ch.UserID), Kind: job.UpdateUser, AppID: ch.AppID,
		UserID: ch.UserID})
}

// appUserRemoved queues the deactivation of a user at the app, if Deactivate Users is enabled, and the removal from
// pushed groups.
func (o *Org) appUserRemoved(tx *store.Tx, ch Change) error {
	in, err := integration(tx, ch.AppID)
	if err != nil || !in.Enabled || ch.Before == nil {
		return err
	}
	lane := job.UserLane(ch.AppID, ch.UserID)
	started, err := tx.Exists(`SELECT 1 FROM okta_jobs WHERE lane = $1`, lane)
	if err != nil {
		return err
	}
	// Failed jobs of a removed assignment are no longer a task for an administrator.
	if err := tx.Exec(`DELETE FROM okta_jobs WHERE lane = $1 AND state = 'failed'`, lane); err != nil {
		return err
	}
	if ch.Before.ExternalID != "" {
		if err := o.pushRemovedMember(tx, ch.AppID, ch.UserID, ch.Before.ExternalID); err != nil {
			return err
		}
	}
	// Without an external ID a job may still have created the user and lost the response.
	if !in.DeactivateUsers || (ch.Before.ExternalID == "" && !started) {
		return nil
	}
	return o.enqueue(tx, job.Job{
		Lane: lane, Kind: job.DeactivateUser, AppID: ch.AppID, UserID: ch.UserID,
		Payload: job.Payload{UserName: ch.Before.UserName, ExternalID: ch.Before.ExternalID, Name: ch.Before.User.Name()},
	})
}

// setSync sets the sync state of an app user; reason is a sentence for the state ERROR.
func setSync(tx *store.Tx, appID, userID, state, reason string) error {
	return tx.Exec(`UPDATE okta_app_users SET sync_state = $3, sync_error = $4 WHERE app_id = $1 AND user_id = $2`,
		appID, userID, state, reason)
}

// ProvisionUsers provisions users who were assigned before provisioning was enabled ("Provision User"): those in
// userIDs, or all if none are given. It returns their number. Conflict unless Create Users is enabled.
func (o *Org) ProvisionUsers(ctx context.Context, a Actor, appID string, userIDs ...string) (n int, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		in, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if !in.Enabled || !in.CreateUsers {
			return problem.New(problem.Conflict, "Enable Create Users under Provisioning > To App first.")
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

// WaitingUsers returns the number of users of an app who wait for "Provision User".
func (o *Org) WaitingUsers(ctx context.Context, appID string) (n int, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT count(*) FROM okta_app_users WHERE app_id = $1 AND before_prov = 1`, appID).Scan(&n)
	})
	return n, err
}

// ForceSync queues the profiles of all provisioned users of an app and returns their number. Conflict unless Update
// User Attributes is enabled.
func (o *Org) ForceSync(ctx context.Context, a Actor, appID string) (n int, err error) {
	err = o.db.Write(ctx, func(tx *store.Tx) error {
		in, err := integration(tx, appID)
		if err != nil {
			return err
		}
		if !in.Enabled || !in.UpdateUsers {
			return problem.New(problem.Conflict, "Enable Update User Attributes under Provisioning > To App first.")
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

// Linked stores, within tx, the SCIM id of a user at an app, and queues the user for the pushed groups that they are
// a member of. It does nothing if the assignment has ended.
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

// SyncFailed stores, within tx, why provisioning a user failed. The Assignments tab shows the reason.
func (o *Org) SyncFailed(tx *store.Tx, appID, userID, reason string) error {
	return setSync(tx, appID, userID, SyncError, reason)
}

// Synced stores, within tx, that the app has the current profile of a user.
func (o *Org) Synced(tx *store.Tx, appID, userID string) error {
	return tx.Exec(`UPDATE okta_app_users SET sync_state = $3, sync_error = '', last_sync_ms = $4 WHERE app_id = $1
		AND user_id = $2`,
		appID, userID, SyncSynchronized, store.Millis(tx.Now()))
}

// RetryUser provisions a user again whose provisioning failed. Conflict when provisioning is off.
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

// PreviewMapping evaluates the expression of a mapping for a user. Field of the problem: mapping.
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
		value, err = o.previewMapping(tx, application, mapping, u)
		return err
	})
	return value, err
}

// RefreshAppGroups queues an import of the app's groups ("Refresh App Groups"). Conflict when provisioning is off.
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
