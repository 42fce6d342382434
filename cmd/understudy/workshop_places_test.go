package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"understudy/seed/base/waittest"
)

// openWorkshopBehindProxy starts a workshop that believes X-Forwarded-For, so that a test can have several addresses.
func openWorkshopBehindProxy(t *testing.T, labs int) *running {
	t.Helper()
	command := workshopCommand{dataFlags: dataFlags{Data: t.TempDir()}, Labs: labs, Code: "blue-lantern", Addr: "127.0.0.1:0", TrustProxy: true}
	s, err := command.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// forwarded adds the address of a client to each request, as a proxy does.
type forwarded string

func (f forwarded) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", string(f))
	return http.DefaultTransport.RoundTrip(r)
}

// at moves a visitor to a network address.
func (v *visitor) at(address string) *visitor {
	v.client.Transport = forwarded(address)
	return v
}

func joins(nickname string) url.Values {
	return url.Values{"code": {"blue-lantern"}, "nickname": {nickname}}
}

// limitsPlaces makes an instructor allow n labs for each network address.
func limitsPlaces(t *testing.T, s *running, n string) *visitor {
	t.Helper()
	ada := newVisitor(t, s)
	ada.instructs(s)
	ada.wants(http.StatusOK)(ada.post("/instructor/joining", url.Values{"perAddress": {n}}))
	return ada
}

// A class behind one router takes every place of a new workshop. The instructor sees that many labs come from one address, and frees
// those that nobody has opened.
func TestClassBehindOneRouterTakesEveryPlace(t *testing.T) {
	t.Parallel()
	s := openWorkshopBehindProxy(t, 8)
	for i := range 8 {
		v := newVisitor(t, s).at("192.168.1.1")
		if v.join(fmt.Sprint("Person ", i)); i < 2 {
			v.wants(http.StatusOK, "Card of Person")(v.get("/card"))
		}
	}
	ada := newVisitor(t, s)
	ada.instructs(s)
	ada.wants(http.StatusOK, "192.168.1.1</code> has 8 labs, of which 6 were never opened.", "Free unopened labs")(ada.get("/instructor/settings"))
	_, text := ada.get("/instructor/console")
	if strings.Contains(text, "Joining was refused") {
		t.Error("the console shows a refusal")
	}
	form := url.Values{"action": {"remove"}}
	for _, hidden := range regexp.MustCompile(`name="lab" value="(lab-\d+)"`).FindAllStringSubmatch(second(ada.get("/instructor/settings")), -1) {
		form.Add("lab", hidden[1])
	}
	ada.wants(http.StatusOK, "2 of 8 labs are taken")(ada.acts(form))
	newVisitor(t, s).at("192.168.1.1").join("Person 9")
}

// One person takes neither all labs with fresh browsers at one address, if the instructor limits it, nor several with one browser.
func TestOnePersonCannotTakeEveryPlace(t *testing.T) {
	t.Parallel()
	s := openWorkshopBehindProxy(t, 8)
	ada := limitsPlaces(t, s, "3")
	greedy := func() *visitor { return newVisitor(t, s).at("192.168.1.66") }
	for i := range 3 {
		greedy().join(fmt.Sprint("Greedy ", i))
	}
	full := greedy().wants(http.StatusUnprocessableEntity, "Too many people have joined from this network address", "prepared card")
	full(greedy().post("/join", joins("Greedy 4")))
	full(greedy().post("/join", joins("")))
	full(greedy().at("::ffff:192.168.1.66").post("/join", joins("Greedy 5")))
	six := func(host string) *visitor { return newVisitor(t, s).at("2001:db8:1:2::" + host) }
	for i := range 3 {
		six(fmt.Sprint(i + 1)).join(fmt.Sprint("Six ", i))
	}
	six("ffff").wants(http.StatusUnprocessableEntity, "network address")(six("ffff").post("/join", joins("Six 4")))
	ann := newVisitor(t, s).at("192.168.1.20")
	ann.wants(http.StatusOK)(ann.get("/"))
	ann.join("Ann")
	for _, k := range ann.client.Jar.Cookies(mustURL(t, s.url)) {
		if k.Name == "understudy_attendee" { // she deletes the cookie that says who she is
			k.MaxAge = -1
			k.Path = "/"
			ann.client.Jar.SetCookies(mustURL(t, s.url), []*http.Cookie{k})
		}
	}
	ann.wants(http.StatusUnprocessableEntity, "with this browser already", "return with its nickname and PIN")(ann.post("/join", joins("Ann 2")))

	ada.wants(http.StatusOK, "Joining was refused 4 times")(ada.get("/instructor/console"))
	ada.wants(http.StatusOK, "192.168.1.66</code> has 3 labs", "The limit has refused 3 joins.")(ada.get("/instructor/settings"))
	ada.wants(http.StatusBadRequest, "whole number from 0 to 2000")(ada.post("/instructor/joining", url.Values{"perAddress": {"-1"}}))
	ada.wants(http.StatusOK)(ada.post("/instructor/joining", url.Values{"perAddress": {"0"}})) // the room shares one address
	greedy().join("One more")
	if _, text := ada.get("/instructor/console"); strings.Contains(text, "Joining was refused") {
		t.Error("the console still shows the refusals")
	}
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestInstructorClosesJoining(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 5)
	ann, ben, ada := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	pin := ann.join("Ann")
	ada.instructs(s)
	ada.wants(http.StatusOK, "Close joining")(ada.post("/instructor/joining", url.Values{"perAddress": {"3"}, "closed": {"true"}}))
	ben.wants(http.StatusUnprocessableEntity, "has closed joining", `value="Ben"`)(ben.post("/join", joins("Ben")))
	phone := newVisitor(t, s)
	phone.wants(http.StatusOK, "Card of Ann")(phone.post("/return", url.Values{"name": {"Ann"}, "pin": {pin}}))
	ada.sets(url.Values{"banner": {"Welcome"}}) // leaves joining as it is
	ben.wants(http.StatusUnprocessableEntity, "has closed joining")(ben.post("/join", joins("Ben")))
	ada.wants(http.StatusOK)(ada.post("/instructor/joining", url.Values{"perAddress": {"3"}}))
	ben.join("Ben")
}

