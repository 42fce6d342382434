// Package lab holds labs: the file of each lab and its life.
//
// A lab is the world of one attendee: an Okta org and a Sigma organization in one SQLite file. The [Registry] owns the data
// directory and creates, opens, resets, exports, imports and deletes labs. A [Lab] is an open lab: it holds the two halves and
// what belongs to neither, such as the progress of the guide and the recorded traffic.
//
//	Registry.Acquire ─▶ Lab ─▶ Lab.Org           the Okta half   (package idp)
//	                        ├▶ Lab.Organization  the Sigma half  (package sp)
//	                        ├▶ Lab.Runner        provisioning jobs, which send SCIM requests over HTTP
//	                        └▶ Lab.DB            the file        (package seed/base/store)
//
// A reset replaces the file of an open lab in one step. A request that began before the reset fails with [ErrReset] instead of
// mixing two states, if its context is pinned; see [Lab.Pinned].
//
// Start reading in lab.go and registry.go.
//
//	lab.go            an open lab: opening, closing, records
//	registry.go       all labs of a data directory: create, list
//	reset.go          resets a lab to its scenario
//	open.go           acquiring, closing and deleting labs
//	origin.go         the scenario and the guides that a lab is created from
//	templates.go      a populated file for each scenario
//	exclusive.go      one change of a lab's whole state at a time
//	damage.go         replacing the file of a damaged lab
//	checkpoint.go     copies of a lab to go back to
//	transfer.go       export and import as one file
//	moved.go          addresses in the settings of an imported lab
//	kept.go           copies of labs that undo an instructor's action
//	stamp.go          which labs have changed
//	transfer_copy.go  copies the rows of an imported file into a new file
//	keys.go           RSA keys that are generated in advance
//	lock_*.go         the lock of the data directory
//	migrations.go     the lab's own tables
//	half.go           the names of the two halves
//	address.go        contexts and addresses of the halves
//	public.go         base URLs that the pages show instead of the server's address
//	app.go            the apps that connect Okta with Sigma
//	view.go           the state of a lab for the checks of scripts
//	view_parts.go     the parts of that state, and which of them have changed
//	completed_steps.go  completed steps of each guide
//	clipboard.go      values that the learner copied
//	window.go         windows and the sessions in them
//	announce.go       how commands find the running server
//	seed.go           the source of a lab's identifiers
//	clock.go          how the lab's clock differs from the wall clock
//	exchange.go       recorded SAML and SCIM messages
//	changes.go        records that those messages changed
//	pagerequest.go    recorded page requests
//	visit.go          pages that somebody opened
//	fault.go          the active fault exercise
//	injectedfault.go  wrong or late responses of Sigma's directory
//	reserved.go       the rule for user names on a shared server
package lab
