package provision_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"understudy/idp"
	"understudy/idp/provision"
	"understudy/scim"
)

// failure is a fault of the app, with its effect on a job and the text for administrators.
type failure struct {
	name  string
	fault fault
	wait  time.Duration // delay of the retry; 0 for a job that becomes a task
	parts []string      // parts of the text
}

const (
	again = "Okta retries automatically."
	retry = "Then retry the task."
)

var failures = []failure{
	{"401", scimError(401), 0, []string{"The credentials used to connect to the API were invalid; please check your " +
		"configuration", "Unauthorized", "Create a new token", retry}},
	{"403", scimError(403), 0, []string{"Forbidden. Errors reported by remote server: The app says no",
		"permissions of the person who created the token", retry}},
	{"404", scimError(404), 0, []string{"Not Found. Errors reported by remote server: The app says no",
		"Check the Base URL", retry}},
	{"409", scimError(409), 0, []string{"Conflict. Errors reported by remote server: The app says no",
		"Rename or delete one of the two records", retry}},
	{"413", scimError(413), 0, []string{"Request Entity Too Large. Errors reported by remote server: The app says no",
		"refuses requests of this size", retry}},
	{"429", scimError(429), 30 * time.Second, []string{"Too Many Requests", "accepts fewer requests than Okta sends", again}},
	{"429 with Retry-After", scimError(429, "Retry-After", "7"), 7 * time.Second, []string{"Too Many Requests",
		"accepts fewer requests than Okta sends", again}},
	{"429 with a date", scimError(429, "Retry-After", "Mon, 02 Nov 2026 09:00:07 GMT"), 30 * time.Second,
		[]string{"Too Many Requests", again}},
	{"429 with a very long delay", scimError(429, "Retry-After", "999999999"), time.Hour, []string{"Too Many Requests", again}},
	{"500", scimError(500), time.Second, []string{"Internal Server Error. Errors reported by remote server: The app " +
		"says no", "The application's server has an error.", again}},
	{"501", scimError(501), 0, []string{"Not Implemented. Errors reported by remote server: The app says no",
		"does not support this. Mark the task as done."}},
	{"503", scimError(503), time.Second, []string{"Service Unavailable", "has an error.", again}},
	{"503 with Retry-After", scimError(503, "Retry-After", "90"), 90 * time.Second, []string{"Service Unavailable", again}},
	{"500 in HTML", htmlPage(500), time.Second, []string{"Internal Server Error. Errors reported by remote server: " +
		"Invalid JSON: Unexpected character ('<' (code 60))", again}},
	{"an HTML page", htmlPage(200), 0, []string{"Bad Gateway. Errors reported by remote server: Invalid JSON: " +
		"Unexpected character ('<' (code 60))", "Check that the Base URL is the application's SCIM address.", retry}},
	{"a redirect", redirect, 0, []string{"a redirect to /login",
		"Check that the Base URL is the application's SCIM address.", retry}},
	{"a truncated response", truncated, time.Second, []string{"The connection ended before the whole response arrived.",
		"Check that the application's server is up", again}},
	{"no response, not served", closeConnection(false), time.Second,
		[]string{"The connection ended before the whole response arrived.", again}},
	{"no response, served", closeConnection(true), time.Second,
		[]string{"The connection ended before the whole response arrived.", again}},
	{"timeout", noResponse, time.Second, []string{"Read timed out.", "Check that the application's server is up", again}},
	{"10 MB", largeResponse, 0, []string{"The response is larger than 4 MB and was not read.", "Check that the Base URL",
		retry}},
	{"a long text", longText, 0, []string{"Bad Request. Errors reported by remote server: Once upon a time", "…",
		"Compare the attributes", retry}},
	{"the token in the response", repeatToken, 0, []string{"Bad Request. Errors reported by remote server: Whose is " +
		"Bearer •••", retry}},
}

// scimError responds with a SCIM error and headers.
func scimError(status int, header ...string) fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		scim.WriteError(w, scim.NewError(status, "", "The app says no"))
	}
}

func htmlPage(status int) fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<!doctype html><title>Welcome</title>"))
	}
}

func redirect(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	http.Redirect(w, r, "/login", http.StatusFound)
}

// truncated serves the request, but sends only half of the response.
func truncated(w http.ResponseWriter, r *http.Request, serve http.Handler) {
	kept := httptest.NewRecorder()
	serve.ServeHTTP(kept, r)
	body := kept.Body.Bytes()
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+100))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body[:len(body)/2])
	panic(http.ErrAbortHandler)
}

// closeConnection closes the connection without a response. served tells whether the request is served before.
func closeConnection(served bool) fault {
	return func(_ http.ResponseWriter, r *http.Request, serve http.Handler) {
		if served {
			serve.ServeHTTP(httptest.NewRecorder(), r)
		}
		panic(http.ErrAbortHandler)
	}
}

