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

// trouble is one way in which a far side misbehaves, and what an administrator is told.
type trouble struct {
	name   string
	answer answer
	wait   time.Duration // after which it is tried again by itself; 0: it waits for an administrator
	says   []string
}

const (
	again = "It is tried again by itself."
	retry = "Then retry the task."
)

var troubles = []trouble{
	{"401", refuse(401), 0, []string{"The credentials used to connect to the API were invalid; please check your configuration", "Unauthorized", "Make a new token", retry}},
	{"403", refuse(403), 0, []string{"Forbidden. Errors reported by remote server: The far side says no", "rights of the person who made it", retry}},
	{"404", refuse(404), 0, []string{"Not Found. Errors reported by remote server: The far side says no", "Check the Base URL", retry}},
	{"409", refuse(409), 0, []string{"Conflict. Errors reported by remote server: The far side says no", "Rename or remove one of the two", retry}},
	{"413", refuse(413), 0, []string{"Request Entity Too Large. Errors reported by remote server: The far side says no", "refuses messages of this size", retry}},
	{"429", refuse(429), 30 * time.Second, []string{"Too Many Requests", "asks to slow down", again}},
	{"429 with Retry-After", refuse(429, "Retry-After", "7"), 7 * time.Second, []string{"Too Many Requests", "asks to slow down", again}},
	{"429 with a date", refuse(429, "Retry-After", "Mon, 02 Nov 2026 09:00:07 GMT"), 30 * time.Second, []string{"Too Many Requests", again}},
	{"429 for years", refuse(429, "Retry-After", "999999999"), time.Hour, []string{"Too Many Requests", again}},
	{"500", refuse(500), time.Second, []string{"Internal Server Error. Errors reported by remote server: The far side says no", "The application's server has a fault.", again}},
	{"501", refuse(501), 0, []string{"Not Implemented. Errors reported by remote server: The far side says no", "does not support this. Mark the task as done."}},
	{"503", refuse(503), time.Second, []string{"Service Unavailable", "has a fault.", again}},
	{"503 with Retry-After", refuse(503, "Retry-After", "90"), 90 * time.Second, []string{"Service Unavailable", again}},
	{"500 in HTML", page(500), time.Second, []string{"Internal Server Error. Errors reported by remote server: Invalid JSON: Unexpected character ('<' (code 60))", again}},
	{"a web page", page(200), 0, []string{"Bad Gateway. Errors reported by remote server: Invalid JSON: Unexpected character ('<' (code 60))", "Check that the Base URL is the application's SCIM address.", retry}},
	{"a redirect", elsewhere, 0, []string{"a redirect to /login", "Check that the Base URL is the application's SCIM address.", retry}},
	{"half a body", half, time.Second, []string{"The connection ended before the answer was whole.", "Check that the application's server is up", again}},
	{"no answer, undone", hangUp(false), time.Second, []string{"The connection ended before the answer was whole.", again}},
	{"no answer, done", hangUp(true), time.Second, []string{"The connection ended before the answer was whole.", again}},
	{"silence", silence, time.Second, []string{"Read timed out.", "Check that the application's server is up", again}},
	{"10 MB", large, 0, []string{"The answer is larger than 4 MB and was not read.", "Check that the Base URL", retry}},
	{"a long tale", tale, 0, []string{"Bad Request. Errors reported by remote server: Once upon a time", "…", "Compare the attributes", retry}},
	{"our own token", echo, 0, []string{"Bad Request. Errors reported by remote server: Whose is Bearer •••", retry}},
}

func refuse(status int, header ...string) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		scim.WriteError(w, scim.NewError(status, "", "The far side says no"))
	}
}

func page(status int) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<!doctype html><title>Welcome</title>"))
	}
}

func elsewhere(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	http.Redirect(w, r, "/login", http.StatusFound)
}

// half does what is asked and breaks off in the middle of the answer.
func half(w http.ResponseWriter, r *http.Request, serve http.Handler) {
	kept := httptest.NewRecorder()
	serve.ServeHTTP(kept, r)
	body := kept.Body.Bytes()
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+100))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body[:len(body)/2])
	panic(http.ErrAbortHandler)
}

// hangUp closes the connection without an answer, before or after it has done what is asked.
func hangUp(done bool) answer {
	return func(_ http.ResponseWriter, r *http.Request, serve http.Handler) {
		if done {
			serve.ServeHTTP(httptest.NewRecorder(), r)
		}
		panic(http.ErrAbortHandler)
	}
}

