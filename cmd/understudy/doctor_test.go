package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestDoctorNamesWhatMends(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	out, err := program(t.Context(), "doctor", "--data", t.TempDir(), "--addr", taken.Addr().String()).CombinedOutput()
	if err == nil {
		t.Error("a port in use is no reason for a bad exit status")
	}
	for _, text := range []string{"PROBLEM  port", "Give another with --addr", "ok       disk", "ok       clock", "ok       browser"} {
		if !strings.Contains(string(out), text) {
			t.Errorf("it does not say %q:\n%s", text, out)
		}
	}
}

func TestDoctorWaitsForAPhone(t *testing.T) {
	reader, writer := io.Pipe()
	command := doctorCommand{Wait: time.Minute}
	done := make(chan finding, 1)
	go func() {
		done <- command.reach(t.Context(), writer)
		_ = writer.Close()
	}()
	var said bytes.Buffer
	address := regexp.MustCompile(`Open (http://\S+) on`)
	buffer := make([]byte, 4096)
	for address.FindStringSubmatch(said.String()) == nil {
		n, err := reader.Read(buffer)
		if err != nil { // no network here: then it must say so
			if f := <-done; !strings.Contains(f.found, "no network") {
				t.Fatal(f)
			}
			return
		}
		said.Write(buffer[:n])
	}
	resp, err := http.Get(address.FindStringSubmatch(said.String())[1])
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if f := <-done; f.mend != "" || !strings.Contains(f.found, "reached this machine") {
		t.Errorf("%+v", f)
	}

	nobody, cancel := context.WithCancel(t.Context())
	cancel()
	if f := command.reach(nobody, io.Discard); !strings.Contains(f.mend, "firewall") {
		t.Errorf("%+v", f)
	}
}