// noResponse sends nothing until the client gives up.
func noResponse(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }

func largeResponse(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	_, _ = w.Write([]byte(`{"padding": "` + strings.Repeat("x", 10<<20) + `"}`))
}

func longText(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	scim.WriteError(w, scim.NewError(http.StatusBadRequest, "", "%s", "Once upon a time"+strings.Repeat(" and then", 100_000)))
}

func repeatToken(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	scim.WriteError(w, scim.NewError(http.StatusBadRequest, "", "%s", "Whose is "+r.Header.Get("Authorization")))
}

// successWithBody serves the request, but answers 200 with the given text as body.
func successWithBody(text string) fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
		serve.ServeHTTP(httptest.NewRecorder(), r)
		_, _ = w.Write([]byte(text))
	}
}

// operation is something that provisioning does, with a check that it was done exactly once.
type operation struct {
	name    string
	request string // prefix of the requests that fail
	prepare func(w *world)
	begin   func(w *world)
	prefix  string                // how the text begins
	event   string                // type of the event of a failure
	shown   func(w *world) string // the text on a page of the app; nil for none
	done    func(w *world)
	special map[string]string // failures with another effect: "" or "gone" for success, else the whole text
}

var operations = []operation{
	{
		name: "create a person", request: "POST /Users",
		begin:  func(w *world) { w.assign(maya) },
		prefix: "Automatic provisioning of user Maya Rivers to app Sigma on AWS failed: ",
		event:  "application.provision.user.push",
		shown:  func(w *world) string { return w.appUser(maya).SyncError },
		done:   func(w *world) { w.wantPerson(maya, true) },
	},
	{
		name: "look for a person", request: "GET /Users?filter",
		begin:   func(w *world) { w.assign(maya) },
		prefix:  "Automatic provisioning of user Maya Rivers to app Sigma on AWS failed: ",
		event:   "application.provision.user.push",
		shown:   func(w *world) string { return w.appUser(maya).SyncError },
		done:    func(w *world) { w.wantPerson(maya, true) },
		special: map[string]string{"404": ""}, // no such user
	},
	{
		name: "link a person", request: "PATCH /Users",
		prepare: func(w *world) { w.service.create(w.service.Users, scimUser(maya, "May", "Brooks", false)) },
		begin:   func(w *world) { w.assign(maya) },
		prefix:  "Automatic provisioning of user Maya Rivers to app Sigma on AWS failed: ",
		event:   "application.provision.user.push",
		shown:   func(w *world) string { return w.appUser(maya).SyncError },
		done:    func(w *world) { w.wantPerson(maya, true) },
	},
	{
		name: "update a person", request: "PUT /Users",
		prepare: func(w *world) { w.assign(maya) },
		begin:   func(w *world) { w.rename(maya, "Stone") },
		prefix:  "Automatic profile push of user Maya Stone to app Sigma on AWS failed: ",
		event:   "application.provision.user.push_profile",
		shown:   func(w *world) string { return w.appUser(maya).SyncError },
		done: func(w *world) {
			w.wantPerson(maya, true)
			if got := w.service.user(maya).Text("name.familyName"); got != "Stone" {
				w.t.Errorf("the app has the name %s", got)
			}
		},
		special: map[string]string{"404": "No user returned for user u1. The application no longer has this user. Unassign " +
			"the application and assign it again."},
	},
	{
		name: "deactivate a person", request: "PATCH /Users",
		prepare: func(w *world) { w.assign(maya) },
		begin:   func(w *world) { w.unassign(maya) },
		prefix:  "Automatic deprovisioning of user Maya Rivers from app Sigma on AWS failed: ",
		event:   "application.provision.user.deactivate",
		done:    func(w *world) { w.wantPerson(maya, false) },
		special: map[string]string{"404": "gone"},
	},
	{
		name: "push a group", request: "POST /Groups",
		prepare: func(w *world) { w.assign(maya) },
		begin:   func(w *world) { w.push(group) },
		prefix:  "Unable to update Group Push mapping target App group OktaViewers: ", event: failedPush,
		shown: func(w *world) string { return w.mapping().Error },
		done:  func(w *world) { w.wantMembers(group, maya) },
	},
	{
		name: "push members", request: "PATCH /Groups",
		prepare: func(w *world) { w.assign(maya, lee); w.push(group) },
		begin:   func(w *world) { w.leave(maya) },
		prefix:  "Unable to update Group Push mapping target App group OktaViewers: ", event: failedPush,
		shown:   func(w *world) string { return w.mapping().Error },
		done:    func(w *world) { w.wantMembers(group, lee) },
		special: map[string]string{"404": groupGone},
	},
	{
		name: "rename a group", request: "PATCH /Groups",
		prepare: func(w *world) { w.assign(maya); w.push(group) },
		begin: func(w *world) {
			_, err := w.UpdateGroup(w.ctx(), actor, w.group(group).ID, "Onlookers", "")
			w.must(err)
		},
		prefix: "Unable to update Group Push mapping target App group Onlookers: ", event: failedPush,
		shown:   func(w *world) string { return w.mapping().Error },
		done:    func(w *world) { w.wantMembers("Onlookers", maya) },
		special: map[string]string{"404": groupGone},
	},
	{
		name: "delete a group", request: "DELETE /Groups",
		prepare: func(w *world) { w.push(group) },
		begin:   func(w *world) { w.must(w.UnlinkPush(w.ctx(), actor, w.mapping().ID, true)) },
		prefix:  "Unable to delete Group Push mapping target App group OktaViewers: ", event: failedPush,
		done: func(w *world) {
			if n := len(w.service.groups()); n != 0 {
				w.t.Errorf("%d groups are left", n)
			}
		},
		special: map[string]string{"404": "gone"},
	},
	{
		name: "import people", request: "GET /Users?startIndex",
		prepare: func(w *world) { w.service.create(w.service.Users, scimUser(maya, "Maya", "Rivers", true)) },
		begin:   func(w *world) { w.must(w.StartImport(w.ctx(), actor, w.app.ID)) },
		prefix:  "Import from app Sigma on AWS failed: ", event: "application.provision.integration.call_api",
		shown: (*world).importError,
		done: func(w *world) {
			w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 1, Total: 1, Added: 1})
		},
	},
	{
		name: "import groups", request: "GET /Groups?startIndex",
		prepare: func(w *world) { w.service.create(w.service.Groups, scim.NewObject("displayName", "Team")) },
		begin:   func(w *world) { w.enableGroupImport() },
		prefix:  "Import from app Sigma on AWS failed: ", event: "application.provision.integration.call_api",
		shown: (*world).importError,
		done:  func(w *world) { w.wantImport(idp.Import{State: idp.ImportDone, Groups: 1}) },
	},
}

