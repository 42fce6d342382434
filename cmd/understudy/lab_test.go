package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"understudy/seed/lab"
)

// lines runs a command and returns its standard output, and its exit status and standard error when it fails.
func lines(t *testing.T, args ...string) (out, complaint string, status int) {
	t.Helper()
	text, err := program(t.Context(), args...).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return string(text), string(failed.Stderr), failed.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text), "", 0
}

// The commands find the server of their data directory, and end with a status that scripts can tell apart.
func TestLabCommandsFindTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := serve(t, "--data", dir)
	file := filepath.Join(dir, "server.json")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	data := "--data=" + dir
	if out, _, _ := lines(t, "lab", "create", "ann", "--step", "5.3", data); !strings.Contains(out, "Next step      5.3") {
		t.Errorf("%s", out)
	}
	token, _, _ := lines(t, "lab", "scim-token", "ann", data)
	if len(strings.TrimSpace(token)) < 40 || strings.Count(token, "\n") != 1 {
		t.Errorf("scim-token prints %q", token)
	}
	var shown struct{ Name string }
	if out, _, _ := lines(t, "lab", "show", "ann", "--json", data); json.Unmarshal([]byte(out), &shown) != nil || shown.Name != "ann" {
		t.Errorf("%s", out)
	}
	for _, c := range []struct {
		args      []string
		status    int
		complaint string
	}{
		{[]string{"lab", "show", "nobody", data}, 4, "There is no lab with that name."},
		{[]string{"lab", "mail", "ann", "--to", "x@y.example", "--wait", "10ms", data}, 4, "There is no such email to x@y.example"},
		{[]string{"lab", "bring", "ann", "99", data}, 1, "The guide has no step"},
		{[]string{"lab", "scim-token", "demo", data}, 1, "understudy lab bring demo 5.3"},
		{[]string{"lab", "list", "--token", "wrong", data}, 3, "The token is not valid."},
		{[]string{"lab", "list", "--url", "http://127.0.0.1:1"}, 3, "no server answers at http://127.0.0.1:1"},
		{[]string{"lab", "mail", "ann", "--wait", "1s", data}, 1, "--to EMAIL"},
	} {
		if _, complaint, status := lines(t, c.args...); status != c.status || !strings.Contains(complaint, c.complaint) {
			t.Errorf("%v: status %d: %s", c.args, status, complaint)
		}
	}
	if out, complaint, _ := lines(t, "reset", "ann", data); out != "reset ann\n" {
		t.Errorf("%s %s", out, complaint)
	}
	if out, _, _ := lines(t, "lab", "show", "ann", data); !strings.Contains(out, "Next step      0.1") {
		t.Errorf("%s", out)
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("server.json is left: %v", err)
	}
}

// Reset and walk work in a lab of a workshop, with the token or with the instructor's password.
func TestResetAndWalkInAWorkshop(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 2)
	newVisitor(t, s).join("Ann")
	if _, complaint, status := lines(t, "walk", "--url", s.url, "--lab", "lab-01", "--to", "0.2"); status != 3 || !strings.Contains(complaint, "needs a token") {
		t.Errorf("without a token: %d %s", status, complaint)
	}
	if out, complaint, _ := lines(t, "walk", "--url", s.url, "--lab", "lab-01", "--to", "1.2", "--token", s.Token); !strings.Contains(out, "4 passed, 0 failed") {
		t.Fatalf("%s %s", out, complaint)
	}
	password := "--password=" + s.Workshop.NewPassword()
	out, complaint, _ := lines(t, "walk", "--url", s.url, "--lab", "lab-01", "--to", "1.4", password)
	if !strings.Contains(out, "goes on at step 1.3") || !strings.Contains(out, "2 passed, 0 failed") {
		t.Errorf("%s %s", out, complaint)
	}
	if names, err := s.Registry.List(); err != nil || len(names) != 1 {
		t.Errorf("labs are left: %v %v", names, err)
	}
	if out, complaint, _ := lines(t, "reset", "lab-01", "--url", s.url, password); out != "reset lab-01\n" {
		t.Errorf("%s %s", out, complaint)
	}
	l, release, err := s.Registry.Acquire(t.Context(), "lab-01")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if done, err := l.StepsDone(t.Context(), lab.Quickstart); err != nil || len(done) > 0 {
		t.Errorf("%v %v", done, err)
	}
}

// A walk goes on in a lab whose records have other identifiers than those of the lab in which the steps before are played.
func TestWalkGoesOnWhereTheLabIs(t *testing.T) {
	t.Parallel()
	s := openServer(t, func(*serveCommand) {})
	answer, err := http.PostForm(s.url+"/okta/demo/signin/forgot-password", url.Values{"username": {"ada.okafor@brightwater.example"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	for _, args := range [][]string{{"--to", "1.6"}, {"--to", "2.3"}, {"--to", "5.3"}, {"--to", "5.7"}, {"--from", "5.6", "--to", "5.7"}} {
		out, complaint, status := lines(t, append([]string{"walk", "--url", s.url, "--lab", "demo"}, args...)...)
		if status != 0 || !strings.Contains(out, " passed, 0 failed") {
			t.Errorf("%v: %s %s", args, out, complaint)
		}
	}
	if _, complaint, status := lines(t, "walk", "--url", s.url, "--from", "99.1"); status == 0 || !strings.Contains(complaint, "no step 99.1") {
		t.Errorf("%s", complaint)
	}
	if names, err := s.Registry.List(); err != nil || len(names) != 1 {
		t.Errorf("labs are left: %v %v", names, err)
	}
}
