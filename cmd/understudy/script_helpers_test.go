package main

import (
	"encoding/json"
	"net/http"
	"testing"

	"understudy/seed/script"
)

// facts are what the script's expressions can see of the lab demo.
func facts(t *testing.T, s *server, guideScript *script.Script) script.Facts {
	t.Helper()
	answer, err := http.Get(s.url + "/labs/demo/view")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var view map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&view); err != nil {
		t.Fatal(err)
	}
	return guideScript.Facts(view)
}
