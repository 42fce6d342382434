package console

import (
	"context"

	"understudy/idp"
	"understudy/idp/web"
	"understudy/seed/base/problem"
	"understudy/ui/okta"
)

// lifecycle is an action on a person's account, such as Suspend.
type lifecycle struct {
	key      string // last element of the URL
	label    string // on buttons and the confirmation
	question string // of the confirmation; empty for an action without confirmation
	effects  []string
	danger   bool
	byLink   bool   // makes a link, which is sent by email or shown
	done     string // the notice after the action; follows the person's name
	run      func(r *request, id string) (idp.Link, error)
}

// lifecycles is the table of all actions on a person's account, with the texts of their confirmations.
var lifecycles = []lifecycle{
	{key: "activate", label: "Activate", done: "was activated.",
		run: func(r *request, id string) (idp.Link, error) {
			return r.org.ActivateUser(r.ctx(), r.actor(), id, r.address.MailBase())
		}},
	{key: "reactivate", label: "Resend Activation Email", done: "was sent a new activation email.",
		run: func(r *request, id string) (idp.Link, error) {
			return r.org.ReactivateUser(r.ctx(), r.actor(), id, r.address.MailBase())
		}},
	{key: "reset-password", label: "Reset Password", question: "Reset the password?", byLink: true,
		done: "was sent an email with a link to reset the password.",
		effects: []string{"The current password no longer works.",
			"The status is Password reset until the person chooses a new password with a one-time link."},
		run: func(r *request, id string) (idp.Link, error) {
			base := r.address.MailBase()
			if r.FormValue("choice") == "link" { // the link is shown instead of sent
				base = ""
			}
			return r.org.ResetPassword(r.ctx(), r.actor(), id, base)
		}},
	{key: "expire-password", label: "Expire Password", question: "Expire the password?",
		done: "must choose a new password at the next sign-in.",
		effects: []string{"The status becomes Password expired.",
			"The person must choose a new password at the next sign-in with the current password."},
		run: withoutLink((*idp.Org).ExpirePassword)},
	{key: "clear-sessions", label: "Clear User Sessions", question: "Clear all sessions?", done: "was signed out everywhere.",
		effects: []string{"The person is signed out of Okta in every browser.", "Sessions in applications do not end."},
		run:     withoutLink((*idp.Org).ClearSessions)},
	{key: "unlock", label: "Unlock", done: "was unlocked.", run: withoutLink((*idp.Org).UnlockUser)},
	{key: "suspend", label: "Suspend", question: "Suspend this person?", done: "was suspended.",
		effects: []string{"The person cannot sign in until they are unsuspended.",
			"Groups and application assignments stay as they are."},
		run: withoutLink((*idp.Org).SuspendUser)},
	{key: "unsuspend", label: "Unsuspend", done: "was unsuspended.", run: withoutLink((*idp.Org).UnsuspendUser)},
	{key: "deactivate", label: "Deactivate", question: "Deactivate this person?",
		danger: true, done: "was deactivated.",
		effects: []string{"The person can no longer sign in, and is signed out everywhere.",
			"All application assignments are removed. Activation restores only assignments through groups.",
			"Okta deactivates the person's accounts in applications where Deactivate Users is on."},
		run: withoutLink((*idp.Org).DeactivateUser)},
	{key: "delete", label: "Delete", question: "Delete this person permanently?",
		danger: true, done: "was deleted.",
		effects: []string{"The account, its profile and its group memberships are deleted permanently.",
			"Events about the person stay in the System Log."},
		run: withoutLink((*idp.Org).DeleteUser)},
}

// withoutLink returns the run function for a method of the org that makes no link.
func withoutLink(method func(*idp.Org, context.Context, idp.Actor, string) error) func(*request, string) (idp.Link, error) {
	return func(r *request, id string) (idp.Link, error) {
		return idp.Link{}, method(r.org, r.ctx(), r.actor(), id)
	}
}

// allowedLifecycles returns the actions for a status: those with their own button, and those under More Actions.
func allowedLifecycles(status idp.UserStatus) (shown, more []lifecycle) {
	switch status {
	case idp.Staged:
		return lifecyclesByKey("activate"), lifecyclesByKey("deactivate")
	case idp.Provisioned:
		return lifecyclesByKey("reactivate"), lifecyclesByKey("deactivate")
	case idp.Recovery, idp.PasswordExpired:
		return lifecyclesByKey("reset-password"), lifecyclesByKey("clear-sessions", "deactivate")
	case idp.LockedOut:
		return lifecyclesByKey("unlock"), lifecyclesByKey("reset-password", "clear-sessions", "deactivate")
	case idp.Suspended:
		return lifecyclesByKey("unsuspend"), lifecyclesByKey("deactivate")
	case idp.Deprovisioned:
		return lifecyclesByKey("activate"), lifecyclesByKey("delete")
	}
	return lifecyclesByKey("reset-password"), lifecyclesByKey("clear-sessions", "expire-password", "suspend", "deactivate")
}

// lifecyclesByKey returns the actions with the given keys.
func lifecyclesByKey(keys ...string) (list []lifecycle) {
	for _, key := range keys {
		for _, action := range lifecycles {
			if action.key == key {
				list = append(list, action)
			}
		}
	}
	return list
}

// pathLifecycle returns the person and the action that the URL names.
func (r *request) pathLifecycle() (idp.User, lifecycle, error) {
	user, err := r.pathUser()
	if err != nil {
		return user, lifecycle{}, err
	}
	found := lifecyclesByKey(r.Param("action"))
	if len(found) == 0 {
		return user, lifecycle{}, web.ErrPageNotFound
	}
	return user, found[0], nil
}

// confirmLifecycle asks for confirmation and lists the effects.
func (r *request) confirmLifecycle() error {
	user, action, err := r.pathLifecycle()
	if err != nil {
		return err
	}
	if action.byLink && r.QueryParam("made") != "" {
		return r.showNewLink(user, action)
	}
	view := okta.ConfirmPage{
		Title: action.label + " " + user.Name(), Question: action.question, Effects: action.effects,
		Button: action.label, Danger: action.danger,
		Action: r.path(personPath(user.ID) + "/lifecycle/" + action.key), Cancel: r.path(personPath(user.ID)),
	}
	if action.byLink {
		view.ChoiceLabel = "How does the person get the link?"
		view.Choices = []okta.Option{
			{Value: "email", Label: "Send it by email", Hint: "The email arrives in the lab's mailbox.", Selected: true},
			{Value: "link", Label: "Show it to me", Hint: "You give the link to the person yourself."},
		}
	}
	return r.render(view.Title, okta.Confirm(view))
}

// showNewLink shows a link that was just made. A later request for the page leads to the person.
func (r *request) showNewLink(user idp.User, action lifecycle) error {
	path := web.TakeNewLink(r.Context)
	if path == "" {
		return r.done(personPath(user.ID), "Okta shows a link only once. If you did not copy the link, make another one.")
	}
	return r.render(action.label, okta.OneTimeLink(okta.OneTimeLinkPage{
		Name: user.Name(), Link: r.address.URL(path), DonePath: r.path(personPath(user.ID)),
	}))
}

// changeLifecycle runs the action.
func (r *request) changeLifecycle() error {
	user, action, err := r.pathLifecycle()
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
		web.SetNewLink(r.Context, link.Path)
		return r.seeOther(personPath(user.ID) + "/lifecycle/" + action.key + "?made=yes")
	}
	if action.key == "delete" {
		return r.done(peoplePath, user.Name()+" "+action.done)
	}
	return r.done(personPath(user.ID), user.Name()+" "+action.done)
}
