// Package traffic is the page /labs/{lab}/traffic: everything that happened in both systems of a lab.
//
// Apart from sending a SCIM call again, it only reads. The HTTP front end records page requests and messages into the lab's
// file, and Okta and Sigma write their own logs. The package merges these five sources into one timeline and explains each
// message:
//
//	page requests ──────────┐
//	SAML and SCIM messages ─┤
//	changed records ────────┼─▶ timeline ─▶ filter ─▶ /traffic ─▶ one message ─▶ one sign-in as a sequence
//	Okta System Log ────────┤
//	Sigma audit log ────────┘
//
// Start reading in traffic.go, which lists the routes. The other files:
//
//   - pages.go: the handlers of the timeline, its live updates, one message, and the decoder
//   - timeline.go: the lines of the timeline, and its filter
//   - party.go: the names of the two ends of a message
//   - difference.go: records before and after a message
//   - saml.go: reads any SAML message and says in sentences what it contains; nothing is verified
//   - samlcard.go: the page of a SAML message, with the checks that Sigma made
//   - scim.go: reads a SCIM call and says in one sentence what it was for
//   - scimcard.go: the page of a SCIM call, its curl command, and sending it again
//   - sequence.go: the messages and pages of one sign-in, as a diagram and as Mermaid text
//   - decode.go: takes a SAML message out of pasted text: URL, form body, base64, DEFLATE
//   - preview.go: what would happen if a person signed in, or was provisioned, now
//   - har.go: the download in HTTP Archive format
package traffic
