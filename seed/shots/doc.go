// Package shots takes the pictures of the guide, which the command "understudy shots" writes as PNG files.
//
// It plays the script of the guide in a browser, in labs that it creates for this purpose, draws callouts on the pictures,
// and writes only the pictures that changed. On one machine, with one browser, two runs give the same bytes: the clock of
// the labs moves only with the script, and their identifiers, secrets and keys come from a seed.
//
//	script ─▶ portions ─▶ server + player (one per job) ─▶ picture ─▶ callouts ─▶ compare ─▶ PNG file
//	                                                                                 └─▶ report.json, contact sheet
//
// Start reading at [Take] in take.go. The other files:
//
//   - server.go: the lab, and the HTTP server in front of it, that a job plays the script in
//   - clock.go: the time in the lab, which moves with the script
//   - gate.go: holds back the provisioning requests of Okta while a picture is taken
//   - callouts.go: boxes, numbers, arrows and highlights
//   - callout_text.go: callouts with text
//   - compare.go: whether a person would see a difference between two pictures
//   - format.go: PNG and WebP
//   - animation.go: animated GIFs of steps
//   - png.go: reads and writes PNG files with metadata
//   - report.go, sheet.html: report.json and the contact sheet index.html
//   - anypage.go: a picture of any page, in the state after any step
//   - links.go: lists the pages, for people who take pictures by hand
package shots
