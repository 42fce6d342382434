package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/base/keytest"
	"understudy/seed/base/waittest"
)

// asProgram is an environment variable. If it is set, the test binary runs as the program, so that tests can start and kill a
// real process.
const asProgram = "UNDERSTUDY_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	if address := os.Getenv(asAttendee); address != "" {
		attend(address)
		return
	}
	if address := os.Getenv(asPhone); address != "" {
		look(address)
		return
	}
	signingKeys = keytest.Source
	os.Exit(m.Run())
}

// program returns a command of the program that is not started yet.
func program(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// process is a running `understudy serve`.
type process struct {
	cmd *exec.Cmd
	url string
	out string // output until the server was ready
}

// serve starts a server in its own process and waits until it is ready.
func serve(t testing.TB, args ...string) *process {
	t.Helper()
	cmd := program(context.WithoutCancel(t.Context()), append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		p.out += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "Ctrl-C") {
			p.url = listening.FindString(p.out)
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return p
		}
	}
	t.Fatalf("the server did not become ready: %s%s", p.out, stderr.String())
	return nil
}

// kill ends the process with SIGKILL.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

func TestServePrintsAddressesAndIdentities(t *testing.T) {
	p := serve(t, "--data", t.TempDir())
	for _, want := range []string{p.url + "/labs/demo", p.url + "/okta/demo/admin", p.url + "/okta/demo/", p.url + "/sigma/demo/", "okta-admin", "sigma-admin"} {
		if !strings.Contains(p.out, want) {
			t.Errorf("the output lacks %s:\n%s", want, p.out)
		}
	}
	for _, path := range []string{"/", "/labs/demo", "/okta/demo/", "/sigma/demo/login", "/healthz"} {
		resp, err := http.Get(p.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
}

// refusal runs a command that must fail with this exit status and one line, and returns that line.
func refusal(t *testing.T, status int, args ...string) string {
	t.Helper()
	out, err := program(t.Context(), args...).CombinedOutput()
	exit, failed := err.(*exec.ExitError)
	if !failed || exit.ExitCode() != status {
		t.Fatalf("%v ended with %v: %s", args, err, out)
	}
	if text := strings.TrimSpace(string(out)); strings.Count(text, "\n") > 0 || text == "" {
		t.Errorf("%v did not print exactly one line: %q", args, text)
	}
	return string(out)
}

func TestErrorsAreOneSentence(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := serve(t, "--data", dir)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const noSuchThing = 4 // as the page Automation says
	tests := []struct {
		name   string
		args   []string
		want   string
		status int
	}{
		{"a second server on the directory", []string{"serve", "--addr", "127.0.0.1:0", "--data", dir}, "another Understudy", 1},
		{"a port in use", []string{"serve", "--addr", strings.TrimPrefix(p.url, "http://"), "--data", t.TempDir()}, "in use", 1},
		{"a directory that is a file", []string{"serve", "--addr", "127.0.0.1:0", "--data", file}, "not a directory", 1},
		{"a directory that cannot be created", []string{"serve", "--addr", "127.0.0.1:0", "--data", "/proc/understudy"}, "--data", 1},
		{"a lab that does not exist", []string{"reset", "--data", dir, "no-such-lab"}, "no lab", noSuchThing},
		{"an invalid address", []string{"serve", "--addr", "nowhere", "--data", t.TempDir()}, "cannot listen", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if text := refusal(t, tt.status, tt.args...); !strings.Contains(text, tt.want) {
				t.Errorf("the error is %q", text)
			}
		})
	}
	if resp, err := http.Get(p.url + "/healthz"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("the first server no longer answers: %v %v", resp, err)
	}
}

func TestFlagsOverrideTheEnvironment(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "/labs/from-environment"},
		{[]string{"--lab", "from-flag"}, "/labs/from-flag"},
	} {
		t.Setenv("UNDERSTUDY_SERVE_LAB", "from-environment")
		t.Setenv("UNDERSTUDY_LAB", "from-environment")
		if p := serve(t, append(tt.args, "--ephemeral")...); !strings.Contains(p.out, tt.want) {
			t.Errorf("%v: %s", tt.args, p.out)
		}
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	p := serve(t, "--ephemeral")
	if out, err := program(t.Context(), "healthcheck", "--url", p.url, "--wait").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	p.kill()
	refusal(t, 1, "healthcheck", "--url", p.url)
}

// On an interrupt the server stops, and an ephemeral server removes its files.
func TestInterruptStopsTheServer(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	p := serve(t, "--ephemeral")
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	waittest.Ends(t, "the server to stop", func() {
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("the server left files: %v, %v", left, err)
	}
}
