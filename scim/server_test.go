package scim_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"understudy/scim"
	"understudy/scim/scimtest"
)

const (
	userSchema  = `"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]`
	patchSchema = `"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]`
)

// newStaff returns a service with five users and two groups.
func newStaff(t testing.TB, configure func(*scim.Config)) *scimtest.Service {
	t.Helper()
	s := scimtest.New(t, configure)
	for i, text := range []string{
		`{"userName":"dora","title":"b","name":{"familyName":"Örn"},"active":true,"emails":[{"value":"z@x",` +
			`"type":"home"},{"value":"a@x","primary":true}]}`,
		`{"userName":"Bob","title":"B","active":false,"emails":[{"value":"m@x"}]}`,
		`{"userName":"alice","externalId":"E1","title":"a","active":true,` + enterprise + `:{"employeeNumber":"10","department":"D"}}`,
		`{"userName":"carl","name":{"familyName":"Zu","givenName":"Carl"},` + enterprise + `:{"employeeNumber":"9"}}`,
		`{"userName":"Eve","title":"c"}`,
	} {
		if _, err := s.Users.Create(context.Background(), object(t, text)); err != nil {
			t.Fatal(i, err)
		}
	}
	for _, text := range []string{`{"displayName":"Zeta","members":[{"value":"u1","type":"User"},{"value":"g2",` +
		`"type":"Group"}]}`, `{"displayName":"Alpha"}`} {
		if _, err := s.Groups.Create(context.Background(), object(t, text)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// ids returns the JSON of resources with these ids, as a page has them.
func ids(list ...string) string {
	var b strings.Builder
	for i, id := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%q}`, id)
	}
	return `"Resources":[` + b.String() + `]`
}

func TestListing(t *testing.T) {
	s := newStaff(t, func(c *scim.Config) { c.Limits = scim.Limits{Count: 3, MaxCount: 4} })
	get := func(query, want string) exchange {
		return exchange{request: "GET " + query, status: 200, want: "{" + want + "}"}
	}
	bad := func(query, scimType string) exchange {
		return exchange{request: "GET " + query, status: 400, want: `{"status":"400","scimType":"` + scimType +
			`","schemas":["urn:ietf:params:scim:api:messages:2.0:Error"]}`}
	}
	playAll(t, s, []exchange{
		// pages (RFC 7644 section 3.4.2.4)
		get("/Users", `"totalResults":5,"startIndex":1,"itemsPerPage":3,`+ids("u1", "u2", "u3")),
		get("/Users/?startIndex=4", `"totalResults":5,"startIndex":4,"itemsPerPage":2,`+ids("u4", "u5")),
		get("/Users?startIndex=6", `"totalResults":5,"startIndex":6,"itemsPerPage":0,"Resources":[]`),
		get("/Users?startIndex=0&count=1", `"totalResults":5,"startIndex":1,"itemsPerPage":1,`+ids("u1")),
		get("/Users?startIndex=-7&count=99", `"totalResults":5,"startIndex":1,"itemsPerPage":4,`+ids("u1", "u2", "u3", "u4")),
		get("/Users?count=0", `"totalResults":5,"itemsPerPage":0,"Resources":[]`),
		get("/Users?count=-1", `"totalResults":5,"itemsPerPage":0,"Resources":[]`),
		get("/Users?filter=title+pr&count=0", `"totalResults":4,"Resources":[]`),
		get("/Users?filter=title+pr&count=2&startIndex=2", `"totalResults":4,"startIndex":2,"itemsPerPage":2,`+ids("u2", "u3")),
		get("/Users?startIndex=99999999999999999&count=99999999999999999&sortBy=title", `"totalResults":5,"Resources":[]`),
		bad("/Users?count=two", "invalidValue"),
		bad("/Users?startIndex=1.5", "invalidValue"),

		// sorting (section 3.4.2.3): case is ignored, resources without a value come last, a primary value has precedence
		get("/Users?count=4&sortBy=userName", ids("u3", "u2", "u4", "u1")),
		get("/Users?count=4&sortBy=userName&sortOrder=descending", ids("u5", "u1", "u4", "u2")),
		get("/Users?count=4&sortBy=title", ids("u3", "u1", "u2", "u5")),
		get("/Users?count=1&sortBy=title&startIndex=5", ids("u4")),
		get("/Users?count=1&sortBy=title&sortOrder=Descending", ids("u4")),
		get("/Users?count=2&sortBy=emails", ids("u1", "u2")),
		get("/Users?count=2&sortBy=emails.value&startIndex=2", ids("u2", "u3")),
		get("/Users?count=1&sortBy=active", ids("u2")),
		get("/Users?count=2&sortBy=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", ids("u3", "u4")),
		get("/Users?count=2&sortBy=meta.created", ids("u1", "u2")),
		get("/Users?count=0&sortBy=title", `"totalResults":5,"Resources":[]`),
		get("/Users?sortOrder=descending&count=1", ids("u1")),
		bad("/Users?sortBy=shoe", "invalidPath"),
		bad("/Users?sortBy=name", "invalidPath"),
		bad("/Users?sortBy=a+b", "invalidPath"),
		bad("/Users?sortBy=title&sortOrder=up", "invalidValue"),

		// filters, with the index of the backend and without it
		get("/Users?filter=userName+eq+%22BOB%22", `"totalResults":1,`+ids("u2")),
		get("/Users?filter=userName+eq+%22BOB%22+and+active+eq+true", `"totalResults":0,"Resources":[]`),
		get("/Users?filter=userName+eq+%22BOB%22+or+active+eq+true", `"totalResults":3,`+ids("u1", "u2", "u3")),
		get("/Users?filter=not+(userName+eq+%22BOB%22)&count=1", `"totalResults":4,`+ids("u1")),
		get("/Users?filter=urn:ietf:params:scim:schemas:core:2.0:User:userName+eq+%22bob%22", `"totalResults":1,`+ids("u2")),
		get("/Users?filter=shoeSize+eq+9", `"totalResults":0,"Resources":[]`),
		get("/Groups?filter=members%5Bvalue+eq+%22u1%22%5D", `"totalResults":1,`+ids("g1")),
		bad("/Users?filter=userName+eq", "invalidFilter"),
		bad("/Users?filter=userName+eq+%22a;b%22", "invalidSyntax"),
		get("/Users?filter=userName+eq+%22BOB%22&aadOptscim062020&x=y", `"totalResults":1,`+ids("u2")),
		bad("/Users?filter=active+gt+true", "invalidFilter"),
		bad("/Users?filter="+strings.Repeat("(", 30)+"a+pr"+strings.Repeat(")", 30), "invalidFilter"),
		bad("/Users?filter=title+eq+%22"+strings.Repeat("x", 5000)+"%22", "invalidFilter"),

		// lists of all types (section 3.4.2.1)
		get("/?count=4&startIndex=4", `"totalResults":7,"startIndex":4,"itemsPerPage":4,`+ids("u4", "u5", "g1", "g2")),
		get("/?filter=displayName+sw+%22A%22", `"totalResults":1,`+ids("g2")),
		get("/?filter=meta.resourceType+eq+%22Group%22&sortBy=displayName", `"totalResults":2,`+ids("g2", "g1")),
		get("/?count=1&startIndex=7", ids("g2")),
	})
}

func TestSearch(t *testing.T) {
	post := func(path, members, want string) exchange {
		return exchange{request: "POST " + path, status: 200, want: want,
			body: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],` + members + `}`}
	}
	playAll(t, newStaff(t, nil), []exchange{
		post("/Users/.search", `"filter":"userName sw \"A\"","attributes":["userName"]`,
			`{"totalResults":1,"Resources":[{"id":"u3","userName":"alice","title":"<absent>"}]}`),
		post("/Groups/.search", `"sortBy":"displayName","startIndex":2,"count":5,"excludedAttributes":["members"]`,
			`{"startIndex":2,"itemsPerPage":1,"Resources":[{"id":"g1","members":"<absent>"}]}`),
		post("/.search", `"filter":"id eq \"u1\" or id eq \"g1\""`,
			`{"totalResults":2,"Resources":[{"userName":"dora"},{"displayName":"Zeta"}]}`),
		post("/.search", `"count":0`, `{"totalResults":7,"Resources":[]}`),
		{request: "POST /Users/.search", body: `{"filter":"title pr"}`, status: 400, want: `{"scimType":"invalidSyntax"}`},
		{request: "POST /Users/.search",
			body: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"count":"5"}`, status: 400,
			want: `{"scimType":"invalidValue"}`},
		{request: "GET /Users/.search", status: 405},
	})
}