func TestInstructorRemovesOneAttendee(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 2)
	ann, ben, eve, ada := newVisitor(t, s), newVisitor(t, s), newVisitor(t, s), newVisitor(t, s)
	ann.join("Ann")
	ben.join("Ben")
	ada.instructs(s)
	ann.openStream("/labs/lab-01/guide/events")
	form := url.Values{"action": {"remove"}, "lab": {"lab-01"}}
	ada.wants(http.StatusOK, "Remove the attendee and the lab for 1 attendee?", "Ann")(ada.post("/instructor/act", form))
	ann.wants(http.StatusOK)(ann.get("/labs/lab-01")) // nothing was removed without a confirmation
	ada.wants(http.StatusOK, "for 2 attendees?", "Ann", "Ben")(ada.post("/instructor/act", url.Values{"action": {"remove"}, "all": {"true"}}))
	ada.wants(http.StatusOK, "Ben", "1 of 2 labs are taken")(ada.acts(form))
	if s.Registry.Exists("lab-01") {
		t.Error("the lab still exists")
	}
	ann.wants(http.StatusForbidden)(ann.get("/labs/lab-01"))
	ben.wants(http.StatusOK)(ben.get("/labs/lab-02"))
	eve.join("Ann") // place and nickname are free
	eve.wants(http.StatusOK, "lab-01")(eve.get("/card"))
}

// guesses are the forms in which somebody can guess.
var guesses = []struct {
	path string
	form url.Values
}{
	{"/join", url.Values{"code": {"red-lantern"}}},
	{"/return", url.Values{"name": {"Ann"}, "pin": {"000000"}}},
	{"/instructor", url.Values{"password": {"wrong"}}},
}

// Somebody guesses all the time. Whoever has been here before is not locked out, nor is a newcomer at another address, also while
// hundreds of addresses guess.
func TestGuessingLocksNobodyElseOut(t *testing.T) {
	t.Parallel()
	s := openWorkshopBehindProxy(t, 5)
	at := func(address string) *visitor { return newVisitor(t, s).at(address) }
	ann, ada := at("192.168.1.20"), at("192.168.1.20")
	pin := ann.join("Ann")
	ada.instructs(s)
	for _, guess := range guesses {
		checked, began := 0, time.Now()
		for range 30 {
			if status, _ := at("192.168.1.20").post(guess.path, guess.form); status != http.StatusForbidden {
				checked++
			}
		}
		if most := 5 + waittest.Periods(began, 4*time.Second); checked < 5 || checked > most {
			t.Errorf("%s: %d of 30 guesses are checked, want 5 to %d", guess.path, checked, most)
		}
	}
	for i := range 150 {
		for _, guess := range guesses[:2] {
			at(fmt.Sprint("10.0.0.", i)).post(guess.path, guess.form)
		}
	}
	at("192.168.1.21").join("Ben")
	phone := at("192.168.1.22")
	phone.wants(http.StatusOK, "Card of Ann")(phone.post("/return", url.Values{"name": {"Ann"}, "pin": {pin}}))
	ann.wants(http.StatusOK, "Card of Ann")(ann.post("/return", url.Values{"name": {"Ann"}, "pin": {pin}}))
	ada.instructs(s)
}

