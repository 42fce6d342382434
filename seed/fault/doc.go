// Package fault breaks one thing in a lab on purpose, as an exercise in diagnosis.
//
// A fault is a YAML file in the folder faults. It has the texts that the learner reads (symptom, hints, cause and fix) and
// names two pieces of Go code: the change that breaks the lab, and the checks that pass while the lab works:
//
//	faults/wrong-acs.yaml ──> Fault ── Change ──> changes[...]  breaks the lab
//	                                └─ Check ───> checks[...]   pass before the fault starts and after it is fixed
//
// [Faults.Start] saves a checkpoint, requires that the checks pass, applies the change, and stores in the lab which fault is
// active. [Faults.Status] runs the checks to find out whether the learner has fixed the fault. [Faults.Undo] restores the
// checkpoint. At most one fault is active in a lab.
//
// To add a fault, write a YAML file, and add its change to changes. Add a check only when none of the present checks fails
// with the fault. [Load] reports what is missing.
//
// Files, in a good order for reading:
//
//   - fault.go: Fault, and the loader of the YAML files
//   - faults/: one YAML file for each fault
//   - faults.go: start, status, undo and finish in a lab
//   - apply.go: how each fault breaks a lab
//   - checks.go: how to find out whether a lab works
//   - pages.go: the page /labs/{lab}/faults, and the notice on the lab's pages
package fault
