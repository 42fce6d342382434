package main

import (
	"bufio"
	"io"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"understudy/scim"
	"understudy/seed/script/player"
)

// startForeignPeer builds and starts a SCIM server of another project (elimity-com/scim). It returns its base URL and token.
func startForeignPeer(t *testing.T) (baseURL, token string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "foreignpeer")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "understudy/scim/internal/foreignpeer").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	token = "token-of-the-foreign-peer"
	peer := exec.CommandContext(t.Context(), binary)
	peer.Env = append(os.Environ(), "FOREIGNPEER_TOKEN="+token)
	input, err := peer.StdinPipe() // closing it ends the peer
	if err != nil {
		t.Fatal(err)
	}
	output, err := peer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := peer.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		_ = peer.Wait()
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, output) }()
	return strings.TrimSpace(line), token
}

// The Okta half provisions sections 4 to 9 of the quickstart into a SCIM server of another project.
func TestProvisioningIntoAnotherSCIMServer(t *testing.T) {
	t.Parallel()
	baseURL, token := startForeignPeer(t)
	peer := &scim.Client{BaseURL: baseURL, Token: token}
	team := scim.NewObject("schemas", []string{scim.CoreGroup}, "displayName", "FinanceViewers")
	if _, err := peer.Create(t.Context(), "Groups", team); err != nil {
		t.Fatal(err)
	}
	known := scim.NewObject("schemas", []string{scim.CoreUser}, "userName", "maya.rivers@brightwater.example", "active", false)
	if _, err := peer.Create(t.Context(), "Users", known); err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(baseURL)
	if err != nil {
		t.Fatal(err)
	}
	s := startWith(t, serveCommand{AllowEgress: []string{address.Host}})
	guideScript := guideUntilFrom(t, "3.3", strings.NewReplacer("PEER-URL", baseURL, "PEER-TOKEN", token).Replace(readTestdata(t, "other_scim_server.md")),
		"5.5", "f.connect", "5.7", "6.1", "6.2", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "8.1", "8.2", "8.3", "f.bob-joins-viewers",
		"9.1", "9.2", "9.3", "9.4", "9.5", "f.all-is-pushed", "f.rename", "f.bob-leaves", "f.bob-returns", "f.unlink")
	report, err := player.Play(t.Context(), guideScript, player.Options{URL: s.url})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range report.Steps {
		if step.Failure != nil {
			t.Fatal(step.Failure)
		}
	}
	users, groups := listed(t, peer, "Users", "userName"), listed(t, peer, "Groups", "displayName")
	if names := slices.Sorted(maps.Keys(users)); !slices.Equal(names, []string{"bob.stone@brightwater.example", "maya.rivers@brightwater.example"}) {
		t.Fatalf("the peer has %v", names)
	}
	if names := slices.Sorted(maps.Keys(groups)); !slices.Equal(names, []string{"FinanceViewers", "OktaCreatorNoExport", "OktaReaders"}) {
		t.Errorf("the peer has the groups %v", names)
	}
	bob, maya := users["bob.stone@brightwater.example"], users["maya.rivers@brightwater.example"]
	if active, _ := bob.Bool("active"); !active || bob.Text("userType") != "CreatorNoExport" || bob.Object("name").Text("familyName") != "Stone-Field" {
		t.Errorf("bob is %+v", bob)
	}
	if active, _ := maya.Bool("active"); !active {
		t.Error("maya existed and was inactive; she was linked but not activated")
	}
	for _, name := range []string{"OktaReaders", "OktaCreatorNoExport"} {
		members := groups[name].Objects("members")
		if len(members) != 1 || members[0].Text("value") != bob.ID() {
			t.Errorf("%s has the members %+v", name, members)
		}
	}
}

// listed returns all resources of a kind by the value of a unique attribute.
func listed(t *testing.T, client *scim.Client, kind, by string) map[string]*scim.Object {
	t.Helper()
	page, err := client.Query(t.Context(), kind, scim.ListRequest{StartIndex: 1, Count: 100})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*scim.Object{}
	for _, o := range page.Resources {
		if all[o.Text(by)] != nil {
			t.Errorf("there are two %s named %s", kind, o.Text(by))
		}
		all[o.Text(by)] = o
	}
	return all
}
