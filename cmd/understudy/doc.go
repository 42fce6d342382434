// Understudy stands in for Okta and for Sigma Computing in offline training labs. One process serves any number of labs; each
// lab is an Okta org and a Sigma organization that know each other only over HTTP, with a guide that explains the work.
//
// This package is the command line: one file for each subcommand, and nothing but flags, wiring and output. The work is done
// in the packages below seed, idp and sp.
//
//	browser ──HTTP──▶ front door ──▶ idp (Okta) ──SCIM, SAML over HTTP──▶ sp (Sigma)
//	                      │              └──────── one SQLite file per lab ────────┘
//	                      ├─▶ guide, traffic, faults     pages about a lab
//	                      └─▶ workshop                   join codes and the instructor's console
//
// The subcommands and their files:
//
//	main.go         the command line and exit statuses
//	serve.go        serve: flags, and the lines that it prints
//	workshop.go     workshop: the same for many attendees, one lab each
//	walk.go         walk: plays a script
//	guide.go        guide: checks, exports and imports the text of a guide
//	shots.go        shots: takes the pictures of a guide
//	load.go         load: simulates many people; load_server.go starts and measures the server for it
//	doctor.go       doctor: checks the machine before a workshop
//	lab.go          lab …: controls labs of a running server; connect.go finds it
//	reset.go        reset: puts labs back to their scenario
//	healthcheck.go  healthcheck: asks a running server
//	version.go      version
//
// Shared: data.go finds the data directory, disk_unix.go the free disk space, memory.go sets the garbage collector.
//
// Start reading at serveCommand.start in serve.go, then package server, which shows which part depends on which.
//
// The tests here run the whole program: they play the guide over HTTP and in Chromium, kill the process, and check which
// package imports which (package_imports_test.go) and that cited files exist (citations_test.go).
package main
