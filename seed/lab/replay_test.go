package lab_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"understudy/idp"
	"understudy/seed/door/doortest"
	"understudy/seed/lab"
)

// An assertion signs in once. Whatever turns the lab or its clock back does not make it valid again, and new sign-ons still work.
func TestUsedAssertionStaysUsed(t *testing.T) {
	for name, back := range map[string]func(t *testing.T, r *doortest.Server, v *doortest.Browser, checkpoint int){
		"nothing": func(*testing.T, *doortest.Server, *doortest.Browser, int) {},
		"return to a checkpoint": func(t *testing.T, r *doortest.Server, _ *doortest.Browser, checkpoint int) {
			if err := r.Registry.RestoreCheckpoint(t.Context(), "demo", checkpoint); err != nil {
				t.Error(err)
			}
		},
		"two returns": func(t *testing.T, r *doortest.Server, _ *doortest.Browser, checkpoint int) {
			for range 2 {
				if err := r.Registry.RestoreCheckpoint(t.Context(), "demo", checkpoint); err != nil {
					t.Error(err)
				}
			}
		},
		"reset and return": func(t *testing.T, r *doortest.Server, _ *doortest.Browser, checkpoint int) {
			if err := r.Registry.ResetTo(t.Context(), "demo", "", lab.EndSessions); err != nil {
				t.Error(err)
			}
			if err := r.Registry.RestoreCheckpoint(t.Context(), "demo", checkpoint); err != nil {
				t.Error(err)
			}
		},
		"clock ahead, another sign-on, and back": func(t *testing.T, r *doortest.Server, v *doortest.Browser, _ int) {
			v.Post("/labs/demo/clock", url.Values{"days": {"2"}})
			other := r.Browser()
			other.SignIn("/okta/demo")
			for range 10 { // each of them forgets some expired assertions
				if status := deliver(other, response(t, r, other)); status != http.StatusSeeOther {
					t.Errorf("a sign-on two days later: %d", status)
				}
			}
			v.Post("/labs/demo/clock", url.Values{"days": {"0"}})
		},
		"another process": func(t *testing.T, r *doortest.Server, _ *doortest.Browser, _ int) {
			if err := r.Registry.CloseIdle(-1); err != nil || r.Registry.OpenCount() != 0 {
				t.Error(err, "the lab is still open")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := doortest.New(t, t.TempDir())
			r.Create("demo")
			r.ConnectSAML("demo")
			v := r.Browser()
			v.SignIn("/okta/demo")
			c, err := r.Registry.SaveCheckpoint(t.Context(), "demo", "Before the sign-on", "")
			if err != nil {
				t.Fatal(err)
			}
			message := response(t, r, v)
			if status := deliver(v, message); status != http.StatusSeeOther {
				t.Fatalf("the sign-on: %d", status)
			}
			back(t, r, v, c.ID)
			if status := deliver(r.Browser(), message); status == http.StatusSeeOther {
				t.Error("the assertion signs in a second time")
			}
			v.SignIn("/okta/demo")
			if status := deliver(v, response(t, r, v)); status != http.StatusSeeOther {
				t.Errorf("a new sign-on: %d", status)
			}
		})
	}
}

// response begins a sign-on in Okta and returns the form that Okta gives the browser.
func response(t *testing.T, r *doortest.Server, v *doortest.Browser) url.Values {
	t.Helper()
	l, release, err := r.Registry.Acquire(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	apps, err := l.Org.Apps(t.Context(), idp.AppQuery{})
	if err != nil || len(apps) == 0 {
		t.Fatal(err, "no app")
	}
	_, body, _ := v.Get("/okta/demo" + apps[0].EmbedPath())
	_, after, _ := strings.Cut(body, `name="SAMLResponse" value="`)
	value, _, _ := strings.Cut(after, `"`)
	fields := url.Values{"SAMLResponse": {html.UnescapeString(value)}, "RelayState": {v.Base + "/sigma/demo/finish-login"}}
	if fields.Get("SAMLResponse") == "" {
		t.Fatalf("no response: %.300s", body)
	}
	return fields
}

// deliver posts a response to Sigma and returns the status, which is 303 when somebody is signed in.
func deliver(v *doortest.Browser, message url.Values) int {
	client := *v.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := client.PostForm(v.Base+"/sigma/demo/api/v2/saml2/assert", message)
	if err != nil {
		v.T.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
