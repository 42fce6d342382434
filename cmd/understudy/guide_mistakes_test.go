package main

import (
	"slices"
	"strings"
	"testing"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// mistake is a mistake and a part of the guide's sentence about it.
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
	{"2.4", []string{"m.no-password-set"}, "2.5", "but is not active"},
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
}

// The test makes each mistake. The guide describes it after that, and not before.
func TestGuideDescribesMistakes(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.step+" "+c.says, func(t *testing.T) {
			t.Parallel()
			s, guideScript := start(t), guideUntil(t, c.after, "mistakes.md", c.then...)
			step, found := guideScript.Step(c.step)
			if !found {
				step, _ = quickstart(t).Step(c.step)
			}
			complains := func() bool {
				return slices.ContainsFunc(step.Mistakes(facts(t, s, guideScript)), func(said string) bool { return strings.Contains(said, c.says) })
			}
			report, err := player.Play(t.Context(), guideScript, player.Options{URL: s.url, BeforeStep: func(next *script.Step) {
				if next.ID == "20.1" && complains() {
					t.Error("the guide reports the mistake before it is made")
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			for _, played := range report.Steps {
				if played.Failure != nil {
					t.Fatal(played.Failure)
				}
			}
			now := facts(t, s, guideScript)
			if !complains() {
				t.Errorf("the guide does not report the mistake; it says %q", step.Mistakes(now))
			}
			if done, err := step.Evaluate(now); err == nil && done {
				t.Error("the step counts as done, so the guide does not show the sentence")
			}
		})
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