// silence answers nothing until the other side gives up.
func silence(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }

func large(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	_, _ = w.Write([]byte(`{"padding": "` + strings.Repeat("x", 10<<20) + `"}`))
}

func tale(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	scim.WriteError(w, scim.NewError(http.StatusBadRequest, "", "%s", "Once upon a time"+strings.Repeat(" and then", 100_000)))
}

func echo(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	scim.WriteError(w, scim.NewError(http.StatusBadRequest, "", "%s", "Whose is "+r.Header.Get("Authorization")))
}

// bare does what is asked and answers 200 with a text of its own; without one, with no body at all.
func bare(text string) answer {
	return func(w http.ResponseWriter, r *http.Request, serve http.Handler) {
		serve.ServeHTTP(httptest.NewRecorder(), r)
		_, _ = w.Write([]byte(text))
	}
}

// errand is one thing that provisioning does, and how to see that it has been done exactly once.
type errand struct {
	name    string
	request string // the one that goes wrong
	prepare func(w *world)
	begin   func(w *world)
	doing   string                // how the sentence begins
	event   string                // of the failure
	shown   func(w *world) string // where else the sentence stands; nil: nowhere
	done    func(w *world)
	unlike  map[string]string // troubles that mean something else here: "" for done, else the sentence's end
}

var errands = []errand{
	{
		name: "create a person", request: "POST /Users",
		begin: func(w *world) { w.assign(maya) },
		doing: "Automatic provisioning of user Maya Rivers to app Sigma on AWS failed: ", event: "application.provision.user.push",
		shown: func(w *world) string { return w.appUser(maya).SyncError },
		done:  func(w *world) { w.wantPerson(maya, true) },
	},
	{
		name: "look for a person", request: "GET /Users?filter",
		begin: func(w *world) { w.assign(maya) },
		doing: "Automatic provisioning of user Maya Rivers to app Sigma on AWS failed: ", event: "application.provision.user.push",
		shown:  func(w *world) string { return w.appUser(maya).SyncError },
		done:   func(w *world) { w.wantPerson(maya, true) },
		unlike: map[string]string{"404": ""}, // means that there is nobody
	},
	{
		name: "link a person", request: "PATCH /Users",
		prepare: func(w *world) { w.far.has(w.far.Users, person(maya, "May", "Brooks", false)) },
		begin:   func(w *world) { w.assign(maya) },
		doing:   "Automatic provisioning of user Maya Rivers to app Sigma on AWS failed: ", event: "application.provision.user.push",
		shown: func(w *world) string { return w.appUser(maya).SyncError },
		done:  func(w *world) { w.wantPerson(maya, true) },
	},
	{
		name: "update a person", request: "PUT /Users",
		prepare: func(w *world) { w.assign(maya) },
		begin:   func(w *world) { w.rename(maya, "Stone") },
		doing:   "Automatic profile push of user Maya Stone to app Sigma on AWS failed: ", event: "application.provision.user.push_profile",
		shown: func(w *world) string { return w.appUser(maya).SyncError },
		done: func(w *world) {
			w.wantPerson(maya, true)
			if got := w.far.person(maya).Text("name.familyName"); got != "Stone" {
				w.t.Errorf("the far side knows her as %s", got)
			}
		},
		unlike: map[string]string{"404": "No user returned for user u1. The application no longer has this person. End the assignment and assign the application again."},
	},
	{
		name: "deactivate a person", request: "PATCH /Users",
		prepare: func(w *world) { w.assign(maya) },
		begin:   func(w *world) { w.unassign(maya) },
		doing:   "Automatic deprovisioning of user Maya Rivers from app Sigma on AWS failed: ", event: "application.provision.user.deactivate",
		done:   func(w *world) { w.wantPerson(maya, false) },
		unlike: map[string]string{"404": "gone"},
	},
	{
		name: "push a group", request: "POST /Groups",
		prepare: func(w *world) { w.assign(maya) },
		begin:   func(w *world) { w.push(group) },
		doing:   "Unable to update Group Push mapping target App group OktaViewers: ", event: failedPush,
		shown: func(w *world) string { return w.mapping().Error },
		done:  func(w *world) { w.wantMembers(group, maya) },
	},
	{
		name: "push members", request: "PATCH /Groups",
		prepare: func(w *world) { w.assign(maya, lee); w.push(group) },
		begin:   func(w *world) { w.leave(maya) },
		doing:   "Unable to update Group Push mapping target App group OktaViewers: ", event: failedPush,
		shown:  func(w *world) string { return w.mapping().Error },
		done:   func(w *world) { w.wantMembers(group, lee) },
		unlike: map[string]string{"404": groupGone},
	},
	{
		name: "rename a group", request: "PATCH /Groups",
		prepare: func(w *world) { w.assign(maya); w.push(group) },
		begin: func(w *world) {
			_, err := w.UpdateGroup(w.ctx(), actor, w.group(group).ID, "Onlookers", "")
			w.must(err)
		},
		doing: "Unable to update Group Push mapping target App group Onlookers: ", event: failedPush,
		shown:  func(w *world) string { return w.mapping().Error },
		done:   func(w *world) { w.wantMembers("Onlookers", maya) },
		unlike: map[string]string{"404": groupGone},
	},
	{
		name: "delete a group", request: "DELETE /Groups",
		prepare: func(w *world) { w.push(group) },
		begin:   func(w *world) { w.must(w.UnlinkPush(w.ctx(), actor, w.mapping().ID, true)) },
		doing:   "Unable to delete Group Push mapping target App group OktaViewers: ", event: failedPush,
		done: func(w *world) {
			if n := len(w.far.groups()); n != 0 {
				w.t.Errorf("%d groups are left", n)
			}
		},
		unlike: map[string]string{"404": "gone"},
	},
	{
		name: "import people", request: "GET /Users?startIndex",
		prepare: func(w *world) { w.far.has(w.far.Users, person(maya, "Maya", "Rivers", true)) },
		begin:   func(w *world) { w.must(w.StartImport(w.ctx(), actor, w.app.ID)) },
		doing:   "Import from app Sigma on AWS failed: ", event: "application.provision.integration.call_api",
		shown: (*world).importError,
		done: func(w *world) {
			w.wantImport(idp.Import{State: idp.ImportDone, Scanned: 1, Total: 1, Added: 1})
		},
	},
	{
		name: "import groups", request: "GET /Groups?startIndex",
		prepare: func(w *world) { w.far.has(w.far.Groups, scim.NewObject("displayName", "Team")) },
		begin:   func(w *world) { w.importing() },
		doing:   "Import from app Sigma on AWS failed: ", event: "application.provision.integration.call_api",
		shown: (*world).importError,
		done:  func(w *world) { w.wantImport(idp.Import{State: idp.ImportDone, Groups: 1}) },
	},
}

