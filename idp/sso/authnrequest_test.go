package sso

import (
	"errors"
	"strings"
	"testing"
)

// Whatever a stranger sends is either a request with an ID or a refusal that has a page of its own.
func FuzzDecodeRequest(f *testing.F) {
	f.Add("PHNhbWxwOkF1dGhuUmVxdWVzdC8+")
	f.Add("fZJBT8MwDIX/")
	f.Add("")
	f.Add(strings.Repeat("A", 100))
	f.Fuzz(func(t *testing.T, message string) {
		r, err := decodeRequest(message)
		if err != nil && !errors.Is(err, errMalformed) && !errors.Is(err, errOversized) {
			t.Errorf("an error without a page: %v", err)
		}
		if err == nil && (r.ID == "" || r.Version != "2.0") {
			t.Errorf("accepted %+v", r)
		}
	})
}
