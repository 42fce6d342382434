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

// loadedServer is the `understudy serve` that bears a load: another process of this same program.
type loadedServer struct {
	cmd *exec.Cmd
	url string
}

var startPage = regexp.MustCompile(`Start page\s+(http://[^/\s]+)`)

// startLoaded starts a server for so many people and returns when it is ready.
func startLoaded(ctx context.Context, people int) (*loadedServer, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &loadedServer{cmd: exec.CommandContext(ctx, program, "serve", "--ephemeral", "--addr", "127.0.0.1:0", "--idle-close", "1h", "--people", strconv.Itoa(people))}
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
	return nil, errors.Join(errors.New("the server did not get ready"), s.cmd.Wait())
}

// create makes a lab, as the form on the start page does.
func (s *loadedServer) create(ctx context.Context, name string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/labs", strings.NewReader(url.Values{"name": {name}}.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", s.url)
	answer, err := http.DefaultTransport.RoundTrip(request) // whose redirect is not followed: nobody looks at the new lab yet
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("making lab %s was answered %s", name, answer.Status)
	}
	return nil
}

// prepared waits until the server has a signing key ready for each person, as it has when people come to one that was
// started some minutes before them. What makes the keys would otherwise be most of what is measured.
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

var keysReady = regexp.MustCompile(`(?m)^understudy_signing_keys (\d+)$`)

func (s *loadedServer) keys(ctx context.Context) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err
	}
	found := keysReady.FindSubmatch(text)
	if found == nil {
		return 0, errors.New("the server does not tell how many signing keys it has")
	}
	return strconv.Atoi(string(found[1]))
}

// memory is the most that the server's resident memory has been, in kB, as Linux counts it; 0 elsewhere.
func (s *loadedServer) memory() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if most, found := strings.CutPrefix(line, "VmHWM:"); found {
			kB, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(most), " kB")) // 0 when it is none
			return kB
		}
	}
	return 0
}

// stop ends the server, which removes its labs.
func (s *loadedServer) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.cmd.Wait()
}
