package kit_test

import (
	"strings"

	"github.com/a-h/templ"

	"understudy/ui/kit"
	"understudy/ui/lab"
)

// labStories are the lab's own pages.
func labStories() map[string]templ.Component {
	return map[string]templ.Component{
		"lab-landing": lab.Landing{Labs: []lab.LandingLab{{Name: "demo", Scenario: "starter", Home: "/labs/demo",
			Okta: "/okta/demo/", Sigma: "/sigma/demo/"}}},
		"lab-home":    labHome(),
		"lab-reset":   lab.Reset{Name: "demo", Action: "/labs/demo/reset", Cancel: "/labs/demo"},
		"lab-windows": lab.Windows{Name: "demo", Home: "/labs/demo", Windows: labWindows()},
		"lab-mail": lab.Mailbox{Page: page(""), Name: "demo", Home: "/labs/demo",
			Emails: []lab.Email{{Time: "24 Nov 2026, 10:04", From: "Okta", To: longName,
				Subject: "Activate your account",
				Href:    "/labs/demo/mail/1"}}},
		"lab-message": lab.EmailPage{Page: page(""), Mailbox: "/labs/demo/mail",
			Email: lab.Email{Subject: "Activate your account", To: "bob@example.com", From: "Okta", Time: "10:04"},
			Body:  "Hello Bob,\n\nSelect the link to activate your account.",
			Links: []kit.Link{{Label: "Activate", Href: "/x"}}},
		"lab-traffic": lab.Traffic{Page: page(""), Name: "demo", Home: "/labs/demo", Base: "/labs/demo/traffic",
			Kinds: []string{"Page", "SCIM call"}, Steps: []string{"0.1", "1.1"}, Live: true,
			Pager: kit.Pager{First: 1, Last: 2, Total: 2, Noun: "lines"}, Lines: []lab.TrafficLine{
				{Time: "2023-05-01 10:04:05", Step: "5.4", Kind: "SCIM call", From: "Okta", To: "Sigma",
					Text: "Okta creates Maya Rivers in Sigma as Creator", Result: "201 Created",
					Href: "/labs/demo/traffic/1"},
				{Time: "2023-05-01 10:05:05", Step: "5.4", Kind: "Administrator action", From: "Ada Okafor", To: "Okta",
					Text:   "Assign user to application: " + strings.Repeat("Donaudampfschifffahrtsgesellschaft", 3),
					Result: "FAILURE",
					Failed: true}}},
		"lab-saml": lab.SAMLCard{MessageHead: lab.MessageHead{Page: page(""), List: "/labs/demo/traffic",
			Title: "Okta signs maya@brightwater.example on to Sigma", Lead: "Okta → Sigma",
			Result: kit.Pill{Label: "403 Forbidden", Tone: kit.Bad}, Sequence: "/labs/demo/traffic/1/sequence",
			Previous: "/x",
			Next:     "/y"},
			Sentences:  []string{"The subject of the assertion is maya@brightwater.example."},
			ChecksLead: "Sigma refuses the response because the check Signature failed.",
			Attributes: []lab.Fact{{Name: "firstName", Value: "Maya"}}, RelayState: "https://x.example/finish-login",
			XML: "<a>\n  <b/>\n</a>",
			Checks: []lab.Check{{Name: "Status", Expected: "Success", Received: "Success",
				Verdict: kit.Pill{Label: "passed", Tone: kit.Good}},
				{Name: "Signature", Expected: "signed", Received: "foreign",
					Verdict: kit.Pill{Label: "failed", Tone: kit.Bad},
					Cause:   "The response was signed with another certificate.",
					Fix:     kit.Link{Label: "Sigma: Authentication", Href: "/x"}},
				{Name: "Member", Verdict: kit.Pill{Label: "not checked", Tone: kit.Neutral}}}},
		"lab-scim": lab.SCIMCard{MessageHead: lab.MessageHead{Page: page(""), List: "/labs/demo/traffic",
			Title: "Okta deactivates Maya Rivers.", Lead: "Okta → Sigma",
			Result: kit.Pill{Label: "200 OK", Tone: kit.Good}},
			Facts: []lab.Fact{{Name: "Method", Value: "PATCH"}},
			Mapped: []lab.MappedAttribute{{Okta: "User Type", Mapping: "user.userType", SCIM: "userType",
				Value: "author",
				Sigma: "Account Type"}}, Record: "member Maya Rivers",
			Differences: []lab.Difference{{Attribute: "active", Before: "true", After: "false"}},
			Request:     "PATCH /scim/v2/Users/1\n\n{}", Response: "{}", Curl: "curl -X PATCH 'http://x'",
			Resend: "/again", ResendHint: "Uses the token that Okta has."},
		"lab-sequence": lab.Sequence{Page: page(""), List: "/labs/demo/traffic",
			Title: "One sign-in, message by message",
			Lanes: []string{"Sigma", "Browser", "Okta"}, Mermaid: "sequenceDiagram",
			Arrows: []lab.Arrow{{From: 1, To: 0, Label: "GET /login", Text: "GET /login", Time: "10:00:00.000"},
				{From: 0, To: 1, Label: "403 Forbidden", Text: "403 Forbidden", Response: true, Failed: true,
					Href: "/x"}}},
		"lab-decode": lab.Decode{Page: page(""), List: "/labs/demo/traffic", Action: "/labs/demo/traffic/decode",
			Text: "<a/>", Encoding: "Decoded in this order: base64.",
			Message: &lab.SAMLCard{MessageHead: lab.MessageHead{Title: "Response"},
				Problem: "The message is not XML."}},
		"lab-preview": lab.Preview{Page: page(""), List: "/labs/demo/traffic", Action: "/labs/demo/traffic/preview",
			People: kit.Options("Maya Rivers"), Apps: kit.Options("Sigma on AWS"),
			Outcome: &lab.PreviewOutcome{Name: "Maya Rivers",
				SignOn:     kit.Note{Tone: kit.Good, Title: "They would be signed in"},
				SignOnText: "Sigma has a member with this email.",
				Attributes: []lab.Fact{{Name: "firstName", Value: "Maya"}},
				Push:       kit.Note{Tone: kit.Info, Title: "This would be sent"},
				PushText:   "First Okta searches for the member.",
				Request:    "POST /Users"}},
		"lab-empty": lab.Traffic{Name: "demo", Home: "/labs/demo", Base: "/labs/demo/traffic"},
		"lab-notbuilt": lab.NotBuilt{What: "Directory > Devices",
			Back: kit.Link{Label: "Back to the lab", Href: "/labs/demo"}},
		"lab-error": lab.ErrorPage{Status: 500, Sentence: "The page could not be rendered. Nothing was changed.",
			ID:   "9f3c2a",
			Back: kit.Link{Label: "Back to the lab", Href: "/labs/demo"}},
	}
}

