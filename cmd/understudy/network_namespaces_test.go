//go:build netns

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
)

// hosts are network namespaces: the instructor's machine and those of two attendees. Each attendee has a link to the instructor,
// and nobody has a route to the internet.
type hosts struct{ *testing.T }

func (h hosts) run(command string) {
	h.Helper()
	if out, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
		h.Fatalf("%s: %v: %s", command, err, out)
	}
}

// in returns a command that runs the test binary on one of the hosts.
func (h hosts) in(host string, env string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(h.Context(), "ip", append([]string{"netns", "exec", host, os.Args[0]}, args...)...)
	cmd.Env = append(os.Environ(), env)
	return cmd
}

// networks counts the networks, so that each has its own names: namespaces are global to the machine.
var networks atomic.Int32

// workshopNetwork creates the hosts of a workshop. It needs root and iproute2; make builds these tests where it finds both.
func workshopNetwork(t *testing.T) (h hosts, instructor string, attendees []string) {
	t.Helper()
	tag := fmt.Sprintf("us%d-%d-", os.Getpid(), networks.Add(1))
	h, instructor = hosts{t}, tag+"i"
	h.run("ip netns add " + instructor)
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", instructor).Run() })
	h.run("ip -n " + instructor + " link set lo up")
	for i := 1; i <= 2; i++ {
		attendee := fmt.Sprintf("%sa%d", tag, i)
		h.run("ip netns add " + attendee)
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", attendee).Run() })
		link := fmt.Sprintf("v%d", i)
		h.run(fmt.Sprintf("ip -n %s link add %s type veth peer name eth0 netns %s", instructor, link, attendee))
		h.run(fmt.Sprintf("ip -n %s addr add 10.77.%d.1/24 dev %s && ip -n %s link set %s up", instructor, i, link, instructor, link))
		h.run(fmt.Sprintf("ip -n %s addr add 10.77.%d.2/24 dev eth0 && ip -n %s link set eth0 up && ip -n %s link set lo up", attendee, i, attendee, attendee))
		h.run(fmt.Sprintf("ip -n %s route add 10.77.1.1/32 via 10.77.%d.1 2>/dev/null || true", attendee, i))
		attendees = append(attendees, attendee)
	}
	return h, instructor, attendees
}

func TestWorkshopRunsWithoutInternet(t *testing.T) {
	t.Parallel()
	h, instructor, attendees := workshopNetwork(t)
	server := h.in(instructor, asProgram+"=1", "workshop", "--data", t.TempDir(), "--addr", "10.77.1.1:8080", "--code", "blue-lantern", "--labs", "2")
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	lines := bufio.NewScanner(stdout)
	scanTo(t, lines, "Stop with Ctrl-C")
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	labs := map[string]bool{}
	for _, attendee := range attendees {
		out, err := h.in(attendee, asAttendee+"=http://10.77.1.1:8080").CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", attendee, err, out)
		}
		labs[strings.TrimSpace(string(out))] = true
	}
	if !labs["lab: lab-01"] || !labs["lab: lab-02"] {
		t.Errorf("the attendees got %v", labs)
	}
}

// Only a request from another machine counts as the phone.
func TestDoctorIsReachedFromAnotherMachine(t *testing.T) {
	t.Parallel()
	h, instructor, attendees := workshopNetwork(t)
	doctor := h.in(instructor, asProgram+"=1", "doctor", "--lan", "--wait", "30s", "--addr", "10.77.1.1:8080", "--data", t.TempDir())
	stdout, err := doctor.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := doctor.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	scanTo(t, lines, "Open http://10.77.1.1:8080 on a phone")
	if out, err := h.in(instructor, asPhone+"=http://10.77.1.1:8080").CombinedOutput(); err != nil || !strings.Contains(string(out), "machine itself") {
		t.Errorf("this machine: %v %s", err, out)
	}
	if out, err := h.in(attendees[0], asPhone+"=http://10.77.1.1:8080").CombinedOutput(); err != nil || !strings.Contains(string(out), "It works") {
		t.Errorf("a phone: %v %s", err, out)
	}
	var said strings.Builder
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
	}
	_ = doctor.Wait() // other checks may fail on this machine
	if !strings.Contains(said.String(), "10.77.1.2 reached this machine") {
		t.Errorf("the doctor says %s", said.String())
	}
}

// scanTo reads the lines of a program until one contains a text.
func scanTo(t *testing.T, lines *bufio.Scanner, text string) {
	t.Helper()
	var said strings.Builder
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return
		}
		said.WriteString(lines.Text() + "\n")
	}
	t.Fatalf("the program ended without saying %q: %s", text, said.String())
}
