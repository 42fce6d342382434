// Package lab holds the pages that belong neither to Okta nor to Sigma: the start page, the lab page, the mailbox, the
// guide, the traffic pages, the faults, the workshop's pages, and the pages for errors.
//
// A page is a struct with plain data and a Render method, so that handlers fill in values and never touch HTML:
//
//	handler (seed/...) ──> page struct, such as lab.Home ──> Render ──> template in the same .templ file ──> ui/kit
//
// The package knows no database and no request. The .templ files are the source; `go tool templ generate` writes the
// files *_templ.go next to them.
//
// Files, in a good order for reading:
//
//   - frame.templ: the frame around all pages of this package
//   - landing.templ: the start page with the list of labs
//   - home.templ: the lab page with identities, addresses, windows, clock, settings and reset
//   - guide.templ: the guide panel, the whole guide, and how to take a picture by hand
//   - mailbox.templ: the list of emails, and one email
//   - traffic.templ: the timeline of requests, messages and events
//   - message.templ: one SAML or SCIM message explained
//   - sequence.templ: one sign-in as a sequence diagram
//   - preview.templ: what would happen if a person signed in or was pushed now
//   - decode.templ: the decoder for SAML messages
//   - fault.templ: the list of faults, and the active fault
//   - workshop.templ: join, card, projector, and the notice of a workshop
//   - console.templ: the instructor console
//   - outcome.templ: errors, and pages that the stand-in does not have
//   - scripts.go: URL paths of the scripts that keep pages up to date
package lab
