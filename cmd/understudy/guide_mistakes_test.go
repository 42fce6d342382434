package main

import (
	"slices"
	"strings"
	"testing"

	"understudy/seed/lab"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// mistake is a mistake and a part of the guide's sentence about it.
type mistake struct {
	after string   // last step of the quickstart before the mistake
	then  []string // steps of mistakes.md that make the mistake
	step  string   // the learner's current step
	says  string
}

// mistakes lists the mistakes that the guide recognizes.
var mistakes = []mistake{
	{"1.1", []string{"m.another-integration"}, "1.4", "You added a different integration"},
	{"1.9", []string{"m.saml-alone"}, "1.10", "You selected SAML only"},
	{"1.9", []string{"m.wrong-login-url"}, "1.10", "is not the Sign on URL from Okta"},
	{"1.11", []string{"m.relay-state-without-finish-login"}, "1.12", "does not end in /finish-login"},
	{"2.4", []string{"m.another-user-name"}, "2.5", "user name of the person differs from the email address"},
	{"2.4", []string{"m.no-password-set"}, "2.5", "so the Sigma administrator has no password yet"},
	{"2.6", []string{"m.somebody-else-is-assigned"}, "2.7", "but not to the Sigma administrator"},
	{"2.7", []string{"m.another-certificate"}, "2.8", "received the SAML response from Okta and refused it"},
	{"3.3", []string{"m.password-again"}, "5.1", "Sigma offers Setup only while"},
	{"5.5", []string{"m.wrong-token"}, "5.6", "refused the token from Okta"},
	{"5.5", []string{"m.not-saved"}, "5.6", "Select Save"},
	{"5.6", []string{"m.one-switch"}, "5.7", "still off"},
	{"7.2", []string{"m.no-user-type"}, "7.3", "without a User Type"},
	{"7.4", []string{"m.token-revoked", "m.provisioning-fails"}, "7.5", "could not be provisioned"},
	{"7.5", []string{"m.token-revoked", "m.push-fails"}, "7.6", "A pushed group has an error"},
	{"7.5", []string{"m.push-inactive"}, "7.6", "linked, but not pushed"},
	{"8.3", []string{"m.group-without-app"}, "8.4", "a group to which the application is not assigned"},
	{"8.3", []string{"m.token-revoked", "m.bob-joins", "m.bob-fails"}, "8.4", "Bob could not be provisioned"},
	{"9.1", []string{"m.another-user-type"}, "9.2", "with another User Type"},
	{"9.3", []string{"m.one-up"}, "9.4", "another group has a higher priority"},
	{"9.3", []string{"m.another-up"}, "9.4", "at the top now"},
	{"9.6", []string{"m.other-capitals"}, "9.7", "Upper and lower case matter"},
	{"9.6", []string{"m.with-download"}, "9.7", "allows downloads"},
	{"", []string{"m.wrong-password"}, "0.1", "Okta refused the user name or the password"},
	{"0.1", []string{"m.somebody-else-in-sigma"}, "0.2", "Another person has signed in to Sigma"},
	{"1.2", []string{"m.another-cloud-opened"}, "1.3", "You opened the integration for another cloud"},
	{"1.2", []string{"m.another-cloud-added"}, "1.4", "the Sigma integration for another cloud"},
	{"1.6", []string{"m.metadata-url-copied"}, "1.7", "You copied the Metadata URL"},
	{"1.6", []string{"m.metadata-url-copied", "m.metadata-url-pasted"}, "1.8", "You pasted another value"},
	{"1.7", []string{"m.metadata-url-copied", "1.9", "m.metadata-url-saved"}, "1.10", "The login URL is the Metadata URL"},
	{"1.9", []string{"m.certificate-not-saved"}, "1.10", "Sigma has not saved the values"},
	{"1.11", []string{"m.relay-state-of-a-window"}, "1.12", "not exactly the Company Login URL"},
	{"2.2", []string{"m.another-user-name-tried"}, "2.3", "You tried another user name"},
	{"2.4", []string{"m.another-email"}, "2.5", "whose email address is not the one of the Sigma administrator"},
	{"2.4", []string{"m.activated-later"}, "2.5", "The person exists but is not active"},
	{"2.4", []string{"m.must-change-password"}, "2.5", "good for one sign-in only"},
	{"2.5", []string{"m.wrong-password-in-okta"}, "2.6", "Okta refused the password of the Sigma administrator"},
	{"2.5", []string{"m.another-person-in-the-window"}, "2.6", "Another person is signed in to Okta in this window"},
	{"3.2", []string{"m.another-person-signs-in"}, "3.3", "Another person has signed in. Sign in"},
	{"5.3", []string{"m.token-not-copied"}, "5.4", "before you copied the Bearer Token"},
	{"7.2", []string{"m.viewers-get-author"}, "7.3", "to the group with another User Type. Open"},
	{"7.2", []string{"m.old-group-gets-the-app"}, "7.3", "a group that existed before"},
	{"7.3", []string{"m.creators-get-viewer"}, "7.4", "but not with the User Type Author"},
	{"7.5", []string{"m.another-group-pushed"}, "7.6", "a group other than OktaViewers and OktaCreators"},
	{"7.6", []string{"m.bob-need-not-change"}, "8.1", "will not ask Bob for a new password"},
	{"7.6", []string{"m.bob-without-password"}, "8.1", "so Bob has no password yet"},
	{"8.1", []string{"m.bob-wrong-password"}, "8.2", "Okta refused the password of Bob"},
	{"8.1", []string{"m.another-person-changes-password"}, "8.2", "Another person had to choose a new password"},
	{"8.2", []string{"m.bob-has-the-app"}, "8.3", "already assigned to Bob"},
	{"8.3", []string{"m.bob-joins-creators"}, "8.4", "Bob is in OktaCreators"},
	{"8.3", []string{"m.bob-has-the-app"}, "8.4", "to Bob directly"},
	{"8.4", []string{"m.another-profile"}, "8.5", "Another person opened the profile"},
	{"8.5", []string{"m.another-tile"}, "8.6", "Another person selected the tile"},
	{"9.4", []string{"m.token-revoked", "m.custom-push-fails"}, "9.5", "The push of OktaCreatorNoExport has an error"},
	{"9.4", []string{"m.custom-push-inactive"}, "9.5", "OktaCreatorNoExport is linked, but not pushed"},
	{"9.6", []string{"m.without-workbooks"}, "9.7", "may not create workbooks"},
	{"9.7", []string{"m.custom-group-last"}, "9.8", "Bob is still a Viewer"},
	{"10.5", []string{"m.team-kept"}, "10.6", "the team still exists in Sigma"},
	{"10.5", []string{"m.another-team-deleted"}, "10.6", "You deleted another team"},
}

// The test makes each mistake. The guide describes it after that, and not before. One play of the quickstart serves all mistakes:
// each is made in the lab as it is after a step, and the lab then goes back to the checkpoint of that step.
func TestGuideDescribesMistakes(t *testing.T) {
	t.Parallel()
	s, last := start(t), mistakes[0].after
	for _, step := range quickstart(t).Steps() {
		if slices.ContainsFunc(mistakes, func(c mistake) bool { return c.after == step.ID }) {
			last = step.ID
		}
	}
	made := 0
	report, err := player.Play(t.Context(), quickstart(t), player.Options{URL: s.url, To: last, Variants: func(after string) (list []player.Variant) {
		for _, c := range mistakes {
			if c.after == after {
				made++
				list = append(list, c.variant(t, s))
			}
		}
		return list
	}})
	if err != nil || !report.OK() {
		t.Fatal(err, report.FailedIDs())
	}
	if made != len(mistakes) {
		t.Errorf("%d of %d mistakes were made", made, len(mistakes))
	}
}

// variant makes the mistake in the lab of a server, judges what the guide says, and takes the lab back.
func (c mistake) variant(t *testing.T, s *running) player.Variant {
	t.Helper()
	guideScript := quickstart(t)
	step, _ := guideScript.Step(c.step)
	complains := func(f script.Facts) bool {
		return slices.ContainsFunc(step.Mistakes(f), func(said string) bool { return strings.Contains(said, c.says) })
	}
	var steps []*script.Step
	for _, made := range guideUntil(t, c.after, "mistakes.md", c.then...).Steps() {
		if strings.HasPrefix(made.ID, "20.") {
			steps = append(steps, made)
		}
	}
	var before lab.Checkpoint
	return player.Variant{
		Steps: steps,
		Before: func() (err error) {
			if complains(facts(t, s, guideScript)) {
				t.Errorf("step %s: the guide reports the mistake before it is made: %s", c.step, c.says)
			}
			before, err = s.Registry.SaveCheckpoint(t.Context(), "demo", "Before a mistake", "")
			return err
		},
		After: func(report player.Report) error {
			for _, played := range report.Steps {
				if played.Failure != nil {
					t.Errorf("step %s, %s: %v", c.step, c.says, played.Failure)
				}
			}
			now := facts(t, s, guideScript)
			if !complains(now) {
				t.Errorf("step %s: the guide does not report the mistake %q; it says %q", c.step, c.says, step.Mistakes(now))
			}
			if done, err := step.Evaluate(now); err == nil && done {
				t.Errorf("step %s counts as done, so the guide does not show the sentence %q", c.step, c.says)
			}
			return s.Registry.RestoreCheckpoint(t.Context(), "demo", before.ID)
		},
	}
}

// Each mistake of the guide is in the list above.
func TestEveryMistakeOfTheGuideIsMade(t *testing.T) {
	for _, step := range quickstart(t).Steps() {
		for _, miss := range step.Misses {
			if !slices.ContainsFunc(mistakes, func(c mistake) bool { return c.step == step.ID && strings.Contains(miss.Say, c.says) }) {
				t.Errorf("step %s: this mistake is not tested: %s", step.ID, miss.Say)
			}
		}
	}
}