const (
	failedPush = "application.provision.group_push.mapping.update.or.delete.failed"
	groupGone  = "Linked group is missing in Sigma on AWS. Change the linked group to resume pushing group memberships. " +
		"Unlink the group on the Push Groups tab and push it again."
)

func (w *world) importError() string {
	im, err := w.Import(w.ctx(), w.app.ID)
	w.must(err)
	return im.Error
}

func (w *world) rename(login, last string) {
	w.t.Helper()
	_, err := w.UpdateProfile(w.ctx(), actor, w.user(login).ID, idp.Profile{"lastName": last, "displayName": ""})
	w.must(err)
}

func (w *world) leave(login string) {
	w.t.Helper()
	w.must(w.RemoveMember(w.ctx(), actor, w.group(group).ID, w.user(login).ID))
}

// wantPerson checks that the app has exactly one user, with this name and status.
func (w *world) wantPerson(userName string, active bool) {
	w.t.Helper()
	if n := len(w.service.users()); n != 1 {
		w.t.Errorf("the app has %d users", n)
	}
	if got, _ := w.service.user(userName).Bool("active"); got != active {
		w.t.Errorf("%s is active: %t", userName, got)
	}
}

func TestEveryFailureIsExplainedAndCanBeFixed(t *testing.T) {
	for _, e := range operations {
		for _, failure := range failures {
			t.Run(e.name+"/"+failure.name, func(t *testing.T) {
				t.Parallel()
				e.run(t, failure)
			})
		}
	}
}

// run checks an operation with a failure: its text, its retry, and that in the end it is done exactly once.
func (e operation) run(t *testing.T, failure failure) {
	service, config := newSCIMService(t), provision.Config{}
	if failure.name == "timeout" {
		config.Transport = impatient{service, e.request}
	}
	w := openWorld(t, freshFile(t), service, newClock(), config)
	w.connect()
	if e.prepare != nil {
		e.prepare(w)
	}
	w.settled()
	w.service.takeRequests()
	w.service.injectFault(e.request, -1, failure.fault)
	e.begin(w)
	w.settled()

	sentence, special := e.special[failure.name]
	if special && (sentence == "" || sentence == "gone") {
		w.wantNoJobs()
		if sentence == "" {
			e.done(w)
		}
		return
	}
	e.wantFailure(w, failure, sentence)
	w.service.clearFaults()
	if failure.wait > 0 {
		w.later(failure.wait - time.Millisecond)
		if w.waiting() != 1 {
			t.Fatalf("the job was retried before %s", failure.wait)
		}
		w.later(time.Millisecond)
	} else {
		w.must(w.RetryJobs(w.ctx(), actor, w.failed()[0].ID))
		w.settled()
	}
	w.wantNoJobs()
	e.done(w)
	if e.shown != nil && e.shown(w) != "" {
		t.Errorf("the error is still shown after the success: %s", e.shown(w))
	}
}

