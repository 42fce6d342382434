package player

import (
	"os/exec"
	"syscall"
)

// endWhole lets a browser end with us, and with everything that it has started; the script that may stand before it as well.
func endWhole(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
