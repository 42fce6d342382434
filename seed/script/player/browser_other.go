//go:build !linux

package player

import "os/exec"

// killWithParent does nothing here: Linux alone has a signal for the death of the parent process.
func killWithParent(*exec.Cmd) {}
