// Package player performs the script of a guide against a running lab.
//
// A player does what the guide tells a person to do. It opens pages, fills and sends forms, and compares what each page
// shows with what the script expects. There are two players:
//
//   - The HTTP player sends requests and parses the answers. It runs no JavaScript and takes some milliseconds per step.
//   - The browser player controls Chromium. It can take pictures, and judge pages by axe-core.
//
// Both read a page by the same rules, so a label that one of them finds, the other finds too:
//
//	Script ─▶ Play ─▶ action ─▶ window ─▶ page ─▶ control ─▶ window ─▶ … ─▶ Report
//	                            ├ httpWindow     GET and POST, parsed HTML
//	                            └ browserWindow  Chromium, a copy of its document (read_document.js)
//
// Each identity has a window, that is a browser session with cookies of its own. After the actions of a step the player
// asks the lab for its view until the step's done expression is true.
//
// # Files
//
//   - options.go, play.go, play_step.go, play_check.go: Options, Play, one step, its checks
//   - report.go: how the steps went
//   - lab_card.go, values.go: the lab's addresses and identities, the values of variables
//   - window.go, perform.go: what a window can do; how a verb is performed in it
//   - page.go, page_text.go, page_name.go, page_find.go, page_target.go, page_navigation.go: a page as a person sees it
//   - http_window.go, http_form.go: the HTTP player
//   - browser_find.go, browser.go, browser_window.go, browser_actions.go: the browser player
//   - picture.go, browser_picture.go, browser_layout.go: pictures
//
// Start with [Play] and perform.go.
package player
