package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"understudy/sp/site"
)

// The response to any input is a page that says what is wrong, never a server error.
func TestNoInputCausesServerError(t *testing.T) {
	l := newLab(t)
	ann := l.as("Ann")
	ann.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	e := echo.New()
	site.Register(e)
	sales, err := l.org.SearchFiles(l.ctx, actorOf(t, l, "carl@example.com"), "Sales", 1)
	must(t, err)
	nasty := []string{"", "\x00", "\xff\xfe", "%", "_", "\\", "'; DROP TABLE sigma_members; --", strings.Repeat("ä", 5000), "<script>alert(1)</script>",
		"9223372036854775807", "-1", "🙂", "admin", "everyone:", "team:", "member:\x00"}
	fields := []string{"q", "page", "status", "type", "sort", "name", "description", "email", "firstName", "lastName",
		"password", "accountTypeID", "permission",
		"visibility", "member", "newOwner", "reassignTo", "parent", "folder", "grantee", "access", "text", "data", "version", "method", "idpLoginURL",
		"idpCertificate", "sessionHours", "days", "understood", "next", "format", "element", "teams", "admin"}
	ids := []string{actorOf(t, l, "vic@example.com").MemberID, teamID(t, l, "FinanceViewers"), sales[0].ID, "nothing", "%00", "%ff"}
	tried := 0
	for _, route := range e.Routes() {
		if route.Path == "/logout" {
			continue // it would end the session
		}
		for i, text := range nasty {
			id := ids[i%len(ids)]
			form := url.Values{}
			for _, f := range fields {
				form.Set(f, text)
			}
			path := l.base + strings.NewReplacer(":id", id, ":member", id, ":token", id, ":section", id).Replace(route.Path)
			var body string
			if route.Method == http.MethodGet {
				path += "?" + form.Encode()
			} else {
				body = form.Encode()
			}
			req, err := http.NewRequestWithContext(l.ctx, route.Method, path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body != "" {
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			ann.take(ann.client.Do(req))
			tried++
			if ann.resp.StatusCode == http.StatusInternalServerError {
				t.Errorf("%s %s with %.20q and id %s: 500", route.Method, route.Path, text, id)
			}
			if strings.Contains(string(ann.body), "<script>alert(1)") {
				t.Errorf("%s %s does not escape the markup of the input", route.Method, route.Path)
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d requests", tried)
	}
	ann.visit("/admin/audit-log").status(http.StatusOK) // Ann was signed in during all requests: the responses were not redirects to the sign-in page
}
