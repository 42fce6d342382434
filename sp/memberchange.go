package sp

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// lockMessage is why people and teams cannot be changed in Sigma while SCIM is on.
const lockMessage = "Account type and team provisioning is on: people and teams are managed in your identity provider. " +
	"In Sigma you can only view them."

// DirectoryLock says why people and teams are read-only; empty while SCIM is off.
func (o *Organization) DirectoryLock(ctx context.Context) (reason string, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		reason, err = directoryLock(tx)
		return err
	})
	return reason, err
}

func directoryLock(tx *store.Tx) (string, error) {
	a, err := loadAuthentication(tx)
	if err != nil || !a.DirectoryOn {
		return "", err
	}
	return lockMessage, nil
}

// requireUnlocked refuses changes of people and teams while the directory manages them.
func requireUnlocked(tx *store.Tx, v viewer, t EventType, event string, about Object) error {
	reason, err := directoryLock(tx)
	if err != nil || reason == "" {
		return err
	}
	return v.refuse("DIRECTORY_LOCK", reason, Event{Type: t, Name: event, Object: about})
}

// changePeople loads a member for a change. The change needs Manage users, and SCIM must be off. Only Admins may change
// members whose account type manages people or teams.
func changePeople(tx *store.Tx, v viewer, what, event, id string) (m Member, err error) {
	if err := v.requireManage(ManageUsers, what); err != nil {
		return m, err
	}
	if m, err = loadMember(tx, id); err != nil {
		return m, err
	}
	if err := requireUnlocked(tx, v, UserAccounts, event, Object{"member", m.ID, m.Name()}); err != nil {
		return m, err
	}
	t, err := loadAccountType(tx, m.AccountTypeID)
	if err == nil && t.manages() {
		err = v.requireAdmin("change members with the account type " + t.Name)
	}
	return m, err
}

// InviteMember adds a pending member and sends them an email with a link. Needs Manage users. Refused while SCIM is on.
func (o *Organization) InviteMember(ctx context.Context, by Actor, base BaseURL, in MemberInput) (m Member, err error) {
	err = o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "invite people"); err != nil {
			return err
		}
		if err := requireUnlocked(tx, v, UserAccounts, "INVITE_MEMBER", Object{"member", "", in.Email}); err != nil {
			return err
		}
		t, err := checkInvitation(tx, v, &in)
		if err != nil {
			return err
		}
		m, err = addMember(tx, Member{Email: in.Email, FirstName: in.FirstName, LastName: in.LastName,
			AccountTypeID: t.ID, AccountType: t.Name, Status: MemberPending, createdBy: by.MemberID}, "")
		if err != nil {
			return err
		}
		if err := emailInvitation(tx, by, base, m); err != nil {
			return err
		}
		return record(tx, by, Event{Type: UserAccounts, Name: "INVITE_MEMBER", Object: Object{"member", m.ID, m.Email},
			Detail: map[string]string{"accountType": t.Name}})
	})
	return m, err
}

// checkInvitation validates the form and returns the account type of the new member.
func checkInvitation(tx *store.Tx, v viewer, in *MemberInput) (t AccountType, err error) {
	in.Email, in.FirstName = strings.TrimSpace(in.Email), strings.TrimSpace(in.FirstName)
	in.LastName = strings.TrimSpace(in.LastName)
	var c problem.Check
	c.Require(validEmail(in.Email), "email", "Enter an email address such as jo@example.com.")
	c.Require(len(in.FirstName) <= 100, "firstName", "Use at most 100 characters.")
	c.Require(len(in.LastName) <= 100, "lastName", "Use at most 100 characters.")
	_, taken, err := memberByEmail(tx, in.Email)
	if err != nil {
		return t, err
	}
	c.Require(!taken, "email", "A member with this email address already exists.")
	if in.AccountTypeID == "" {
		t, err = defaultType(tx)
	} else {
		t, err = loadAccountType(tx, in.AccountTypeID)
	}
	if problem.Is(err, problem.NotFound) {
		c.Require(false, "accountTypeID", "Select an account type.")
		return t, c.Err()
	}
	if err == nil && t.manages() {
		err = v.requireAdmin("give members the account type " + t.Name)
	}
	if err != nil {
		return t, err
	}
	return t, c.Err()
}

