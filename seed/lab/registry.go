package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/scenario"
)

// Config is what all labs of a server share.
type Config struct {
	Keys       *KeyPool
	Transport  func(*Lab) http.RoundTripper // carries the requests that a lab's provisioning sends; nil: http.DefaultTransport
	AllowLogin func(login string) error     // refuses user names of domains that may not be used here; nil allows all
	Log        *slog.Logger                 // slog.Default() when nil

	// Pictures, unless zero, opens labs whose clock stands at this instant and whose identifiers and secrets come from their
	// seed, so that every walk through one looks the same. Never for people: such a lab keeps no secret.
	Pictures time.Time

	statements *store.Budget // what all labs keep compiled
}

// statementsCompiled bounds that: five for each of 300 labs, or forty for those that are hard at work.
const statementsCompiled = 1500

// Registry is all labs of one data directory.
type Registry struct {
	dir       string
	config    Config
	templates templates
	lock      *os.File

	mu   sync.Mutex
	open map[string]*slot

	checkpointing sync.Mutex // held while checkpoints are numbered, written or dropped
}

// slot is the place of one lab that is open or being opened.
type slot struct {
	ready chan struct{} // closed once lab or err is set
	lab   *Lab
	err   error
}

// ErrInUse says that another server has the data directory.
var ErrInUse = errors.New("another Understudy is using this data directory")

// OpenRegistry takes the data directory for this process. The directory is made when it is missing; [ErrInUse] when
// another process has it.
func OpenRegistry(dir string, c Config) (*Registry, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	for _, d := range []string{"labs", "templates"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return nil, fmt.Errorf("data directory: %w", err)
		}
	}
	lock, err := takeLock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, err
	}
	c.statements = store.NewBudget(statementsCompiled)
	return &Registry{
		dir: dir, config: c, lock: lock,
		templates: templates{dir: filepath.Join(dir, "templates"), config: c}, open: map[string]*slot{},
	}, nil
}

// Announce writes down where this server is reached, for commands that find the data directory taken.
func (r *Registry) Announce(url string) error {
	if err := os.WriteFile(announcePath(r.dir), []byte(url), 0o600); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	return nil
}

// Announced gives the address of the server that has the data directory.
func Announced(dir string) (string, error) {
	url, err := os.ReadFile(announcePath(dir))
	return string(url), err
}

func announcePath(dir string) string { return filepath.Join(dir, "server.url") }

// Close closes all labs and gives the data directory back.
func (r *Registry) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for name, s := range r.open {
		<-s.ready
		if s.lab != nil {
			errs = append(errs, s.lab.close())
		}
		delete(r.open, name)
	}
	return errors.Join(append(errs, r.lock.Close())...)
}

func (r *Registry) path(name string) string { return filepath.Join(r.dir, "labs", name+".db") }

// Exists reports whether there is a lab of that name.
func (r *Registry) Exists(name string) bool {
	if !validName.MatchString(name) {
		return false
	}
	_, err := os.Stat(r.path(name))
	return err == nil
}

// List gives the names of all labs, sorted.
func (r *Registry) List() ([]string, error) { return Names(r.dir) }