// A guesser gains nothing with cookies: not with those that the server gives to everybody, not with invented ones, and not with those
// of a person who returns again and again.
func TestCookiesGiveNoMoreGuesses(t *testing.T) {
	t.Parallel()
	invented := func(i int) *http.Cookie {
		return &http.Cookie{Name: "understudy_known", Value: fmt.Sprintf("ABCDEFGHIJKLMNOPQRSTUVW%c%c", 'A'+i/20, 'A'+i%20)}
	}
	for name, prepare := range map[string]func(v *visitor, pin string, i int){
		"no cookie":                func(*visitor, string, int) {},
		"the start page's cookies": func(v *visitor, _ string, _ int) { v.wants(http.StatusOK)(v.get("/")) },
		"an invented cookie": func(v *visitor, _ string, i int) {
			v.client.Jar.SetCookies(mustURL(t, v.url), []*http.Cookie{invented(i)})
		},
		"a return of the same person": func(v *visitor, pin string, _ int) {
			v.wants(http.StatusOK, "Card of Ann")(v.post("/return", url.Values{"name": {"Ann"}, "pin": {pin}}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openWorkshop(t, t.TempDir(), 5)
			pin := newVisitor(t, s).join("Ann")
			newVisitor(t, s).join("Ben")
			checked, began := 0, time.Now()
			for i := range 20 {
				v := newVisitor(t, s)
				if prepare(v, pin, i); v.Failed() {
					return
				}
				if status, _ := v.post("/return", url.Values{"name": {"Ben"}, "pin": {"000000"}}); status == http.StatusUnprocessableEntity {
					checked++
				}
			}
			if most := 5 + waittest.Periods(began, 12*time.Second); checked < 5 || checked > most {
				t.Errorf("%d of 20 wrong PINs are checked, want 5 to %d", checked, most)
			}
		})
	}
}

// A class of 200 people joins at once behind one address. A right code is never refused because many send it, and a few mistype it.
func TestClassJoinsFromOneAddress(t *testing.T) {
	t.Parallel()
	s := openWorkshop(t, t.TempDir(), 200)
	var group sync.WaitGroup
	for i := range 200 {
		group.Go(func() {
			v := newVisitor(t, s)
			if i%10 == 0 {
				v.wants(http.StatusUnprocessableEntity, "not the code")(v.post("/join", url.Values{"code": {"blue-latern"}}))
			}
			v.wants(http.StatusOK, "Your PIN is")(v.post("/join", joins(fmt.Sprint("Person ", i))))
		})
	}
	group.Wait()
}

// Each client has an address, also on this machine itself and behind a proxy that does not tell the address.
func TestEveryAddressHasALimitOfPlaces(t *testing.T) {
	t.Parallel()
	s := openWorkshopBehindProxy(t, 8)
	limitsPlaces(t, s, "3")
	for _, hop := range []string{"127.0.0.1", "unknown", "_hidden", "198.51.100.7, unknown"} {
		v := newVisitor(t, s).at(hop)
		if hop == "127.0.0.1" {
			for i := range 3 {
				newVisitor(t, s).at(hop).join(fmt.Sprint("Local ", i))
			}
		}
		v.wants(http.StatusUnprocessableEntity, "Too many people have joined from this network address")(v.post("/join", joins("More")))
	}
	newVisitor(t, s).at("192.168.1.20").join("Ann")
}

// The answer to a join is lost, because the server dies or the network fails. The person joins again, with the same nickname.
func TestJoinWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openWorkshop(t, dir, 3)
	loses := func(v *visitor, nickname string) { // the answer with its cookies does not arrive
		copied := *v.client
		copied.Jar = keptJar{v.client.Jar}
		v.wants(http.StatusOK, "Your PIN is")(v.read(copied.PostForm(v.url+"/join", joins(nickname))))
	}
	ann := newVisitor(t, s)
	ann.wants(http.StatusOK)(ann.get("/"))
	loses(ann, "Ann")
	loses(ann, "Ann")
	newVisitor(t, s).wants(http.StatusUnprocessableEntity, "Another attendee has this nickname")(newVisitor(t, s).post("/join", joins("Ann")))
	pin := ann.join("Ann")
	ben, eve := newVisitor(t, s), newVisitor(t, s)
	loses(ben, "Ben")
	evePIN := eve.join("Eve")
	eve.wants(http.StatusOK, "Card of Eve")(eve.get("/card"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openWorkshop(t, dir, 3)
	ada, phone := newVisitor(t, s), newVisitor(t, s)
	benAgain := newVisitor(t, s)
	benAgain.join("Ben")
	benAgain.wants(http.StatusOK)(benAgain.get("/labs/lab-02"))
	phone.wants(http.StatusOK, "Card of Ann")(phone.post("/return", url.Values{"name": {"Ann"}, "pin": {pin}}))
	phone.wants(http.StatusOK, "Card of Eve")(phone.post("/return", url.Values{"name": {"Eve"}, "pin": {evePIN}}))
	ada.wants(http.StatusUnprocessableEntity, "Another attendee has this nickname")(ada.post("/join", joins("Eve")))
	if attendees, err := s.Workshop.Attendees(t.Context()); err != nil || len(attendees) != 3 {
		t.Errorf("%d attendees, want 3: %v", len(attendees), err)
	}
}

// keptJar sends cookies and takes none.
type keptJar struct{ http.CookieJar }

func (keptJar) SetCookies(*url.URL, []*http.Cookie) {}

// serveWorkshop starts a workshop in a separate process and waits until it is ready.
func serveWorkshop(t *testing.T, dir string) *process {
	t.Helper()
	cmd := program(context.WithoutCancel(t.Context()), "workshop", "--addr", "127.0.0.1:0", "--data", dir, "--code", "blue-lantern")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd}
	t.Cleanup(p.kill)
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		p.out += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "Ctrl-C") {
			p.url = listening.FindString(p.out)
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return p
		}
	}
	t.Fatalf("the workshop did not become ready: %s", p.out)
	return nil
}

