// Package guide shows guides to learners: the panel on every page of a lab, and the pages of the whole guide.
//
// A lab has one guide or several, of which the learner follows one. A guide is a script (package script): sections of text with
// steps. A step has a check, an expression over the state of a lab. The package decides which steps are done, as follows:
//
//	lab.View: state of both products, traffic, clipboard
//	   │ only the parts that checks of open steps name and that have changed; of logs, only what is new
//	   ▼
//	script.Facts
//	   │ script.Check.Evaluate, for each check whose parts have changed
//	   ▼
//	Progress: done steps, current step, mistakes
//	   ├──► lab.MarkDone and a checkpoint, for newly done steps
//	   └──► panel, /labs/{lab}/guide, event stream
//
// A step stays done, even if the learner changes the lab afterwards. The steps may be done in any order. After each
// newly done step the package saves a checkpoint, so that the learner can undo the step or go back to it later.
//
// The learner may choose other names for groups and people than the text does. The guide then shows the learner's names.
//
// Files:
//
//   - guides.go: [Guides]: the guide of each lab
//   - guide.go: [Guide], its sections and steps, and sections that the instructor has not opened yet
//   - step_done.go: [Guide.Progress] decides which steps are done; start reading here
//   - check_facts.go: evaluates checks again when the parts of the view that they read have changed
//   - plain.go: the view in the form that expressions read
//   - undo.go: undo the last step, restart a step or section, go back to a checkpoint
//   - rebuild.go: play the script up to a step in the learner's lab
//   - transport.go: the HTTP transport through which the guide plays its script on this server
//   - alone.go, refusal.go: do one step for the learner; say why the guide could not do it
//   - text.go: the HTML of each step, with the learner's names
//   - panel.go: what the panel shows, and the event stream that updates it
//   - pages.go: the routes below /labs/{lab}/guide and their handlers
//   - choose.go: the guides of a lab, of which the learner chooses one
//   - picture.go: /labs/{lab}/shots/{name}, which explains how to take a picture of the guide by hand
package guide
