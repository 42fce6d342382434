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