// emailInvitation sends a new invitation link. Only the hash of its token is stored.
func emailInvitation(tx *store.Tx, by Actor, base BaseURL, m Member) error {
	site, err := loadSite(tx)
	if err != nil {
		return err
	}
	token := tx.Secret(32)
	if err := tx.Exec(`UPDATE sigma_members SET invitation_hash = $1 WHERE id = $2`, store.Hash(token), m.ID); err != nil {
		return err
	}
	return tx.Mail(store.Mail{Sender: "Sigma", ToName: m.Name(), ToAddr: m.Email,
		Subject: "You are invited to " + site.Name + " on Sigma",
		Body: fmt.Sprintf("%s invites you to join %s.\n\nOpen this link to choose your password:\n%s\n",
			by.Name, site.Name, base.url("/invitation/"+token))})
}

// Invitation returns the pending member to whom an invitation token belongs.
func (o *Organization) Invitation(ctx context.Context, token string) (m Member, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		m, err = invited(tx, token)
		return err
	})
	return m, err
}

func invited(tx *store.Tx, token string) (Member, error) {
	return store.One(tx, "This invitation was used, revoked or replaced. Ask your administrator for a new one.", scanMember,
		selectMembers+` WHERE m.invitation_hash = $1 AND m.invitation_hash <> '' AND m.status = 'pending'`, store.Hash(token))
}

