package sp

import (
	"context"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// ResendInvitation sends a pending member a new link. The old link no longer works. Refused while SCIM is on.
func (o *Organization) ResendInvitation(ctx context.Context, by Actor, base BaseURL, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		m, err := pendingMember(tx, v, "resend invitations", "RESEND_INVITATION", id)
		if err != nil {
			return err
		}
		if err := emailInvitation(tx, by, base, m); err != nil {
			return err
		}
		return record(tx, by, Event{Type: UserAccounts, Name: "RESEND_INVITATION", Object: Object{"member", m.ID, m.Email}})
	})
}

// RevokeInvitation revokes an invitation and deletes the pending member. Refused while SCIM is on.
func (o *Organization) RevokeInvitation(ctx context.Context, by Actor, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		m, err := pendingMember(tx, v, "revoke invitations", "REVOKE_INVITATION", id)
		if err != nil {
			return err
		}
		owns, err := tx.Exists(`SELECT 1 FROM sigma_files WHERE owner_id = $1 AND kind <> 'home'`, id)
		if err != nil {
			return err
		}
		if owns { // possible only in a scenario
			return problem.New(problem.Conflict,
				m.Name()+" owns documents. Deactivate the member instead: this gives the documents a new owner.")
		}
		for _, statement := range []string{`DELETE FROM sigma_team_members WHERE member_id = $1`,
			`DELETE FROM sigma_grants WHERE grantee_kind = 'member' AND grantee_id = $1`,
			`DELETE FROM sigma_files WHERE id = (SELECT home_folder_id FROM sigma_members WHERE id = $1)`, `DELETE FROM sigma_members WHERE id = $1`} {
			if err := tx.Exec(statement, id); err != nil {
				return err
			}
		}
		return record(tx, by, Event{Type: UserAccounts, Name: "REVOKE_INVITATION", Object: Object{"member", m.ID, m.Email}})
	})
}

// pendingMember loads a member with an open invitation, for a change.
func pendingMember(tx *store.Tx, v viewer, what, event, id string) (Member, error) {
	m, err := changePeople(tx, v, what, event, id)
	if err == nil && m.Status != MemberPending {
		err = problem.New(problem.Conflict, m.Name()+" has no open invitation.")
	}
	return m, err
}
