package console

import (
	"context"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// lifecycle is an action on a person's account.
type lifecycle struct {
	key      string // in the address
	label    string // as the buttons and the confirmation say it
	question string // empty: done at once, as it takes nothing away
	effects  []string
	danger   bool
	byLink   bool // makes a link, which is sent by mail or shown
	done     string
	run      func(r *request, id string) (idp.Link, error)
}

// lifecycles are all actions on a person's account, with what their confirmations say.
var lifecycles = []lifecycle{
	{key: "activate", label: "Activate", done: "was activated.",
		run: func(r *request, id string) (idp.Link, error) {
			return r.org.ActivateUser(r.ctx(), r.actor(), id, r.address.Base())
		}},
	{key: "reactivate", label: "Resend Activation Email", done: "was sent a new activation email.",
		run: func(r *request, id string) (idp.Link, error) {
			return r.org.ReactivateUser(r.ctx(), r.actor(), id, r.address.Base())
		}},
	{key: "reset-password", label: "Reset Password", question: "Reset the password?", byLink: true, done: "can choose a new password by the link that was sent by email.",
		effects: []string{"The present password no longer works.", "The status becomes Password reset until a new password has been chosen through a link that works once."},
		run: func(r *request, id string) (idp.Link, error) {
			base := r.address.Base()
			if r.FormValue("choice") == "link" { // the link is shown instead of sent
				base = ""
			}
			return r.org.ResetPassword(r.ctx(), r.actor(), id, base)
		}},
	{key: "expire-password", label: "Expire Password", question: "Expire the password?", done: "has to choose a new password at the next sign-in.",
		effects: []string{"The status becomes Password expired.", "The next sign-in with the present password asks for a new one."},
		run:     plain((*idp.Org).ExpirePassword)},
	{key: "clear-sessions", label: "Clear User Sessions", question: "Clear all sessions?", done: "was signed out everywhere.",
		effects: []string{"The person is signed out of Okta in every browser.", "Sessions in applications go on until they end by themselves."},
		run:     plain((*idp.Org).ClearSessions)},
	{key: "unlock", label: "Unlock", done: "was unlocked.", run: plain((*idp.Org).UnlockUser)},
	{key: "suspend", label: "Suspend", question: "Suspend this person?", done: "was suspended.",
		effects: []string{"The person cannot sign in until they are unsuspended.", "Groups and application assignments stay as they are."},
		run:     plain((*idp.Org).SuspendUser)},
	{key: "unsuspend", label: "Unsuspend", done: "was unsuspended.", run: plain((*idp.Org).UnsuspendUser)},
	{key: "deactivate", label: "Deactivate", question: "Deactivate this person?", danger: true, done: "was deactivated.",
		effects: []string{"The person can no longer sign in, and is signed out everywhere.",
			"All application assignments are removed. They are not restored when the person is activated again.",
			"Applications with provisioning are told to deactivate the account there."},
		run: plain((*idp.Org).DeactivateUser)},
	{key: "delete", label: "Delete", question: "Delete this person for good?", danger: true, done: "was deleted.",
		effects: []string{"The account, its group memberships and its profile are gone and cannot be brought back.", "Events about the person stay in the System Log."},
		run:     plain((*idp.Org).DeleteUser)},
}

// plain makes a lifecycle's run of a method that answers with nothing but an error.
func plain(method func(*idp.Org, context.Context, idp.Actor, string) error) func(*request, string) (idp.Link, error) {
	return func(r *request, id string) (idp.Link, error) {
		return idp.Link{}, method(r.org, r.ctx(), r.actor(), id)
	}
}

// lifecycleActions gives the actions that a state allows: those with a button of their own, and those under More Actions.
func lifecycleActions(status idp.UserStatus) (shown, more []lifecycle) {
	switch status {
	case idp.Staged:
		return pick("activate"), pick("deactivate")
	case idp.Provisioned:
		return pick("reactivate"), pick("deactivate")
	case idp.Recovery, idp.PasswordExpired:
		return pick("reset-password"), pick("clear-sessions", "deactivate")
	case idp.LockedOut:
		return pick("unlock"), pick("reset-password", "clear-sessions", "deactivate")
	case idp.Suspended:
		return pick("unsuspend"), pick("deactivate")
	case idp.Deprovisioned:
		return pick("activate"), pick("delete")
	}
	return pick("reset-password"), pick("clear-sessions", "expire-password", "suspend", "deactivate")
}

func pick(keys ...string) (list []lifecycle) {
	for _, key := range keys {
		for _, action := range lifecycles {
			if action.key == key {
				list = append(list, action)
			}
		}
	}
	return list
}

// lifecycleOf gives the action that the address names, with its person.
func (r *request) lifecycleOf() (idp.User, lifecycle, error) {
	user, err := r.subject()
	if err != nil {
		return user, lifecycle{}, err
	}
	found := pick(r.Param("action"))
	if len(found) == 0 {
		return user, lifecycle{}, web.ErrPageNotFound
	}
	return user, found[0], nil
}

// confirmLifecycle asks before an action and says what it does.
func (r *request) confirmLifecycle() error {
	user, action, err := r.lifecycleOf()
	if err != nil {
		return err
	}
	view := okta.ConfirmPage{
		Title: action.label + " " + user.Name(), Question: action.question, Effects: action.effects, Button: action.label, Danger: action.danger,
		Action: r.path(personPath(user.ID) + "/lifecycle/" + action.key), Cancel: r.path(personPath(user.ID)),
	}
	if action.byLink {
		view.ChoiceLabel = "How does the person get the link?"
		view.Choices = []okta.Option{
			{Value: "email", Label: "Send it by email", Hint: "It arrives in the lab's mailbox.", Selected: true},
			{Value: "link", Label: "Show it to me", Hint: "You pass it on yourself."},
		}
	}
	return r.render(view.Title, okta.Confirm(view))
}

// changeLifecycle carries the action out.
func (r *request) changeLifecycle() error {
	user, action, err := r.lifecycleOf()
	if err != nil {
		return err
	}
	link, err := action.run(r, user.ID)
	if problem.Is(err, problem.Conflict) {
		return r.done(personPath(user.ID), problem.As(err).Message)
	}
	if err != nil {
		return err
	}
	if action.byLink && r.FormValue("choice") == "link" && link.Path != "" {
		return r.render(action.label, okta.OneTimeLink(okta.OneTimeLinkPage{Name: user.Name(), Link: r.address.URL(link.Path), Done: r.path(personPath(user.ID))}))
	}
	if action.key == "delete" {
		return r.done(peoplePath, user.Name()+" "+action.done)
	}
	return r.done(personPath(user.ID), user.Name()+" "+action.done)
}
