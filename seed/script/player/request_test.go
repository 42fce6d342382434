package player_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"understudy/seed/script/player"
)

// api adds an API to the site, below the address of its Okta half.
func (s *site) api() {
	s.mux.HandleFunc("/okta/demo/api/users", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"id": 7, "urn:a:2.0:User": {"by": %q}, "sent": %q, "list": [{"name": "Ann"}]}`, r.Header.Get("Authorization"), body)
	})
	s.mux.HandleFunc("/labs/api", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(player.Card{
			Lab: "api", Addresses: map[string]string{"okta": s.URL + "/okta/demo", "admin": s.URL + "/okta/demo/admin", "sigma": s.URL + "/sigma/demo"},
			Identities: []player.Identity{{ID: "kim", Half: "okta", Name: "Kim Lee", Username: "kim", Password: "Training-1"}},
		})
	})
	s.mux.HandleFunc("/okta/demo/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other", http.StatusFound) })
}

const users = `to: "{okta}/api/users", method: POST`

// Both players send the requests of a script. A failure says what the answer was.
func TestRequestsOfScripts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ do, failure string }{
		"a request with everything": {`- request: {` + users + `, headers: {Authorization: "Bearer {kim.username}"}, body: '{"a": "{kim.username}"}',
      status: 201, expect: {id: "7", list.0.name: Ann, 'urn:a:2.0:User.by': "Bearer kim"}, contains: ['"a\": \"kim'], save: {user: id, first: list.0.name}}
  - request: {to: "{okta}/api/users", expect: {list.0.name: "{first}", id: "{user}"}}`, ""},
		"a wrong status":       {"- request: {" + users + ", status: 200}", "the status is not 200; the answer is 201"},
		"a redirect":           {`- request: {to: "{okta}/away"}`, "the status is not from 200 to 299; the answer is 302"},
		"an expected redirect": {`- request: {to: "{okta}/away", status: 302}`, ""},
		"a wrong value":        {"- request: {" + users + ", expect: {id: '8'}}", `id is "7", not "8"`},
		"no such value":        {"- request: {" + users + ", save: {x: list.1.name}}", "the answer has no list.1.name"},
		"a missing text":       {"- request: {" + users + ", contains: Zoe}", `the answer lacks "Zoe"`},
		"no JSON":              {`- request: {to: "{okta}/away", status: 302, expect: {a: b}}`, "the answer is not JSON"},
		"another server":       {`- request: {to: "http://127.0.0.1:1/"}`, "--allow-egress"},
		"another lab":          {`- request: {to: "{okta}/../other/api"}`, "--allow-egress"},
		"the control API":      {`- request: {to: "{okta}/../../control/v1/labs"}`, "--allow-egress"},
		"no address":           {`- request: {to: "okta/demo"}`, "not an address of a server"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.api()
			report := s.play(t, player.Options{Lab: "api"}, "id: 1\ndo:\n  "+c.do)
			failure := ""
			if f := report.Steps[0].Failure; f != nil {
				failure = f.Error()
			}
			if c.failure == "" && failure != "" || !strings.Contains(failure, c.failure) {
				t.Errorf("got %q, want %q", failure, c.failure)
			}
		})
	}
}

// With egress, a request reaches another server through it.
func TestRequestsThroughEgress(t *testing.T) {
	t.Parallel()
	s, other := newSite(t), newSite(t)
	s.api()
	other.api()
	do := `- request: {to: "` + other.URL + `/okta/demo/api/users", status: 201}`
	report := s.play(t, player.Options{Lab: "api", Egress: http.DefaultTransport}, "id: 1\ndo:\n  "+do)
	if !report.OK() {
		t.Error(report.Steps[0].Failure)
	}
}
