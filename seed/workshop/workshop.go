package workshop

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/attempt"
	"understudy/seed/base/store"
	"understudy/seed/content"
	"understudy/seed/fault"
	"understudy/seed/guide"
	"understudy/seed/lab"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Config is what a workshop needs from the program.
type Config struct {
	Dir      string // data directory; workshop.db is created in it
	Labs     int    // maximum number of attendees
	Code     string // join code; a random one is chosen when empty
	Registry *lab.Registry
	Library  *content.Library // scenarios and guides of new labs; nil for the built-in ones
	Scenario string           // of new labs; "" leaves what the console has set
	Guides   []string         // of new labs; none leaves what the console has set
	Guide    *guide.Guides
	Faults   *fault.Faults
	Address  string          // base URL that attendees open: "http://192.168.1.20:8080"
	Stopped  context.Context // done when the server stops; event streams and actions end then
	Password string          // instructor password; empty keeps the stored one, and chooses a random one for a new workshop
	Log      *slog.Logger    // slog.Default() when nil
}

// Workshop is an open workshop. Its methods may be called from several goroutines.
type Workshop struct {
	Config
	db         *store.DB
	joining    sync.Mutex // held while an attendee gets a lab, so that two attendees never get the same one
	attempts   *attempt.Limits
	places     places
	started    time.Time // when this server opened the workshop
	browserKey string    // signs the cookies of known browsers
	password   string    // instructor password in plain text, if it was chosen at random in this run
	replaced   bool      // the password of the configuration was replaced in the console since it was set

	background sync.WaitGroup // of watch and of the jobs
	looking    sync.Mutex     // held while a lab is looked at
	seen       map[string]seen
	jobsMu     sync.Mutex
	jobs       map[int64]*Job // that are running

	damagedFile string      // where a damaged file of the workshop was put at this start; empty if there was none
	recovered   []Recovered // the labs that had no attendee at the first start
}

// State is the settings that apply to all labs of a workshop.
type State struct {
	Code     string    // join code
	Labs     int       // maximum number of attendees
	Banner   string    // shown on every attendee's pages; empty for none
	Frozen   bool      // attendees can change nothing
	Sections int       // number of open sections of the guide; 0 means all
	Timer    time.Time // wall-clock time at which the timer ends; zero when no timer runs

	JoiningClosed bool // nobody else can join
	PerAddress    int  // labs that one network address may take; 0 is no limit
}

// Open opens the workshop of a data directory and creates it on the first start.
func Open(ctx context.Context, c Config) (_ *Workshop, err error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	w := &Workshop{Config: c, attempts: attempt.New(time.Now), seen: map[string]seen{}, jobs: map[int64]*Job{}}
	path := filepath.Join(c.Dir, "workshop.db")
	if err = w.open(ctx, path); store.IsContent(err) {
		err = w.startAgain(ctx, path, err)
	}
	if err == nil {
		err = w.openContent(ctx)
	}
	if err == nil {
		err = w.repairPlaces(ctx)
	}
	if err == nil {
		err = w.interruptRunning(ctx)
	}
	if err != nil {
		if w.db != nil {
			err = errors.Join(err, w.db.Close())
		}
		return nil, fmt.Errorf("workshop: %w", err)
	}
	w.Config.Password = "" // it must not stay in memory for a log to print
	w.background.Go(func() { w.watch(w.Stopped) })
	return w, nil
}

// open opens the workshop's file and reads each of its tables once. After an error that [store.IsContent] knows, the file is closed.
func (w *Workshop) open(ctx context.Context, path string) (err error) {
	if w.db, err = store.Open(ctx, path, store.Options{Seed: "workshop"}); err != nil {
		return err
	}
	w.started = w.db.Now()
	files, err := fs.Sub(migrationFiles, "migrations")
	for _, step := range []func() error{
		func() error { return err },
		func() error { return w.db.CheckPages(ctx) },
		func() error { return w.db.Migrate(ctx, "workshop", files) },
		func() error { return w.initialize(ctx) },
		func() error { return w.readAll(ctx) },
	} {
		if err := step(); err != nil {
			return errors.Join(err, w.db.Close())
		}
	}
	return nil
}

// Wait waits until everything that runs in the background has ended, after the context Stopped is done. The labs must be open.
func (w *Workshop) Wait() { w.background.Wait() }

// Close closes the workshop's file. The labs stay open; their registry closes them.
func (w *Workshop) Close() error { return w.db.Close() }

