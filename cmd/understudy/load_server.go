package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// loadedServer is the server under load: `understudy serve` in another process of this program.
type loadedServer struct {
	cmd *exec.Cmd
	url string
}

// startPage matches the first address that serve prints.
var startPage = regexp.MustCompile(`Start page\s+(http://[^/\s]+)`)

// startLoaded starts a server for a number of people and returns when it is ready.
func startLoaded(ctx context.Context, people int) (*loadedServer, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &loadedServer{cmd: exec.CommandContext(ctx, program, "serve", "--ephemeral", "--addr", "127.0.0.1:0", "--idle-close", "1h",
		"--people", strconv.Itoa(people))}
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(os.Interrupt) }
	s.cmd.Stderr = os.Stderr
	said, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if found := startPage.FindStringSubmatch(lines.Text()); found != nil {
			s.url = found[1]
			go func() { _, _ = io.Copy(io.Discard, said) }() // ends with the process
			return s, nil
		}
	}
	return nil, errors.Join(errors.New("the server did not become ready"), s.cmd.Wait())
}

// create creates a lab, as the form on the start page does.
func (s *loadedServer) create(ctx context.Context, name string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/labs", strings.NewReader(url.Values{"name": {name}}.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", s.url)
	response, err := http.DefaultTransport.RoundTrip(request) // RoundTrip does not follow the redirect to the new lab
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("create lab %s: the server answered %s", name, response.Status)
	}
	return nil
}

// prepared waits until the server has generated a signing key for each person, as a server that has run for some minutes has.
// Otherwise the load would mostly measure the generation of keys.
func (s *loadedServer) prepared(ctx context.Context, people int) error {
	for {
		keys, err := s.keys(ctx)
		if err != nil || keys >= people {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// keysReady matches the metric of the keys in stock.
var keysReady = regexp.MustCompile(`(?m)^understudy_signing_keys (\d+)$`)

// keys returns the number of signing keys in stock.
func (s *loadedServer) keys(ctx context.Context) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	found := keysReady.FindSubmatch(text)
	if found == nil {
		return 0, errors.New("the server's metrics do not contain the number of signing keys")
	}
	return strconv.Atoi(string(found[1]))
}

// memory returns the peak resident memory of the server in kB, from /proc on Linux; 0 on other systems.
func (s *loadedServer) memory() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if most, found := strings.CutPrefix(line, "VmHWM:"); found {
			kB, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(most), " kB")) // 0 if it is not a number
			return kB
		}
	}
	return 0
}

// stop stops the server. The server removes its labs.
func (s *loadedServer) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.cmd.Wait()
}
