package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var automationBlock = regexp.MustCompile("(?s)```(sh|markdown)\n(.*?)```")

// The script of static/docs/automation.md runs as it is, and is short.
func TestScriptOfTheDocumentationRuns(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "static", "docs", "automation.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string]string{}
	for _, found := range automationBlock.FindAllStringSubmatch(string(text), -1) {
		blocks[found[1]] = found[2]
	}
	if lines := strings.Count(blocks["sh"], "\n"); lines == 0 || lines > 20 {
		t.Fatalf("the script has %d lines", lines)
	}
	first, second := openServer(t, func(*serveCommand) {}), openServer(t, func(*serveCommand) {})
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "sign-on.codelab"), []byte(blocks["markdown"]), 0o600); err != nil {
		t.Fatal(err)
	}
	out := inShell(t, dir, blocks["sh"], "FIRST="+first.url, "SECOND="+second.url)
	for _, want := range []string{"team-10", "To: Ada Okafor <ada.okafor@brightwater.example>", "team-10.understudy\n", "1 passed, 0 failed"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

// inShell runs a script in a folder, with this program as the command understudy.
func inShell(t *testing.T, dir, script string, environment ...string) string {
	t.Helper()
	bin := t.TempDir()
	wrapper := fmt.Sprintf("#!/bin/sh\nexec %q \"$@\"\n", os.Args[0])
	if err := os.WriteFile(filepath.Join(bin, "understudy"), []byte(wrapper), 0o700); err != nil { //nolint:gosec // it must be executable
		t.Fatal(err)
	}
	shell := exec.CommandContext(t.Context(), "sh", "-c", script)
	like := program(context.Background(), "version")
	shell.Dir = dir
	shell.Env = append(append(like.Env, environment...), "PATH="+bin+":"+os.Getenv("PATH"))
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}