// AcceptInvitation sets names and password and makes the member active. Fields of an error: firstName, lastName, password.
func (o *Organization) AcceptInvitation(ctx context.Context, c Client, token, firstName, lastName, password string) error {
	firstName, lastName = strings.TrimSpace(firstName), strings.TrimSpace(lastName)
	var check problem.Check
	check.Require(firstName != "", "firstName", "Enter your first name.")
	check.Require(lastName != "", "lastName", "Enter your last name.")
	checkPassword(&check, "", password)
	if err := check.Err(); err != nil {
		return err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), passwordCost)
	if err != nil {
		return err
	}
	return o.db.Write(ctx, func(tx *store.Tx) error {
		a, err := loadAuthentication(tx)
		if err != nil {
			return err
		}
		if !a.Method.Password() {
			return errPasswordOff
		}
		m, err := invited(tx, token)
		if err != nil {
			return err
		}
		if err := saveNames(tx, m.ID, firstName, lastName); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE sigma_members SET status = 'active', password_hash = $1, invitation_hash = '' WHERE id = $2`,
			string(hash), m.ID); err != nil {
			return err
		}
		return record(tx, Actor{Kind: ByMember, MemberID: m.ID, Name: joinName(firstName, lastName), Email: m.Email, Client: c},
			Event{Type: UserAccounts, Name: "ACCEPT_INVITATION", Object: Object{"member", m.ID, m.Email}})
	})
}

// AssignAccountType changes the account type of members and sends them an email. Members cannot change their own type. Needs
// Manage users; only Admins may assign a type that manages people or teams. Refused while SCIM is on.
func (o *Organization) AssignAccountType(
	ctx context.Context, by Actor, base BaseURL, accountTypeID string, memberIDs ...string,
) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "reassign account types"); err != nil {
			return err
		}
		t, err := loadAccountType(tx, accountTypeID)
		if err != nil {
			return err
		}
		if t.manages() {
			if err := v.requireAdmin("give members the account type " + t.Name); err != nil {
				return err
			}
		}
		for _, id := range memberIDs {
			m, err := changePeople(tx, v, "reassign account types", "UPDATE_MEMBER_ACCOUNT_TYPE", id)
			if err != nil {
				return err
			}
			if m.ID == v.member.ID {
				return problem.New(problem.Conflict, "You cannot change your own account type.")
			}
			if m.AccountTypeID == t.ID && m.RequestedType == "" {
				continue
			}
			if err := setMemberType(tx, by, m, t.ID, t.Name, ""); err != nil {
				return err
			}
			if err := emailNewType(tx, by, base, m, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// emailNewType sends a member an email about their new account type, as Sigma does after a change in Sigma.
func emailNewType(tx *store.Tx, by Actor, base BaseURL, m Member, t AccountType) error {
	site, err := loadSite(tx)
	if err != nil {
		return err
	}
	return tx.Mail(store.Mail{Sender: "Sigma", ToName: m.Name(), ToAddr: m.Email,
		Subject: "Your account type in " + site.Name + " has changed",
		Body: fmt.Sprintf("%s gave you the account type %s. Before, it was %s.\n\n%s\n",
			by.Name, t.Name, m.AccountType, base.url("/profile"))})
}

// UpdateMember changes a member's names. Members may change their own names; other members need Manage users. Refused while
// SCIM is on. Fields of an error: firstName, lastName.
func (o *Organization) UpdateMember(ctx context.Context, by Actor, id, firstName, lastName string) error {
	firstName, lastName = strings.TrimSpace(firstName), strings.TrimSpace(lastName)
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		var m Member
		var err error
		if id == v.member.ID && id != "" {
			m = v.member
			err = requireUnlocked(tx, v, UserAccounts, "UPDATE_MEMBER", Object{"member", m.ID, m.Name()})
		} else {
			m, err = changePeople(tx, v, "change other members", "UPDATE_MEMBER", id)
		}
		if err != nil {
			return err
		}
		var c problem.Check
		c.Require(firstName != "" && len(firstName) <= 100, "firstName", "Enter a first name of at most 100 characters.")
		c.Require(lastName != "" && len(lastName) <= 100, "lastName", "Enter a last name of at most 100 characters.")
		if err := c.Err(); err != nil {
			return err
		}
		if err := saveNames(tx, id, firstName, lastName); err != nil {
			return err
		}
		return record(tx, by, Event{Type: UserAccounts, Name: "UPDATE_MEMBER",
			Object: Object{"member", id, joinName(firstName, lastName)}, Detail: map[string]string{"before": m.Name()}})
	})
}

// DeactivateMember ends a member's access and gives their documents to newOwner, or to the actor if that is empty. The content
// of My Documents moves to the new owner's My Documents > Archived Users > {name}. Needs Manage users. Refused while SCIM is
// on. Fields of an error: newOwner.
func (o *Organization) DeactivateMember(ctx context.Context, by Actor, id, newOwner string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		m, err := changePeople(tx, v, "deactivate members", "DEACTIVATE_MEMBER", id)
		if err != nil {
			return err
		}
		if m.ID == v.member.ID {
			return problem.New(problem.Conflict, "You cannot deactivate yourself.")
		}
		if newOwner == "" {
			newOwner = v.member.ID
		}
		owner, err := loadMember(tx, newOwner)
		if err != nil || owner.Status != MemberActive || owner.ID == m.ID {
			return problem.InvalidField("newOwner", "Select an active member as the new owner.")
		}
		t, err := loadAccountType(tx, owner.AccountTypeID)
		if err != nil {
			return err
		}
		if !t.Permissions.Has(CreateWorkbooks) {
			return problem.InvalidField("newOwner", "The new owner needs the permission “Create, edit, and publish workbooks”.")
		}
		return deactivate(tx, by, m, owner)
	})
}

// NewOwners lists the members who can become the owner of a member's documents: active members with the permission Create,
// edit, and publish workbooks. Needs Manage users.
func (o *Organization) NewOwners(ctx context.Context, by Actor, id string) (list []Member, err error) {
	err = o.read(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireManage(ManageUsers, "deactivate members"); err != nil {
			return err
		}
		types, err := store.List(tx, scanAccountType, selectAccountTypes)
		if err != nil {
			return err
		}
		able := map[string]bool{}
		for _, t := range types {
			able[t.ID] = t.Permissions.Has(CreateWorkbooks)
		}
		all, err := store.List(tx, scanMember,
			selectMembers+` WHERE m.status = 'active' AND m.id <> $1 ORDER BY m.display_key, m.id`, id)
		for _, m := range all {
			if able[m.AccountTypeID] {
				list = append(list, m)
			}
		}
		return err
	})
	return list, err
}

// ReactivateMember gives a member access again. The documents stay with their new owner. Needs Manage users. Refused while
// SCIM is on.
func (o *Organization) ReactivateMember(ctx context.Context, by Actor, id string) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		m, err := changePeople(tx, v, "reactivate members", "REACTIVATE_MEMBER", id)
		if err != nil {
			return err
		}
		return reactivate(tx, by, m)
	})
}
