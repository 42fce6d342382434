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

// If one of these environment variables holds an address, the test binary plays another machine: an attendee's, which joins the
// workshop and opens its lab, or a phone, which opens the page.
const (
	asAttendee = "UNDERSTUDY_TEST_ATTENDEE"
	asPhone    = "UNDERSTUDY_TEST_PHONE"
)

// look prints the page at an address.
// look prints the page at an address.
func look(address string) {
	resp, err := http.Get(address)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_, _ = io.Copy(os.Stdout, resp.Body)
}

// attend joins the workshop at an address and prints the name of its lab.
// attend joins the workshop at an address and prints the name of its lab.
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
	lab := regexp.MustCompile(`lab-\d+`).FindString(card)
	if okta := page(client.Get(address + "/okta/" + lab + "/")); !strings.Contains(okta, "Sign In") {
		fmt.Println("no sign-in page")
		os.Exit(1)
	}
	if conn, err := net.DialTimeout("tcp", "203.0.113.1:80", time.Second); err == nil || !errors.Is(err, syscall.ENETUNREACH) {
		fmt.Println("there is a route to the internet", conn, err)
		os.Exit(1)
	}
	fmt.Println("lab: " + lab)
}

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

// workshopNetwork creates the hosts of a workshop.
func workshopNetwork(t *testing.T) (h hosts, instructor string, attendees []string) {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil || os.Getuid() != 0 {
		t.Skip("network namespaces need root and iproute2")
	}
	tag := fmt.Sprintf("us%d", os.Getpid())
	h, instructor = hosts{t}, tag+"i"
	if out, err := exec.Command("ip", "netns", "add", instructor).CombinedOutput(); err != nil {
		t.Skipf("network namespaces are not allowed here: %s", out)
	}
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
	for lines.Scan() && !strings.Contains(lines.Text(), "Stop with Ctrl-C") {
	}
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
		t.Errorf("they lab: %v", labs)
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
	for lines.Scan() && !strings.Contains(lines.Text(), "Open http://10.77.1.1:8080 on a phone") {
	}
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
