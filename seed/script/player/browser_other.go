//go:build !linux

package player

import "os/exec"

// endWhole does nothing here: the browser is started as it is, and ends its own processes.
func endWhole(*exec.Cmd) {}
