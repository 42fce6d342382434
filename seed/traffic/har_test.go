package traffic

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// HAR 1.2 requires arrays and objects where Go has nil slices and pointers: null would make readers reject the file.
func TestHAREntryHasNoNull(t *testing.T) {
	at := time.Date(2026, time.November, 2, 9, 30, 0, 7_000_000, time.FixedZone("", 3600))
	e := newEntry(at, 1500*time.Microsecond, "POST", 201, "a comment")
	e.Request.PostData = postData("application/scim+json", "{}")
	e.Request.QueryString = inOrder("b=2&b=3&a=1")
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "null") {
		t.Errorf("null in %s", text)
	}
	for _, want := range []string{`"startedDateTime":"2026-11-02T08:30:00.007Z"`, `"time":1.5`, `"wait":1.5`, `"cache":{}`, `"cookies":[]`,
		`"params":[]`, `"statusText":"Created"`, `"queryString":[{"name":"b","value":"2"},{"name":"b","value":"3"},{"name":"a","value":"1"}]`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}

// Whatever was recorded as a request, the archive has its body and a valid list of parameters, and never null.
func FuzzRecordedRequest(f *testing.F) {
	f.Add("GET /okta/demo/app/x/exk1/sso/saml?SAMLRequest=a%20b&RelayState= HTTP\nHost: a\n\n")
	f.Add("POST /sigma/demo/api/v2/saml2/assert\nContent-Type: application/x-www-form-urlencoded\n\nSAMLResponse=%zz&&=&a=b=c")
	f.Add("")
	f.Add("\n\n\n\n: \n")
	f.Fuzz(func(t *testing.T, text string) {
		e := newEntry(time.Now(), 0, "POST", 200, "")
		asSent(e.Request, text, "application/x-www-form-urlencoded")
		_, body, _ := strings.Cut(text, "\n\n")
		if body != "" && e.Request.PostData.Text != body {
			t.Errorf("the body is %q and not %q", e.Request.PostData.Text, body)
		}
		if out, err := json.Marshal(e); err != nil || strings.Contains(string(out), ":null") && !strings.Contains(text, ":null") {
			t.Errorf("%v: %s", err, out)
		}
	})
}
