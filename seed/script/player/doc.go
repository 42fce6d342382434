// Package player performs the script of a guide against a running lab.
//
// A player does what the guide tells a person to do. It opens pages, fills and sends forms, and compares what each page
// shows with what the script expects. There are two players:
//
//   - The HTTP player sends requests and parses the responses. It runs no JavaScript and takes some milliseconds per step.
//   - The browser player controls Chromium. It can take pictures, and judge pages by axe-core.
//
// Both read a page by the same rules, so a label that one of them finds, the other finds too:
//
//	Script ─▶ Play ─▶ action ─▶ window ─▶ page ─▶ control ─▶ window ─▶ … ─▶ Report
//	                            ├ httpWindow     GET and POST, parsed HTML
//	                            └ browserWindow  Chromium, a copy of its document (read_document.js)
//
// Each identity has a window, that is a browser session with its own cookies. After the actions of a step the player
// asks the lab for its view until the step's done expression is true.
//
// # Files
//
//   - options.go, play.go, play_step.go, play_check.go: Options, Play, one step, its checks
//   - report.go: how the steps went
//   - lab_card.go, values.go: the lab's addresses and identities, the values of variables
//   - window.go, perform.go: what a window can do; how a verb is performed in it
//   - variant.go: plays other steps in between, in copies of the windows
//   - continue.go: goes on at a step of a lab that has begun
//   - request.go: HTTP requests, as a program sends them
//   - page.go, page_text.go: the parsed page and its visible text
//   - page_control.go, page_name.go: kinds of controls and their accessible names
//   - page_find.go, page_container.go, page_navigation.go: find a control by name, in a part of the page, in the navigation
//   - http_window.go, http_form.go: the HTTP player
//   - browser.go, browser_find.go, browser_linux.go, browser_other.go: the browser process
//   - browser_window.go, browser_actions.go, read_document.js: a browser window, how it is read and used
//   - browser_axe.go: axe-core, which judges the accessibility of pages
//   - browser_measure.go: measures whether everything on a page is in view
//   - picture.go, browser_picture.go, browser_crop.go, browser_layout.go, page_target.go: pictures, their crop and their marks
//
// Start with [Play] and perform.go.
package player