func TestProjection(t *testing.T) {
	s := newStaff(t, func(c *scim.Config) {
		c.Types[0].Extensions = append(c.Types[0].Extensions, scim.Extension{Schema: extra})
		c.Types[0].Schema.Attribute("userType").Returned = scim.ReturnedAlways
	})
	if _, err := s.Users.Create(context.Background(), object(t, bjensen)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Users.Modify(context.Background(), "u6", func(o *scim.Object) (*scim.Object, error) {
		next := o.Clone()
		next.Object("urn:example:2.0:Extra").Set("secret", "s")
		return next, nil
	}); err != nil {
		t.Fatal(err)
	}
	get := func(query, want string) exchange {
		return exchange{request: "GET /Users/u6?" + query, status: 200, want: want}
	}
	playAll(t, s, []exchange{
		get("", `{"userName":"bjensen@example.com","urn:example:2.0:Extra":{"score":7,"secret":"<absent>"}}`),
		get("attributes=userName", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","`+scim.EnterpriseUser+`","urn:example:2.0:Extra"],
			"id":"u6","userName":"bjensen@example.com","userType":"Employee","name":"<absent>",
			"meta":"<absent>","externalId":"<absent>","`+scim.EnterpriseUser+`":"<absent>"}`),
		get("attributes=NAME.givenname,emails.value", `{"name":{"givenName":"Barbara","familyName":"<absent>"},`+
			`"emails":[{"value":"bjensen@example.com","type":"<absent>"},{"value":"babs@jensen.org"}],"userName":"<absent>"}`),
		get("attributes=name%2C%20title", `{"name":{"givenName":"Barbara","familyName":"Jensen"},"title":"Tour Guide"}`),
		get("attributes=name&attributes=title", `{"name":{"givenName":"Barbara"},"title":"Tour Guide"}`),
		get("attributes="+scim.EnterpriseUser+":employeeNumber",
			`{"`+scim.EnterpriseUser+`":{"employeeNumber":"701984","manager":"<absent>"}}`),
		get("attributes="+scim.EnterpriseUser, `{"`+scim.EnterpriseUser+`":{"employeeNumber":"701984",`+
			`"manager":{"value":"26118915"}},"userName":"<absent>"}`),
		get("attributes="+scim.CoreUser+":title", `{"title":"Tour Guide","userName":"<absent>"}`),
		get("attributes=urn:example:2.0:Extra:secret", `{"urn:example:2.0:Extra":{"secret":"s","score":"<absent>"}}`),
		get("attributes=meta.created,password", `{"meta":{"version":"<absent>","resourceType":"<absent>"},"password":"<absent>"}`),
		get("attributes=shoe", `{"id":"u6","userName":"<absent>"}`),
		get("excludedAttributes=id,userName,userType,name.familyName,"+scim.EnterpriseUser+",meta.version",
			`{"id":"u6","userType":"Employee","userName":"<absent>","name":{"givenName":"Barbara",`+
				`"familyName":"<absent>"},"title":"Tour Guide","`+scim.EnterpriseUser+`":"<absent>",`+
				`"meta":{"resourceType":"User","version":"<absent>"}}`),
		get("excludedAttributes=urn:example:2.0:Extra:score", `{"urn:example:2.0:Extra":{"score":"<absent>","ratio":2.5}}`),
		{request: "GET /Users?attributes=userName&count=1", status: 200, want: `{"Resources":[{"userName":"dora","emails":"<absent>"}]}`},
		{request: "POST /Users?attributes=userName", body: `{` + userSchema + `,"userName":"n","title":"t"}`,
			status: 201, want: `{"userName":"n","title":"<absent>"}`},
		{request: "PATCH /Groups/g1?excludedAttributes=members", body: `{` + patchSchema +
			`,"Operations":[{"op":"add","path":"members","value":[{"value":"u2"}]}]}`, status: 200,
			want: `{"displayName":"Zeta","members":"<absent>"}`},
		{name: "references", request: "GET /Groups/g1", status: 200,
			want: `{"members":[{"value":"u1","$ref":"http://example.com/Users/u1"},{"value":"g2",` +
				`"$ref":"http://example.com/Groups/g2"},{"value":"u2","$ref":"<absent>"}]}`},
	})
}

func TestVersions(t *testing.T) {
	with := func(name, value string) http.Header { return http.Header{name: {value}} }
	title := func(title string) string {
		return `{` + patchSchema + `,"Operations":[{"op":"replace","path":"title","value":"` + title + `"}]}`
	}
	s := newStaff(t, nil)
	playAll(t, s, []exchange{
		{request: "GET /Users/u1", header: with("If-None-Match", `W/"1"`), status: 304},
		{request: "GET /Users/u1", header: with("If-None-Match", `W/"7", "1"`), status: 304},
		{request: "GET /Users/u1", header: with("If-None-Match", `*`), status: 304},
		{request: "GET /Users/u1", header: with("If-None-Match", `W/"2"`), status: 200},
		{request: "PATCH /Users/u1", header: with("If-Match", `W/"2"`), body: title("x"), status: 412,
			want: `{"status":"412","scimType":"<absent>"}`},
		{request: "PUT /Users/u1", header: with("If-Match", `W/"2"`), body: `{` + userSchema + `,"userName":"dora"}`, status: 412},
		{request: "DELETE /Users/u1", header: with("If-Match", `W/"2"`), status: 412},
		{request: "PATCH /Users/u1", header: with("If-Match", `W/"1"`), body: title("x"), status: 200,
			want: `{"title":"x","meta":{"version":"W/\"2\""}}`},
		{name: "no change, no version", request: "PATCH /Users/u1", header: with("If-Match", `*`), body: title("x"),
			status: 200, want: `{"title":"x","meta":{"version":"W/\"2\""}}`},
		{request: "DELETE /Users/u1", header: with("If-Match", `W/"2"`), status: 204},
		{request: "PATCH /Users/u1", header: with("If-Match", `*`), body: title("x"), status: 404},
	})
	w := exchange{request: "GET /Users/u2"}.send(t, s)
	if w.Header().Get("ETag") != `W/"1"` || w.Header().Get("Location") != "http://example.com/Users/u2" {
		t.Errorf("headers %v", w.Header())
	}
}

// singleBackend is a backend of one resource without a version. Get returns the error fail.
type singleBackend struct {
	scim.Backend
	o    *scim.Object
	fail error
}

func (b *singleBackend) Get(context.Context, string, scim.Projection) (*scim.Object, error) {
	return b.o, b.fail
}

func (b *singleBackend) Modify(_ context.Context, _ string, change func(*scim.Object) (*scim.Object, error)) (*scim.Object, error) {
	next, err := change(b.o)
	if err == nil {
		b.o = next
	}
	return next, err
}

func TestDerivedVersion(t *testing.T) {
	b := &singleBackend{o: scim.NewObject("id", "1", "userName", "x")}
	s, err := scim.NewServer(scim.Config{Types: []*scim.ResourceType{scim.NewUserType(b)}})
	if err != nil {
		t.Fatal(err)
	}
	tag := exchange{request: "GET /Users/1"}.send(t, s).Header().Get("ETag")
	if len(tag) != 20 || !strings.HasPrefix(tag, `W/"`) {
		t.Fatalf("ETag %q", tag)
	}
	change := func(title string) exchange {
		return exchange{request: "PATCH /Users/1", header: http.Header{"If-Match": {tag}}, status: 200,
			body: `{` + patchSchema + `,"Operations":[{"op":"add","path":"title","value":"` + title + `"}]}`}
	}
	change("a").play(t, s)
	again := change("b")
	again.status = 412
	again.play(t, s)
	if w := (exchange{request: "GET /Users/1?attributes=title"}).send(t, s); w.Header().Get("ETag") != "" {
		t.Error("an ETag was computed from a projection")
	}
}

func TestErrors(t *testing.T) {
	s := newStaff(t, func(c *scim.Config) {
		c.Limits = scim.Limits{Body: 4000, Operations: 3, List: 5, Depth: 8}
		c.Types[0].Schema.Attribute("userType").Check = func(v any) error {
			if v == nil {
				return errors.New("Invalid user type: null.")
			}
			return nil
		}
	})
	post := func(name, body string, status int, scimType string) exchange {
		want := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d","scimType":%q}`, status, scimType)
		if scimType == "" {
			want = fmt.Sprintf(`{"status":"%d","scimType":"<absent>"}`, status)
		}
		return exchange{name: name, request: "POST /Users", body: body, status: status, want: want}
	}
	patch := func(name, operations string, status int, want string) exchange {
		return exchange{name: name, request: "PATCH /Users/u1", body: `{` + patchSchema + `,"Operations":` +
			operations + `}`, status: status, want: want}
	}
	op := `{"op":"add","path":"title","value":"x"}`
	playAll(t, s, []exchange{
		post("no schemas", `{"userName":"x"}`, 400, "invalidSyntax"),
		post("other schemas", `{"schemas":["urn:x"],"userName":"x"}`, 400, "invalidSyntax"),
		post("no userName", `{`+userSchema+`}`, 400, "invalidValue"),
		post("empty userName", `{`+userSchema+`,"userName":""}`, 400, "invalidValue"),
		post("wrong type", `{`+userSchema+`,"userName":["x"]}`, 400, "invalidValue"),
		post("two primaries", `{`+userSchema+`,"userName":"x","emails":[{"value":"a","primary":true},{"value":"b",`+
			`"primary":true}]}`, 400, "invalidValue"),
		post("userName in use", `{`+userSchema+`,"userName":"BOB"}`, 409, "uniqueness"),
		post("not JSON", `{"a":`, 400, "invalidSyntax"),
		post("text after JSON", `{} {}`, 400, "invalidSyntax"),
		post("a list", `[]`, 400, "invalidSyntax"),
		post("null", `null`, 400, "invalidSyntax"),
		post("repeated name", `{`+userSchema+`,"userName":"x","username":"y"}`, 400, "invalidSyntax"),
		post("not UTF-8", "{\"a\":\"\xff\"}", 400, "invalidSyntax"),
		post("no body", "", 400, "invalidSyntax"),
		post("too large", `{"a":"`+strings.Repeat("x", 4000)+`"}`, 413, ""),
		post("too deep", strings.Repeat(`{"a":`, 8)+`{}`+strings.Repeat(`}`, 8), 400, "invalidSyntax"),
		post("at the depth limit", strings.Repeat(`{"a":`, 7)+`{}`+strings.Repeat(`}`, 7), 400, "invalidSyntax"),
		post("long list", `{`+userSchema+`,"userName":"x","emails":["1","2","3","4","5","6"]}`, 413, ""),
		post("a rule of the product", `{`+userSchema+`,"userName":"x","userType":null}`, 400, "invalidValue"),
		patch("a rule of the product, without path", `[{"op":"replace","value":{"userType":null}}]`, 400,
			`{"detail":"Invalid user type: null.","scimType":"invalidValue"}`),
		patch("a rule of the product, with path", `[{"op":"replace","path":"userType","value":null}]`, 400,
			`{"detail":"Invalid user type: null."}`),
		patch("a rule of the product that is met", `[{"op":"replace","path":"userType","value":"viewer"}]`, 200, `{"userType":"viewer"}`),
		patch("no operations", `[]`, 400, `{"scimType":"invalidSyntax"}`),
		patch("an operation that is no object", `[1]`, 400, `{"scimType":"invalidSyntax"}`),
		patch("a path that is no string", `[{"op":"add","path":1,"value":"x"}]`, 400, `{"scimType":"invalidPath"}`),
		patch("at the limit of operations", `[`+op+`,`+op+`,`+op+`]`, 200, ``),
		patch("too many operations", `[`+op+`,`+op+`,`+op+`,`+op+`]`, 413, `{"status":"413"}`),
		patch("a list that becomes too long", `[{"op":"add","path":"emails","value":["1","2","3","4"]},{"op":"add",`+
			`"path":"emails","value":["5"]}]`, 413, ``),
		{request: "PATCH /Users/u1", body: `{"Operations":[` + op + `]}`, status: 400, want: `{"scimType":"invalidSyntax"}`},
		{request: "PUT /Users/u9", body: `{` + userSchema + `,"userName":"x"}`, status: 404},
		{request: "PUT /Users/u1", body: `{` + userSchema + `,"userName":"bob"}`, status: 409, want: `{"scimType":"uniqueness"}`},
		{request: "PUT /Users/u1", body: `{` + userSchema + `}`, status: 400},
		{name: "form", request: "POST /Users", body: "a=b",
			header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, status: 415},
		{name: "plain JSON", request: "POST /Users", body: `{` + userSchema + `,"userName":"json"}`,
			header: http.Header{"Content-Type": {"application/json"}}, status: 201},
		{request: "GET /Users/u9", status: 404, want: `{"status":"404","detail":"Resource u9 not found."}`},
		{request: "GET /Users/a%2Fb", status: 404, want: `{"detail":"Resource a/b not found."}`},
		{request: "GET /Users/u1/name", status: 404},
		{request: "GET /Nothing", status: 404, want: `{"status":"404"}`},
		{request: "GET /users", status: 404},
		{request: "GET /Me", status: 501, want: `{"status":"501"}`},
		{request: "PATCH /Me", body: "{}", status: 501},
		{request: "POST /Bulk", body: "{}", status: 501},
		{request: "DELETE /Users", status: 405, want: `{"status":"405"}`},
		{request: "POST /Users/u1", body: "{}", status: 405},
		{request: "POST /Schemas", body: "{}", status: 405},
	})
	if allow := (exchange{request: "DELETE /Users"}).send(t, s).Header().Get("Allow"); allow != "GET, POST" {
		t.Errorf("Allow: %q", allow)
	}
}

func TestBackendErrors(t *testing.T) {
	var logged strings.Builder
	internal := errors.New("locked by the 4711 password")
	b := &singleBackend{o: scim.NewObject("id", "1", "userName", "x")}
	s, err := scim.NewServer(scim.Config{Types: []*scim.ResourceType{scim.NewUserType(b)},
		Log: slog.New(slog.NewTextHandler(&logged, nil)),
		Error: func(err error) *scim.Error {
			if errors.Is(err, http.ErrNoCookie) {
				return scim.NewError(http.StatusForbidden, "", "No.")
			}
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err    error
		status int
		want   string
	}{
		{internal, 500, `{"status":"500","detail":"The service provider failed to handle the request."}`},
		{fmt.Errorf("load: %w", http.ErrNoCookie), 403, `{"status":"403","detail":"No."}`},
		{fmt.Errorf("load: %w", scim.Conflict("Taken.")), 409, `{"status":"409","scimType":"uniqueness","detail":"Taken."}`},
	} {
		b.fail = c.err
		exchange{request: "GET /Users/1", status: c.status, want: c.want}.play(t, s)
	}
	if strings.Count(logged.String(), "\n") != 1 || !strings.Contains(logged.String(), "4711") {
		t.Errorf("log: %s", logged.String())
	}
}

func TestReplaceKeepsReadOnlyAndImmutableAttributes(t *testing.T) {
	s := scimtest.New(t, func(c *scim.Config) {
		c.Types[0].Extensions = append(c.Types[0].Extensions, scim.Extension{Schema: extra})
	})
	_, err := s.Users.Create(context.Background(),
		object(t, `{"userName":"a","title":"T","groups":[{"value":"g"}],"urn:example:2.0:Extra":{"badge":"1","grade":"A","score":5}}`))
	if err != nil {
		t.Fatal(err)
	}
	put := func(extension string, status int, want string) exchange {
		return exchange{request: "PUT /Users/u1", body: `{` + userSchema + `,"userName":"a"` + extension + `}`, status: status, want: want}
	}
	playAll(t, s, []exchange{
		put("", 200, `{"title":"<absent>","groups":[{"value":"g"}],"urn:example:2.0:Extra":{"badge":"1","grade":"A","score":"<absent>"}}`),
		put(`,"urn:example:2.0:Extra":{"badge":"1","grade":"B","score":6}`, 200,
			`{"urn:example:2.0:Extra":{"badge":"1","grade":"A","score":6}}`),
		put(`,"urn:example:2.0:Extra":{"badge":"2"}`, 400, `{"scimType":"mutability"}`),
	})
}

func TestDiscovery(t *testing.T) {
	s := newStaff(t, func(c *scim.Config) {
		c.BaseURL = func(*http.Request) string { return "https://lab.example/scim/v2/" }
		c.Types[0].Extensions = append(c.Types[0].Extensions, scim.Extension{Schema: extra})
	})
	playAll(t, s, []exchange{
		{request: "GET /ServiceProviderConfig", status: 200, want: `{"patch":{"supported":true},
			"bulk":{"supported":false},"sort":{"supported":true},"etag":{"supported":true},
			"filter":{"supported":true,"maxResults":500},"authenticationSchemes":[{"type":"oauthbearertoken"}],
			"meta":{"location":"https://lab.example/scim/v2/ServiceProviderConfig"}}`},
		{request: "GET /ResourceTypes", status: 200, want: `{"totalResults":2,"Resources":[{"id":"User",` +
			`"endpoint":"/Users","schemaExtensions":[{"required":false},{"schema":"urn:example:2.0:Extra"}]},{"id":"Group"}]}`},
		{request: "GET /ResourceTypes/Group", status: 200,
			want: `{"name":"Group","schema":"urn:ietf:params:scim:schemas:core:2.0:Group","schemaExtensions":"<absent>"}`},
		{request: "GET /Schemas", status: 200, want: `{"totalResults":4}`},
		{request: "GET /Schemas/" + scim.CoreGroup, status: 200, want: `{"id":"urn:ietf:params:scim:schemas:core:2.0:Group","attributes":[
			{"name":"displayName","type":"string","multiValued":false,"required":true,"caseExact":false,
			"mutability":"readWrite","returned":"default","uniqueness":"none"},
			{"name":"members","type":"complex","multiValued":true,"caseExact":"<absent>","subAttributes":[
			{"name":"value","mutability":"immutable"},{"name":"$ref","referenceTypes":["User","Group"]},{"name":"display"},{"name":"type"}]}],
			"meta":{"resourceType":"Schema","location":"https://lab.example/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group"}}`},
		{request: "GET /Schemas/urn:none", status: 404},
		{request: "GET /Schemas?filter=id+pr", status: 403, want: `{"status":"403"}`},
		{request: "GET /ResourceTypes?filter=id+pr", status: 403},
		{request: "GET /Users/u1", status: 200, want: `{"meta":{"location":"https://lab.example/scim/v2/Users/u1"}}`},
	})
}

func TestConfiguration(t *testing.T) {
	b := scimtest.NewBackend("x", "")
	for name, types := range map[string][]*scim.ResourceType{
		"no backend":         {scim.NewUserType(nil)},
		"same endpoint":      {scim.NewUserType(b), scim.NewUserType(b)},
		"reserved endpoint":  {{Name: "S", Endpoint: "/Schemas", Schema: scim.UserSchema(), Backend: b}},
		"two-level endpoint": {{Name: "S", Endpoint: "/a/b", Schema: scim.UserSchema(), Backend: b}},
	} {
		if _, err := scim.NewServer(scim.Config{Types: types}); err == nil {
			t.Error(name)
		}
	}
}
