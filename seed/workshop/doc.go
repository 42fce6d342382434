// Package workshop runs a workshop: many labs under one join code.
//
// Attendees open the start page, enter the join code and a nickname, and get their own lab and a PIN. The PIN lets
// them return in another browser. Instructors sign in with a password. Their console shows the progress of every
// attendee. From the console they send messages, lock labs, bring labs to a step, and start faults.
//
// A request to a lab passes [Workshop.Admit], which is a hook of the HTTP front door:
//
//	browser ── cookie ──> front door ──> Admit: attendee of this lab? instructor? locked? frozen?
//	                                       └─ yes ──> the lab's pages, below the workshop's notice
//
// All data of a workshop is in one SQLite file, workshop.db, next to the labs' files. A restart loses nothing. The file
// stores a nickname for each attendee and no other personal data. Tokens are stored as hashes. PINs are stored as they are,
// because cards show them.
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
//   - notice.go: the notice above a lab's pages (banner, message, raised hand)
//   - attendee_pages.go: HTTP handlers for attendees: start page, card, raised hand
//   - pin.go, cards.go: PINs; cards for printing, also for people who have not joined
//   - standing.go, watch.go: how far each lab is, and how the workshop notices that it has changed
//   - history.go: times of steps, mistakes and faults, for the results
//   - rows.go, natural.go: what attendees do; filters, search and orders of the console
//   - instructor.go: instructor sign-in and password
//   - settings.go: settings that apply to all labs
//   - action.go, job.go: actions on labs, which run in the background
//   - log.go, undo.go: what instructors did, and how it is undone
//   - import.go: replaces an attendee's lab by an exported one
//   - console_pages.go, settings_pages.go, instructor_pages.go, events.go: HTTP handlers for instructors
//   - results.go: what attendees did, as a page, as CSV and as JSON
//   - text.go: durations as text
//   - address.go: network addresses of this machine
//   - qr.go: QR codes for terminals and pages
package workshop
