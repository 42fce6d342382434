package door_test

import (
	"net/http"
	"testing"

	"understudy/seed/door/doortest"
	"understudy/seed/lab"
)

// A request of provisioning may arrive after the reset that stopped its job. It finds the state that it was sent in gone, and
// leaves no trace in the new one.
func TestRequestSentBeforeAResetIsNotServedAfterIt(t *testing.T) {
	s := doortest.New(t, t.TempDir())
	s.Create("demo")
	l := s.Acquire("demo")
	for generation, want := range map[string]int{"": http.StatusUnauthorized, "0": http.StatusServiceUnavailable} {
		if err := s.Registry.ResetTo(t.Context(), "demo", "", lab.EndSessions); err != nil {
			t.Fatal(err)
		}
		before, err := l.Exchanges(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.HTTP.URL+"/sigma/demo/scim/v2/Users/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer unknown")
		if generation != "" {
			request.Header.Set("Understudy-Lab-Generation", generation)
		}
		resp, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		after, err := l.Exchanges(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		recorded := len(after) - len(before)
		if resp.StatusCode != want || (recorded == 1) != (generation == "") {
			t.Errorf("state %q: %s, %d messages recorded", generation, resp.Status, recorded)
		}
	}
}