// NewPassword is the instructor password in plain text, if it was chosen at random in this run: on the workshop's first start
// without Config.Password. The file stores a bcrypt hash.
func (w *Workshop) NewPassword() string { return w.password }

// ReplacedPassword reports whether the password of the configuration was replaced in the console since it was set. The one of the console
// is valid.
func (w *Workshop) ReplacedPassword() bool { return w.replaced }

// initialize writes the settings of a new workshop. On later starts it applies a larger number of labs, a new code and a new
// password.
func (w *Workshop) initialize(ctx context.Context) error {
	password, chosen := w.Config.Password, w.Config.Password != ""
	if !chosen {
		password = randomWords(3)
	} else if err := checkNewPassword(password); err != nil {
		return fmt.Errorf("the instructor password: %w", err)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		exists, err := tx.Exists(`SELECT 1 FROM workshop`)
		if err != nil {
			return err
		}
		if exists {
			return w.reopen(tx, chosen, password, string(hash))
		}
		if !chosen {
			w.password = password
		}
		if w.recovered, err = recoverLabs(tx, w.Registry); err != nil {
			return err
		}
		code := w.Code
		if code == "" {
			code = randomWords(2)
		}
		err = tx.Exec(`INSERT INTO workshop (id, code, password_hash, configured_hash, labs, per_address)
			VALUES (1, $1, $2, CASE WHEN $4 THEN $2 ELSE '' END, $3, 0)`, code, string(hash), w.Labs, chosen) // no limit for each address: a class often shares one, behind a router
		if err != nil {
			return err
		}
		return w.loadBrowserKey(tx)
	})
}

// reopen applies the configuration to a workshop that exists.
func (w *Workshop) reopen(tx *store.Tx, chosen bool, password, hash string) error {
	if err := w.loadBrowserKey(tx); err != nil {
		return err
	}
	if chosen {
		if err := w.configurePassword(tx, password, hash); err != nil {
			return err
		}
	}
	return tx.Exec(`UPDATE workshop SET labs = max(labs, $1), code = CASE WHEN $2 = '' THEN code ELSE $2 END`, w.Labs, w.Code)
}

// configurePassword applies the password of the configuration, unless it was configured before and replaced in the console since: the
// newest password wins. A password other than the stored one signs all instructors out.
func (w *Workshop) configurePassword(tx *store.Tx, password, hash string) error {
	stored, configured := "", ""
	if err := tx.QueryRow(`SELECT password_hash, configured_hash FROM workshop`).Scan(&stored, &configured); err != nil {
		return err
	}
	same := func(hash string) bool { return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil }
	switch {
	case same(stored):
		return tx.Exec(`UPDATE workshop SET configured_hash = password_hash`)
	case same(configured):
		w.replaced = true
		return nil
	}
	if err := tx.Exec(`UPDATE workshop SET password_hash = $1, configured_hash = $1`, hash); err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM workshop_instructor`)
}

// loadBrowserKey reads the key that signs the cookies of known browsers. It is made once.
func (w *Workshop) loadBrowserKey(tx *store.Tx) error {
	if err := tx.Exec(`UPDATE workshop SET browser_key = $1 WHERE browser_key = ''`, tx.Secret(32)); err != nil {
		return err
	}
	return tx.QueryRow(`SELECT browser_key FROM workshop`).Scan(&w.browserKey)
}

// repairPlaces creates the labs of attendees who have none: a process may have been killed while it removed an attendee.
func (w *Workshop) repairPlaces(ctx context.Context) error {
	attendees, err := w.Attendees(ctx)
	if err != nil {
		return err
	}
	for _, attendee := range attendees {
		if w.Registry.Exists(attendee.Lab) {
			continue
		}
		if err := w.createLab(ctx, attendee.Lab); err != nil {
			return err
		}
	}
	return nil
}

// State reads the settings that apply to all labs.
func (w *Workshop) State(ctx context.Context) (s State, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		s, err = readState(tx)
		return err
	})
	return s, err
}

func readState(tx *store.Tx) (s State, err error) {
	var timer int64
	err = tx.QueryRow(`SELECT code, labs, banner, frozen, sections, timer_ms, joining_closed, per_address FROM workshop`).
		Scan(&s.Code, &s.Labs, &s.Banner, &s.Frozen, &s.Sections, &timer, &s.JoiningClosed, &s.PerAddress)
	s.Timer = store.Time(timer)
	return s, err
}
