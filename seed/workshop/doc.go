// Package workshop runs a workshop: many labs under one join code.
//
// Attendees open the start page, enter the join code and a nickname, and get their own lab and a PIN. The PIN lets
// them return in another browser. Instructors sign in with a password. Their console shows the progress of every
// attendee. From the console they send messages, lock labs, bring labs to a step, and start faults.
//
// A request to a lab passes [Workshop.Admit], which is a hook of the HTTP front door:
//
//	browser ── cookie ──> front door ──> Admit: attendee of this lab? instructor? locked? frozen?
//	                                       └─ yes ──> the lab's pages, with the workshop's notice above the guide
//
// All data of a workshop is in one SQLite file, workshop.db, next to the labs' files. A restart loses nothing. The file
// stores a nickname for each attendee and no other personal data. Tokens and PINs are stored as hashes.
//
// Files, in a good order for reading:
//
//   - workshop.go: Workshop, its configuration, its file, and the settings that apply to all labs
//   - words.go: word list for join codes, the instructor password and nicknames
//   - join_code.go: join code check, new attendees, return with nickname and PIN
//   - attendee.go: what the file stores about an attendee
//   - nickname.go: which characters a nickname may have, and when two nicknames count as the same
//   - guess.go: who guesses codes, PINs and passwords, and how often
//   - damage.go: a damaged file of the workshop, and the labs whose attendees it has lost
//   - places.go: how many labs a person or a network address may take
//   - access.go: Admit and the cookies
//   - notice.go: the notice on a lab's pages (banner, message, raised hand)
//   - attendee_pages.go: HTTP handlers for attendees: start page, card, raised hand
//   - instructor.go: instructor sign-in, progress of all attendees, actions on labs
//   - instructor_pages.go: HTTP handlers for instructors: console, live events, projector, printed cards
//   - results.go: progress of all attendees as CSV and JSON
//   - text.go: durations as text
//   - address.go: network addresses of this machine
//   - qr.go: QR codes for terminals and pages
package workshop