const (
	failedPush = "application.provision.group_push.mapping.update.or.delete.failed"
	groupGone  = "Linked group is missing in Sigma on AWS. Change the linked group to resume pushing group memberships. Unlink the group on the Push Groups tab and push it again."
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

// wantPerson checks that the far side has nobody but her, once.
func (w *world) wantPerson(userName string, active bool) {
	w.t.Helper()
	if n := len(w.far.people()); n != 1 {
		w.t.Errorf("the far side has %d people", n)
	}
	if got, _ := w.far.person(userName).Bool("active"); got != active {
		w.t.Errorf("%s is active: %t", userName, got)
	}
}

func TestEveryTroubleIsExplainedAndEnds(t *testing.T) {
	for _, e := range errands {
		for _, trouble := range troubles {
			t.Run(e.name+"/"+trouble.name, func(t *testing.T) {
				t.Parallel()
				e.run(t, trouble)
			})
		}
	}
}

// run lets an errand meet a trouble: what is said of it, whether and when it is tried again, and that it ends with
// everything done exactly once.
func (e errand) run(t *testing.T, trouble trouble) {
	config := provision.Config{}
	if trouble.name == "silence" {
		config.Timeout = 500 * time.Millisecond
	}
	w := openWorld(t, freshFile(t), newFarSide(t), newClock(), config)
	w.connect()
	if e.prepare != nil {
		e.prepare(w)
	}
	w.settled()
	w.far.take()
	w.far.misbehave(e.request, -1, trouble.answer)
	e.begin(w)
	w.settled()

	sentence, special := e.unlike[trouble.name]
	if special && (sentence == "" || sentence == "gone") {
		w.wantNoJobs()
		if sentence == "" {
			e.done(w)
		}
		return
	}
	e.wantFailure(w, trouble, sentence)
	w.far.mend()
	if trouble.wait > 0 {
		w.later(trouble.wait - time.Millisecond)
		if w.waiting() != 1 {
			t.Fatalf("it was tried again before %s had gone by", trouble.wait)
		}
		w.later(time.Millisecond)
	} else {
		w.must(w.RetryJobs(w.ctx(), actor, w.failed()[0].ID))
		w.settled()
	}
	w.wantNoJobs()
	e.done(w)
	if e.shown != nil && e.shown(w) != "" {
		t.Errorf("what is over still stands there: %s", e.shown(w))
	}
}

func (w *world) wantNoJobs() {
	w.t.Helper()
	if failed := w.failed(); len(failed) > 0 || w.waiting() > 0 {
		w.t.Fatalf("%d jobs wait, and these failed: %+v", w.waiting(), failed)
	}
}

// wantFailure checks what stands where after a failure.
func (e errand) wantFailure(w *world, trouble trouble, special string) {
	w.t.Helper()
	page, err := w.Log(w.ctx(), idp.LogQuery{Text: `eventType sw "` + e.event + `" and outcome.result eq "FAILURE"`})
	w.must(err)
	if len(page.Events) != 1 || page.Events[0].Outcome.Reason == nil {
		w.t.Fatalf("the System Log has %d failures of %s", len(page.Events), e.event)
	}
	said := map[string]string{}
	if e.shown != nil {
		said["the page"] = e.shown(w)
	}
	failed, waiting := w.failed(), w.waiting()
	if trouble.wait > 0 {
		if len(failed) != 0 || waiting != 1 {
			w.t.Fatalf("%d jobs wait and %d failed; it should be tried again by itself", waiting, len(failed))
		}
	} else {
		if len(failed) != 1 || waiting != 0 {
			w.t.Fatalf("%d jobs wait and %d failed; it should be a task", waiting, len(failed))
		}
		said["the task"] = failed[0].Error
	}
	wanted := append([]string{e.doing}, trouble.says...)
	if special != "" {
		wanted = []string{special}
	}
	for place, text := range said {
		if slices.ContainsFunc(wanted, func(part string) bool { return !strings.Contains(text, part) }) || (special == "" && !strings.HasPrefix(text, e.doing)) {
			w.t.Errorf("%s says\n\t%s\nand not\n\t%s", place, text, strings.Join(wanted, "\n\t"))
		}
		if len(text) > 1500 || strings.Contains(text+*page.Events[0].Outcome.Reason, token) {
			w.t.Errorf("%s says too much: %.2000s", place, text)
		}
	}
}

// An answer of 200 that says nothing of use is explained where its content matters; what the request did is not done twice.
func TestAnswersWithoutContentAreExplainedAndDoubleNothing(t *testing.T) {
	noUser := "Create new user returned empty user. The application must answer with the person that it made, and an id. Then retry the task."
	noGroup := "Create new group returned empty group. The application must answer with the group that it made, and an id. Then retry the task."
	noList := "The server answered, but not with a SCIM list. Check that the Base URL is the application's SCIM address. Then retry the task."
	needed := map[string]string{
		"create a person": noUser, "look for a person": noList, "push a group": noGroup, "import people": noList, "import groups": noList,
	}
	for _, e := range errands {
		for name, text := range map[string]string{
			"no body": "", "spaces": " \r\n", "null": "null", "an empty object": "{}", "a list": "[]", "a number": "17", "half a word": "tru", "bytes": "\x00\xff\xfe\x80",
			"deep": strings.Repeat("[", 100_000), "an id of another type": `{"id": {"a": 1}, "Resources": 5}`,
		} {
			t.Run(e.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				if e.prepare != nil {
					e.prepare(w)
				}
				w.settled()
				w.far.misbehave(e.request, -1, bare(text))
				e.begin(w)
				w.settled()
				w.far.mend()
				failed := w.failed()
				object := text == "" || strings.TrimSpace(text) == "" || strings.HasPrefix(text, "{")
				if object && needed[e.name] == "" {
					w.wantNoJobs() // the status says that it is done
					e.done(w)
					return
				}
				if len(failed) != 1 || w.waiting() != 0 {
					t.Fatalf("%d jobs wait and these failed: %+v", w.waiting(), failed)
				}
				wanted := "Check that the Base URL is the application's SCIM address. Then retry the task."
				if object {
					wanted = needed[e.name]
				}
				if got := failed[0].Error; !strings.HasSuffix(got, wanted) || !strings.HasPrefix(got, e.doing) || len(got) > 1500 || strings.Contains(got, "\x00") || !utf8.ValidString(got) {
					t.Errorf("it says\n\t%q\nand not\n\t%s", got, wanted)
				}
				w.must(w.RetryJobs(w.ctx(), actor, failed[0].ID))
				w.settled()
				w.wantNoJobs()
				e.done(w)
			})
		}
	}
}