func labWindows() []lab.Window {
	return []lab.Window{{Number: 0, Okta: "/okta/demo/", Sigma: "/sigma/demo/", Current: true},
		{Number: 1, Okta: "/okta/demo~1/", Sigma: "/sigma/demo~1/"},
		{Number: 2, Okta: "/okta/demo~2/", Sigma: "/sigma/demo~2/"}}
}

func labHome() lab.Home {
	return lab.Home{Page: page(""), Name: "demo", Scenario: "Scenario starter", Windows: labWindows(),
		ResetPath: "/labs/demo/reset",
		Mailbox:   kit.Link{Label: "Mailbox", Href: "/labs/demo/mail"},
		Traffic:   kit.Link{Label: "Traffic", Href: "/labs/demo/traffic"},
		Identities: []lab.Identity{{Name: "Ada Admin", Role: "Okta administrator", Login: "ada.admin@example.com",
			Password: "Training-2023", Where: kit.Link{Label: "Okta Admin Console", Href: "/okta/demo/admin"}},
			{Name: longName, Role: "Sigma Admin", Login: "averyveryverylongusername.withoutbreaks@subdomain.example.com",
				Where: kit.Link{Label: "Sigma", Href: "/sigma/demo/"}}},
		Places: []lab.Place{{Label: "Okta sign-in", URL: "http://127.0.0.1:8080/okta/demo/"},
			{Label: "Sigma", URL: "http://127.0.0.1:8080/sigma/demo/"}}}
}