// Names gives the names of all labs of a data directory, sorted.
func Names(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, "labs"))
	if err != nil {
		return nil, fmt.Errorf("list labs: %w", err)
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".db"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Create makes a lab from a scenario. Conflict when the name is taken, Invalid when it cannot be one.
func (r *Registry) Create(ctx context.Context, name string, s scenario.Scenario) error {
	if !validName.MatchString(name) {
		return errLabName
	}
	template, err := r.templates.path(ctx, s)
	if err != nil {
		return err
	}
	// The copy gets its name in one step, so that a crash leaves no half lab.
	temporary, err := os.CreateTemp(filepath.Join(r.dir, "labs"), "new-*")
	if err != nil {
		return fmt.Errorf("create lab: %w", err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	if err := copyInto(temporary, template); err != nil {
		return fmt.Errorf("create lab: %w", err)
	}
	return r.settle(name, temporary.Name())
}

var errLabName = problem.InvalidField("name", "A lab's name has up to 40 small letters, digits and hyphens, and no hyphen at either end.")

func copyInto(target *os.File, source string) (err error) {
	defer func() { err = errors.Join(err, target.Close()) }()
	from, err := os.Open(source)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }() // read only
	_, err = io.Copy(target, from)
	return err
}

// Acquire gives an open lab; release must be called when done with it. NotFound when there is none of that name.
func (r *Registry) Acquire(ctx context.Context, name string) (l *Lab, release func(), err error) {
	if !validName.MatchString(name) {
		return nil, nil, errNoLab
	}
	for {
		r.mu.Lock()
		s, found := r.open[name]
		if !found {
			if _, err := os.Stat(r.path(name)); err != nil {
				r.mu.Unlock()
				return nil, nil, errNoLab
			}
			s = &slot{ready: make(chan struct{})}
			r.open[name] = s
			r.mu.Unlock()
			r.fill(ctx, name, s)
			continue
		}
		select {
		case <-s.ready:
		default: // someone else is opening it
			r.mu.Unlock()
			select {
			case <-s.ready:
			case <-ctx.Done():
				return nil, nil, ctx.Err()
			}
			if s.err != nil {
				return nil, nil, s.err
			}
			continue
		}
		if s.err != nil {
			delete(r.open, name)
			r.mu.Unlock()
			return nil, nil, s.err
		}
		s.lab.users++
		s.lab.touch()
		r.mu.Unlock()
		return s.lab, func() { r.release(s.lab) }, nil
	}
}

var errNoLab = &problem.Error{Kind: problem.NotFound, Code: "NO_LAB", Message: "There is no lab of that name here."}

// fill opens the lab for its slot. The caller's going away must not spoil it for others who wait.
func (r *Registry) fill(ctx context.Context, name string, s *slot) {
	s.lab, s.err = open(context.WithoutCancel(ctx), name, r.path(name), r.config)
	if s.err == nil {
		s.lab.start()
	}
	close(s.ready)
}

func (r *Registry) release(l *Lab) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l.users--
	l.touch()
}

// CloseIdle closes labs that nobody has used for the given time and that have no provisioning to do. Their next request
// opens them again.
func (r *Registry) CloseIdle(idle time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	limit := time.Now().Add(-idle).UnixNano()
	for name, s := range r.open {
		select {
		case <-s.ready:
		default:
			continue
		}
		if s.lab == nil || s.lab.users > 0 {
			continue
		}
		if s.lab.lastUsed.Load() > limit {
			errs = append(errs, s.lab.DB.ReleaseStatements()) // it may be used again soon, but nobody waits at this moment
			continue
		}
		if jobs, err := s.lab.Org.PendingJobs(context.Background()); err != nil || jobs > 0 {
			errs = append(errs, err)
			continue
		}
		errs = append(errs, s.lab.close())
		delete(r.open, name)
	}
	return errors.Join(errs...)
}

// OpenCount is the number of labs that are open now.
func (r *Registry) OpenCount() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

// KeysReady returns how many signing keys are generated and not assigned yet.
func (r *Registry) KeysReady() int { return r.config.Keys.Ready() }

// Changes grows with everything that is written to open labs, and with every lab that is opened or closed.
func (r *Registry) Changes() (n uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.open {
		select {
		case <-s.ready:
			if s.lab != nil {
				n += s.lab.DB.Version() + 1
			}
		default:
		}
	}
	return n
}

// SessionRule says what a reset does with the people who are signed in.
type SessionRule bool

const (
	EndSessions  SessionRule = false // everybody is signed out
	KeepSessions SessionRule = true  // who is known to the scenario stays signed in
)

// ResetTo resets a lab to its scenario in one step: each request sees the lab before or after. The state before is kept as a
// checkpoint with a label; an empty label keeps none. Provisioning jobs under way are stopped first.
func (r *Registry) ResetTo(ctx context.Context, name, label string, sessions SessionRule) error {
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	s, err := l.scenario(ctx)
	if err != nil {
		return fmt.Errorf("reset %s: %w", name, err)
	}
	template, err := r.templates.path(ctx, s)
	if err != nil {
		return fmt.Errorf("reset %s: %w", name, err)
	}
	if label != "" {
		if _, err := r.SaveCheckpoint(ctx, name, label, ""); err != nil {
			return err
		}
	}
	ctx = context.WithoutCancel(ctx) // a reset that has begun is finished
	if sessions == KeepSessions {
		return l.restoreCarrying(ctx, template)
	}
	return l.restore(ctx, template)
}

// Delete removes a lab and its file. Conflict while requests of it are under way.
func (r *Registry) Delete(ctx context.Context, name string) error {
	l, release, err := r.Acquire(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	r.mu.Lock()
	defer r.mu.Unlock()
	if l.users > 1 {
		return problem.New(problem.Conflict, "The lab "+name+" is being used at this moment. Try again.")
	}
	delete(r.open, name)
	err = errors.Join(l.close(), os.RemoveAll(r.checkpointDir(name)))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if removeErr := os.Remove(r.path(name) + suffix); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
			err = errors.Join(err, removeErr)
		}
	}
	return err
}
