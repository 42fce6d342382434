package player

import (
	"os/exec"
	"syscall"
)

// killWithParent makes the browser end with this process, and ends all processes that the browser has started. It puts
// them into a process group, because the program at the path may be a shell script that starts the browser.
func killWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
