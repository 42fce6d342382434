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

	"understudy/seed/workshop"
)

func TestDoctorNamesTheFix(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	out, err := program(t.Context(), "doctor", "--data", t.TempDir(), "--addr", taken.Addr().String()).CombinedOutput()
	if err == nil {
		t.Error("the exit status is 0 although the port is in use")
	}
	for _, text := range []string{"PROBLEM  port", "Choose another port with --addr", "ok       disk", "ok       clock", "ok       browser"} {
		if !strings.Contains(string(out), text) {
			t.Errorf("the output lacks %q:\n%s", text, out)
		}
	}
}

func TestDoctorWaitsForAPhone(t *testing.T) {
	addresses, err := workshop.Addresses()
	if err != nil {
		t.Fatal(err)
	}
	command := doctorCommand{Wait: time.Minute, Addr: "127.0.0.1:0"}
	if len(addresses) == 0 {
		if f := command.reach(t.Context(), io.Discard); !strings.Contains(f.found, "no network") {
			t.Error(f)
		}
		return
	}
	reader, writer := io.Pipe()
	waiting, giveUp := context.WithCancel(t.Context())
	done := make(chan finding, 1)
	go func() {
		done <- command.reach(waiting, writer)
		_ = writer.Close()
	}()
	var said bytes.Buffer
	address := regexp.MustCompile(`Open (http://\S+) on`)
	buffer := make([]byte, 4096)
	// until the doctor says which address to open; it says so at once, or closes the pipe
	for address.FindStringSubmatch(said.String()) == nil {
		n, err := reader.Read(buffer)
		if err != nil {
			t.Fatal(err, <-done)
		}
		said.Write(buffer[:n])
	}
	at := address.FindStringSubmatch(said.String())[1]
	if !strings.Contains(at, addresses[0].String()) {
		t.Errorf("the address for the phone is %s", at)
	}
	resp, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(body), "machine itself") {
		t.Errorf("%v %s", err, body)
	}
	_ = resp.Body.Close()
	giveUp()
	if f := <-done; !strings.Contains(f.fix, "firewall") || !strings.Contains(f.found, "no device") {
		t.Errorf("a request of this machine counts as a phone: %+v", f)
	}
}

// The doctor waits at the port of the workshop, because a firewall may treat other ports differently.
func TestDoctorUsesTheWorkshopsPort(t *testing.T) {
	addresses, err := workshop.Addresses()
	if err != nil {
		t.Fatal(err)
	}
	if len(addresses) == 0 { // then TestDoctorWaitsForAPhone asserts what the doctor says
		return
	}
	taken, err := net.Listen("tcp", net.JoinHostPort(addresses[0].String(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	_, port, err := net.SplitHostPort(taken.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	command := doctorCommand{Wait: time.Minute, Addr: "127.0.0.1:" + port}
	if f := command.reach(t.Context(), io.Discard); !strings.Contains(f.found, "in use") || f.fix == "" {
		t.Errorf("%+v", f)
	}
}
