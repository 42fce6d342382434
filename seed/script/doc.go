// Package script reads guide files.
//
// A script is a guide that can be played: one Markdown file in Google's codelab
// format. HTML comments that begin with <!-- script hold, as YAML, what each
// step does, what it must show, and how the guide knows that it is completed.
// Readers of the exported guide do not see the comments.
//
//	guide.md ─▶ Parse ─▶ Script ─▶ Section ─▶ Part ─▶ text, or Step
//	                                                   ├ Do      actions, played in order
//	                                                   ├ Checks  see and not-see, judged after the actions
//	                                                   ├ Done    expression over the lab's view (Facts)
//	                                                   └ Shot    picture at the end of the step
//
// Three readers use a script. Package seed/script/player performs it against a
// running lab, over HTTP or in a browser. Package seed/guide shows it to the
// learner and evaluates Done. Package seed/shots takes its pictures.
//
// Controls are named as a person names them: by their visible label or
// accessible name, never by CSS selector.
//
// The file static/docs/guide-format.md is the reference of the format for
// writers.
//
// # Files
//
//   - script.go: Script, Section, Part, Step
//   - action.go: Action, its verbs and the kinds of controls
//   - picture.go: Shot and Mark, how a picture is taken and what it points at
//   - files.go: the guides that Understudy ships with
//   - parse.go: Markdown blocks, metadata, sections, durations
//   - parse_vars.go: the comment before the first section: after, scenario, vars, bind, names
//   - parse_step.go, parse_action.go, parse_picture.go: the comment of a step
//   - request.go: Request, what an action of the verb request sends and expects
//   - parse_yaml.go: YAML values that know their line
//   - variables.go: {name} and {person.field}
//   - scan.go: compiled expressions, and their searches of logs that grow
//   - check.go: evaluates the check of a step and decides whether a step is completed
//   - known_names.go: people and pictures that a guide names exist, or are new
//   - mistakes.go: recognizes mistakes that learners often make
//   - bindings.go: bind and names
//
// Start with [Script] and [Parse], then read check.go.
package script