func (w *world) wantNoJobs() {
	w.t.Helper()
	if failed := w.failed(); len(failed) > 0 || w.waiting() > 0 {
		w.t.Fatalf("%d jobs wait; failed jobs: %+v", w.waiting(), failed)
	}
}

// wantFailure checks the texts of a failure: on the page, on the task and in the System Log. special replaces the usual text.
func (e operation) wantFailure(w *world, failure failure, special string) {
	w.t.Helper()
	page, err := w.Log(w.ctx(), idp.LogQuery{Text: `eventType sw "` + e.event + `" and outcome.result eq "FAILURE"`})
	w.must(err)
	if len(page.Events) != 1 || page.Events[0].Outcome.Reason == nil {
		w.t.Fatalf("the System Log has %d failures of %s", len(page.Events), e.event)
	}
	texts := map[string]string{}
	if e.shown != nil {
		texts["the page"] = e.shown(w)
	}
	failed, waiting := w.failed(), w.waiting()
	if failure.wait > 0 {
		if len(failed) != 0 || waiting != 1 {
			w.t.Fatalf("%d jobs wait and %d failed; want 1 that waits for its retry", waiting, len(failed))
		}
	} else {
		if len(failed) != 1 || waiting != 0 {
			w.t.Fatalf("%d jobs wait and %d failed; want 1 task", waiting, len(failed))
		}
		texts["the task"] = failed[0].Error
	}
	wanted := append([]string{e.prefix}, failure.parts...)
	if special != "" {
		wanted = []string{special}
	}
	for place, text := range texts {
		if slices.ContainsFunc(wanted, func(part string) bool {
			return !strings.Contains(text,
				part)
		}) || (special == "" && !strings.HasPrefix(text, e.prefix)) {
			w.t.Errorf("%s shows\n\t%s\nwant\n\t%s", place, text, strings.Join(wanted, "\n\t"))
		}
		if len(text) > 1500 || strings.Contains(text+*page.Events[0].Outcome.Reason, token) {
			w.t.Errorf("%s is too long or shows the token: %.2000s", place, text)
		}
	}
}

// A response with status 200 and useless content is an error where the content is needed. A retry repeats no change.
func TestUselessResponsesAreExplainedAndRepeatNoChange(t *testing.T) {
	noUser := "Create new user returned empty user. The application must return the created user with an id. Then retry " +
		"the task."
	noGroup := "Create new group returned empty group. The application must return the created group with an id. Then " +
		"retry the task."
	noList := "The server did not answer with a SCIM list. Check that the Base URL is the application's SCIM address. " +
		"Then retry the task."
	needed := map[string]string{
		"create a person": noUser, "look for a person": noList, "push a group": noGroup, "import people": noList,
		"import groups": noList,
	}
	for _, e := range operations {
		for name, text := range map[string]string{
			"no body": "", "spaces": " \r\n", "null": "null", "an empty object": "{}", "a list": "[]", "a number": "17",
			"half a word": "tru", "bytes": "\x00\xff\xfe\x80",
			"deep": strings.Repeat("[", 100_000), "an id of another type": `{"id": {"a": 1}, "Resources": 5}`,
		} {
			t.Run(e.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				if e.prepare != nil {
					e.prepare(w)
				}
				w.settled()
				w.service.injectFault(e.request, -1, successWithBody(text))
				e.begin(w)
				w.settled()
				w.service.clearFaults()
				failed := w.failed()
				object := text == "" || strings.TrimSpace(text) == "" || strings.HasPrefix(text, "{")
				if object && needed[e.name] == "" {
					w.wantNoJobs() // the status tells that the request succeeded
					e.done(w)
					return
				}
				if len(failed) != 1 || w.waiting() != 0 {
					t.Fatalf("%d jobs wait; failed jobs: %+v", w.waiting(), failed)
				}
				wanted := "Check that the Base URL is the application's SCIM address. Then retry the task."
				if object {
					wanted = needed[e.name]
				}
				got := failed[0].Error
				if !strings.HasSuffix(got, wanted) || !strings.HasPrefix(got, e.prefix) ||
					len(got) > 1500 || strings.Contains(got, "\x00") || !utf8.ValidString(got) {
					t.Errorf("the text is\n\t%q\nwant\n\t%s", got, wanted)
				}
				w.must(w.RetryJobs(w.ctx(), actor, failed[0].ID))
				w.settled()
				w.wantNoJobs()
				e.done(w)
			})
		}
	}
}
