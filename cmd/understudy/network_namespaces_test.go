package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// With one of these set to an address, the test binary is another machine: an attendee's, which joins the workshop there,
// opens its lab, and says what it saw; or a phone, which opens the page.
const (
	asAttendee = "UNDERSTUDY_TEST_ATTENDEE"
	asPhone    = "UNDERSTUDY_TEST_PHONE"
)

func look(address string) {
	resp, err := http.Get(address)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_, _ = io.Copy(os.Stdout, resp.Body)
}

func attend(address string) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	client := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	page := func(resp *http.Response, err error) string {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			fmt.Println(resp.Status, err)
			os.Exit(1)
		}
		return string(body)
	}
	card := page(client.PostForm(address+"/join", url.Values{"code": {"blue-lantern"}}))
	seat := regexp.MustCompile(`lab-\d+`).FindString(card)
	if okta := page(client.Get(address + "/okta/" + seat + "/")); !strings.Contains(okta, "Sign In") {
		fmt.Println("no sign-in page")
		os.Exit(1)
	}
	if conn, err := net.DialTimeout("tcp", "203.0.113.1:80", time.Second); err == nil || !errors.Is(err, syscall.ENETUNREACH) {
		fmt.Println("there is a way out", conn, err)
		os.Exit(1)
	}
	fmt.Println("sat at " + seat)
}

// hosts are network namespaces: the instructor's machine and two attendees', each joined to it by a wire of its own, and
// none with a way out.
type hosts struct{ *testing.T }

func (h hosts) run(command string) {
	h.Helper()
	if out, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
		h.Fatalf("%s: %v: %s", command, err, out)
	}
}

// in is a command of the test binary on one of the hosts.
func (h hosts) in(host string, env string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(h.Context(), "ip", append([]string{"netns", "exec", host, os.Args[0]}, args...)...)
	cmd.Env = append(os.Environ(), env)
	return cmd
}

// networkOf makes the machines of a room.
func networkOf(t *testing.T) (h hosts, room string, attendees []string) {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil || os.Getuid() != 0 {
		t.Skip("network namespaces need root and iproute2")
	}
	tag := fmt.Sprintf("us%d", os.Getpid())
	h, room = hosts{t}, tag+"r"
	if out, err := exec.Command("ip", "netns", "add", room).CombinedOutput(); err != nil {
		t.Skipf("network namespaces are not allowed here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", room).Run() })
	h.run("ip -n " + room + " link set lo up")
	for i := 1; i <= 2; i++ {
		attendee := fmt.Sprintf("%sa%d", tag, i)
		h.run("ip netns add " + attendee)
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", attendee).Run() })
		wire := fmt.Sprintf("v%d", i)
		h.run(fmt.Sprintf("ip -n %s link add %s type veth peer name eth0 netns %s", room, wire, attendee))
		h.run(fmt.Sprintf("ip -n %s addr add 10.77.%d.1/24 dev %s && ip -n %s link set %s up", room, i, wire, room, wire))
		h.run(fmt.Sprintf("ip -n %s addr add 10.77.%d.2/24 dev eth0 && ip -n %s link set eth0 up && ip -n %s link set lo up", attendee, i, attendee, attendee))
		h.run(fmt.Sprintf("ip -n %s route add 10.77.1.1/32 via 10.77.%d.1 2>/dev/null || true", attendee, i))
		attendees = append(attendees, attendee)
	}
	return h, room, attendees
}

func TestWorkshopRunsInANetworkWithoutAWayOut(t *testing.T) {
	t.Parallel()
	h, room, attendees := networkOf(t)
	server := h.in(room, asProgram+"=1", "workshop", "--data", t.TempDir(), "--addr", "10.77.1.1:8080", "--code", "blue-lantern", "--labs", "2")
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
	for lines.Scan() && !strings.Contains(lines.Text(), "Stop with Ctrl-C") {
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	seats := map[string]bool{}
	for _, attendee := range attendees {
		out, err := h.in(attendee, asAttendee+"=http://10.77.1.1:8080").CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", attendee, err, out)
		}
		seats[strings.TrimSpace(string(out))] = true
	}
	if !seats["sat at lab-01"] || !seats["sat at lab-02"] {
		t.Errorf("they sat at %v", seats)
	}
}

// The doctor's phone is another machine; what this one opens itself shows nothing.
func TestDoctorIsReachedFromAnotherMachine(t *testing.T) {
	t.Parallel()
	h, room, attendees := networkOf(t)
	doctor := h.in(room, asProgram+"=1", "doctor", "--lan", "--wait", "30s", "--addr", "10.77.1.1:8080", "--data", t.TempDir())
	stdout, err := doctor.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := doctor.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && !strings.Contains(lines.Text(), "Open http://10.77.1.1:8080 on a phone") {
	}
	if out, err := h.in(room, asPhone+"=http://10.77.1.1:8080").CombinedOutput(); err != nil || !strings.Contains(string(out), "machine itself") {
		t.Errorf("this machine: %v %s", err, out)
	}
	if out, err := h.in(attendees[0], asPhone+"=http://10.77.1.1:8080").CombinedOutput(); err != nil || !strings.Contains(string(out), "It works") {
		t.Errorf("a phone: %v %s", err, out)
	}
	var said strings.Builder
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
	}
	_ = doctor.Wait() // other checks may find something; this one must not
	if !strings.Contains(said.String(), "10.77.1.2 reached this machine") {
		t.Errorf("the doctor says %s", said.String())
	}
}
