package guide

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/lab"
	"understudy/seed/script"
)

// Source finds guides by name. It returns the same script until the guide's file changes. Package content implements it.
type Source interface {
	Guide(name string) (*script.Script, error)
}

// One is a source with one script, under the name of the quickstart.
type One struct{ Script *script.Script }

// Guide implements Source.
func (o One) Guide(name string) (*script.Script, error) {
	if name != lab.Quickstart {
		return nil, errNoGuide(name)
	}
	return o.Script, nil
}

func errNoGuide(name string) error {
	return problem.New(problem.NotFound, "This server has no guide named "+name+". Add the guide's file to the server's content.")
}

// Guides shows the guides of all labs. It is safe for concurrent use.
type Guides struct {
	*server
	source   Source
	mainName string

	mu     sync.Mutex
	byName map[string]*Guide
}

// New makes the guides of a server. The guides play steps through own, the address on which the server listens. Event streams end
// when ctx is done.
func New(ctx context.Context, source Source, registry *lab.Registry, own net.Addr) *Guides {
	s := &server{registry: registry, stopped: ctx}
	s.transport, s.token = newTransport(own)
	s.all = &Guides{server: s, source: source, byName: map[string]*Guide{}}
	return s.all
}

// LimitSections shows learners only the first sections. count gives their number; 0 means all. Call LimitSections before
// the first request.
func (s *Guides) LimitSections(count func(context.Context) int) { s.openCount = count }

// AllowEgress lets scripts that the server plays send requests to other servers than the lab's, through a transport that knows
// which of them are allowed.
func (s *Guides) AllowEgress(egress http.RoundTripper) { s.egress = egress }

// Named returns a guide. NotFound when the server has no guide of that name.
func (s *Guides) Named(name string) (*Guide, error) {
	read, err := s.source.Guide(name)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.byName[name]; g != nil && g.script == read {
		return g, nil
	}
	g, err := s.newGuide(name, read)
	if err != nil {
		return nil, err
	}
	s.byName[name] = g
	return g, nil
}

// Of returns the guide that the learner of a lab follows. NotFound when the server does not have it.
func (s *Guides) Of(ctx context.Context, l *lab.Lab) (*Guide, error) {
	_, name, err := l.Guides(ctx)
	if err != nil {
		return nil, err
	}
	return s.Named(name)
}

// ofName is Of for the name of a lab.
func (s *Guides) ofName(ctx context.Context, name string) (*Guide, error) {
	l, release, err := s.registry.Acquire(ctx, name)
	if err != nil {
		return nil, err
	}
	defer release()
	return s.Of(ctx, l)
}

// Progress is [Guide.Progress] in the guide that the learner follows.
func (s *Guides) Progress(ctx context.Context, l *lab.Lab) (Progress, error) {
	g, err := s.Of(ctx, l)
	if err != nil {
		return Progress{}, err
	}
	return g.Progress(ctx, l)
}

// StepsDone returns the completed steps of the guide that the learner follows, and when each was completed, in lab time.
func (s *Guides) StepsDone(ctx context.Context, l *lab.Lab) (map[string]time.Time, error) {
	_, name, err := l.Guides(ctx)
	if err != nil {
		return nil, err
	}
	return l.StepsDone(ctx, name)
}

// Undo is [Guide.Undo] in the guide that the learner follows.
func (s *Guides) Undo(ctx context.Context, name string) error {
	g, err := s.ofName(ctx, name)
	if err != nil {
		return err
	}
	return g.Undo(ctx, name)
}

// RebuildBefore is [Guide.RebuildBefore] in the guide that the learner follows.
func (s *Guides) RebuildBefore(ctx context.Context, name, step, origin string) error {
	g, err := s.ofName(ctx, name)
	if err != nil {
		return err
	}
	return g.RebuildBefore(ctx, name, step, origin)
}

// Panel is [Guide.Panel] of the guide that the learner follows; nil when the server does not have that guide.
func (s *Guides) Panel(r *http.Request, l *lab.Lab) templ.Component {
	g, err := s.Of(r.Context(), l)
	if err != nil {
		return nil
	}
	return g.Panel(r, l)
}

// with returns a handler that serves a request with the guide that the learner follows.
func (s *Guides) with(f func(*Guide, visit) error) echo.HandlerFunc {
	return door.LabHandler(func(r door.LabRequest) error {
		g, err := s.Of(r.Ctx(), r.Lab)
		if err != nil {
			return err
		}
		return f(g, visit{r})
	})
}

// SetMain names the guide that pages about many labs speak of, such as the console of a workshop. The empty name, as at the
// beginning, is the quickstart.
func (s *Guides) SetMain(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mainName = name
}

// main returns the main guide; nil when the server does not have it.
func (s *Guides) main() *Guide {
	s.mu.Lock()
	name := cmp.Or(s.mainName, lab.Quickstart)
	s.mu.Unlock()
	g, err := s.Named(name)
	if err != nil {
		return nil
	}
	return g
}

// IsMain reports whether a guide is the main one.
func (s *Guides) IsMain(g *Guide) bool { return g != nil && g == s.main() }

// Awaits returns the sentence that says how a step of the main guide is completed; empty when the step has no check.
func (s *Guides) Awaits(id string) string {
	if g := s.main(); g != nil {
		return g.Awaits(id)
	}
	return ""
}

// Sections lists the titles of the main guide's sections.
func (s *Guides) Sections() []string {
	if g := s.main(); g != nil {
		return g.Sections()
	}
	return nil
}

// Steps lists the ids of the main guide's steps.
func (s *Guides) Steps() []string {
	if g := s.main(); g != nil {
		return g.Steps()
	}
	return nil
}

// SectionOf returns the title of the main guide's section that contains a step; empty when there is none.
func (s *Guides) SectionOf(step string) string {
	if g := s.main(); g != nil {
		return g.SectionOf(step)
	}
	return ""
}

// StepsOf lists the ids of the steps of the guide that the learner of a lab follows; none when the server does not have it.
func (s *Guides) StepsOf(ctx context.Context, l *lab.Lab) []string {
	g, err := s.Of(ctx, l)
	if err != nil {
		return nil
	}
	return g.Steps()
}
