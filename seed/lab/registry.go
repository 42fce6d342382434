package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"understudy/idp/catalog"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/scenario"
)

// Config is the configuration that all labs of a server share.
type Config struct {
	Keys       *KeyPool
	Transport  func(*Lab) http.RoundTripper // carries the requests that a lab's provisioning sends; nil: http.DefaultTransport
	AllowLogin func(login string) error     // refuses user names of domains that may not be used here; nil allows all
	Catalog    func() *catalog.Catalog      // Okta's app catalog; nil for the program's own
	Log        *slog.Logger                 // slog.Default() when nil
	Origin     string                       // scheme and host of this server, for addresses in scenarios

	// Public, where it is set, are the public addresses of new labs. The scenario's are used otherwise.
	Public scenario.PublicAddresses

	// Pictures, unless nil, is the clock of the labs; identifiers and secrets then come from the lab's name, so that two runs of
	// a script give the same pages. Never for people: the secrets of such a lab are predictable.
	Pictures func() time.Time

	places     func(ctx context.Context, link string) ([]Place, bool) // Registry.Places
	statements *store.Budget                                          // of prepared statements, shared by all labs
}

// statementsCompiled is the number of prepared statements in memory: five for each of 300 idle labs, or forty for each of 37
// busy ones.
const statementsCompiled = 1500

// Registry holds the labs of one data directory.
type Registry struct {
	dir       string
	config    Config
	templates templates
	lock      *os.File

	mu     sync.Mutex
	open   map[string]*slot
	closed bool
	// exclusive holds the lock of each lab whose whole state was changed; see Exclusive.
	exclusive map[string]chan struct{}
	restores  map[string]int // see Restores

	publics       publics
	checkpoints   checkpointLists
	checkpointing sync.Mutex // held while checkpoints are numbered, written or deleted
}

// ErrInUse is returned when another process uses the data directory.
var ErrInUse = errors.New("another Understudy is using this data directory")

// OpenRegistry locks the data directory for this process. A missing directory is created; the error is [ErrInUse] when another
// process holds the lock.
func OpenRegistry(dir string, c Config) (*Registry, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	for _, d := range []string{"labs", "templates", "checkpoints"} {
		if err := makeFolder(filepath.Join(dir, d)); err != nil {
			return nil, fmt.Errorf("data directory: %w", err)
		}
	}
	lock, err := takeLock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, err
	}
	if err := removeLeftovers(dir); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	c.statements = store.NewBudget(statementsCompiled)
	r := &Registry{
		dir: dir, config: c, lock: lock,
		templates: templates{dir: filepath.Join(dir, "templates"), config: c, whole: map[string]bool{}}, open: map[string]*slot{},
		exclusive: map[string]chan struct{}{}, restores: map[string]int{}, checkpoints: checkpointLists{byName: map[string][]Checkpoint{}},
		publics: publics{known: map[string]scenario.PublicAddresses{}},
	}
	r.config.places = r.Places
	return r, nil
}

// makeFolder makes a folder of the data directory. A file or a link in its place is an error: files are deleted in these folders.
func makeFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(path)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is a link, not a folder; replace it by a folder, or make the whole data directory a link", path)
	}
	return err
}

// removeLeftovers removes the unfinished files of an earlier process that was killed.
func removeLeftovers(dir string) (err error) {
	for _, pattern := range []string{"labs/new-*", "templates/making-*", "templates/import-*", "templates/restore-*", "checkpoints/*/new-*"} {
		found, globErr := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		err = errors.Join(err, globErr)
		for _, path := range found {
			if strings.HasPrefix(pattern, "labs/") && strings.Contains(filepath.Base(path), ".db") {
				continue // the file of a lab that is named so
			}
			err = errors.Join(err, os.RemoveAll(path))
		}
	}
	return err
}

func (r *Registry) path(name string) string { return filepath.Join(r.dir, "labs", name+".db") }

// Exists reports whether there is a lab of that name.
func (r *Registry) Exists(name string) bool {
	if !validName.MatchString(name) {
		return false
	}
	_, err := os.Lstat(r.path(name))
	return err == nil
}

// List returns the names of all labs, sorted.
func (r *Registry) List() ([]string, error) { return Names(r.dir) }

// Names returns the names of all labs of a data directory, sorted.
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

// Create creates a lab from a scenario, with the guides of these names; without names, with the quickstart. Conflict when the name
// is taken; Invalid when the name is not valid.
func (r *Registry) Create(ctx context.Context, name string, s scenario.Scenario, guides ...string) error {
	if !validName.MatchString(name) {
		return errLabName
	}
	o, err := newOrigin(s, guides)
	if err != nil {
		return err
	}
	template, err := r.templates.path(ctx, o)
	if err != nil {
		return err
	}
	// The copy gets its name in one step, so that a crash leaves no incomplete lab.
	temporary, err := os.CreateTemp(filepath.Join(r.dir, "labs"), "new-*")
	if err != nil {
		return fmt.Errorf("create lab: %w", err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	if err := copyInto(temporary, template); err != nil {
		return fmt.Errorf("create lab: %w", err)
	}
	if err := r.fillAddresses(ctx, o, name, temporary.Name()); err != nil {
		return fmt.Errorf("create lab: %w", err)
	}
	if err := r.settle(name, temporary.Name()); err != nil || r.config.Public == (scenario.PublicAddresses{}) {
		return err
	}
	public := r.config.Public
	public.Okta, public.Sigma = cmp.Or(public.Okta, s.Public.Okta), cmp.Or(public.Sigma, s.Public.Sigma)
	return r.SetPublicAddresses(ctx, name, public)
}

var errLabName = problem.InvalidField("name", "The name of a lab has up to 40 small letters, digits and hyphens. It begins and ends with a letter or digit.")

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

// OpenCount returns the number of open labs.
func (r *Registry) OpenCount() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

// KeysReady returns how many signing keys are generated and not assigned yet.
func (r *Registry) KeysReady() int { return r.config.Keys.Ready() }

// Changes returns a number that grows with every write to an open lab and changes when a lab is opened or closed.
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