// The process is killed while people join. After the next start everybody who got a PIN has their lab, every place has a lab, and
// no unfinished file is left.
func TestKillWhilePeopleJoin(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pins := map[string]string{}
	for round := range 3 {
		p := serveWorkshop(t, dir)
		s := &running{url: p.url}
		for nickname, pin := range pins {
			v := newVisitor(t, s)
			v.wants(http.StatusOK, "Card of "+nickname)(v.post("/return", url.Values{"name": {nickname}, "pin": {pin}}))
			_, card := v.get("/card")
			_, after, _ := strings.Cut(card, "/okta/lab-")
			v.wants(http.StatusOK)(v.get("/labs/lab-" + after[:2]))
		}
		for _, pattern := range []string{"labs/new-*", "templates/making-*"} {
			if left, err := filepath.Glob(filepath.Join(dir, pattern)); err != nil || len(left) > 0 {
				t.Errorf("round %d: unfinished files are left: %v %v", round, left, err)
			}
		}
		enough := make(chan struct{})
		var mu sync.Mutex
		var group sync.WaitGroup
		for n := range 4 {
			group.Go(func() {
				for i := 0; ; i++ {
					nickname := fmt.Sprintf("r%d-w%d-n%d", round, n, i)
					resp, err := http.PostForm(p.url+"/join", joins(nickname))
					if err != nil {
						return // the process was killed
					}
					body, _ := io.ReadAll(resp.Body)
					_ = resp.Body.Close()
					_, after, found := strings.Cut(string(body), "Your PIN is ")
					if !found {
						return
					}
					mu.Lock()
					pins[nickname] = after[:7]
					if len(pins) == (round+1)*5 {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		p.kill()
		group.Wait()
	}
	s := openWorkshop(t, dir, 40)
	attendees, err := s.Workshop.Attendees(t.Context())
	if err != nil || len(attendees) < len(pins) {
		t.Errorf("%d attendees of %d: %v", len(attendees), len(pins), err)
	}
	for _, attendee := range attendees {
		if !s.Registry.Exists(attendee.Lab) {
			t.Errorf("%s has no lab", attendee.Nickname)
		}
	}
}

// A place without a lab, which an older version left, gets one at the next start.
func TestPlacesWithoutLabsAreRepaired(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openWorkshop(t, dir, 3)
	ann := newVisitor(t, s)
	ann.join("Ann")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "labs", "lab-01.db")); err != nil {
		t.Fatal(err)
	}
	for _, leftover := range []string{"labs/new-1", "templates/import-1", "checkpoints/lab-01/new-1"} {
		path := filepath.Join(dir, leftover)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("half a file"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := openWorkshop(t, dir, 3)
	ann.url = again.url
	ann.wants(http.StatusOK)(ann.get("/labs/lab-01"))
	if left, err := filepath.Glob(filepath.Join(dir, "*", "*-1")); err != nil || len(left) > 0 {
		t.Errorf("unfinished files are left: %v %v", left, err)
	}
}
