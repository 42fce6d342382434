// Package workshop runs a room: attendees join with a code and get a lab of their own, instructors watch and help.
//
// Of a person only a nickname is kept. Everything is in one file beside the labs, so that a restart loses nothing.
package workshop

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/base/store"
	"understudy/seed/fault"
	"understudy/seed/guide"
	"understudy/seed/lab"
	"understudy/seed/scenario"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Config says what a workshop is like.
type Config struct {
	Dir      string // data directory
	Labs     int    // how many people can join
	Code     string // what they type; made up when empty
	Registry *lab.Registry
	Guide    *guide.Guide
	Faults   *fault.Faults
	Address  string          // where attendees go: "http://192.168.1.20:8080"
	Stopped  context.Context // done when the server stops; live pages end then
}

// Workshop is one room.
type Workshop struct {
	Config
	db       *store.DB
	scenario scenario.Scenario
	joining  sync.Mutex // held while a seat is chosen
	guesses  *guesses
	password string // shown once; empty when an earlier start chose it
}

// State is what holds for the whole room.
type State struct {
	Code     string
	Labs     int
	Banner   string
	Frozen   bool
	Sections int // open ones; 0: all
	Timer    time.Time
}

// Open opens the room of a data directory, or makes it. Password gives the instructors' password when it was made now.
func Open(ctx context.Context, c Config) (_ *Workshop, err error) {
	w := &Workshop{Config: c, guesses: newGuesses(time.Now)}
	if w.scenario, err = scenario.Load(scenario.Starter); err != nil {
		return nil, err
	}
	if w.db, err = store.Open(ctx, filepath.Join(c.Dir, "workshop.db"), store.Options{Seed: "workshop"}); err != nil {
		return nil, fmt.Errorf("workshop: %w", err)
	}
	files, err := fs.Sub(migrationFiles, "migrations")
	if err == nil {
		err = w.db.Migrate(ctx, "workshop", files)
	}
	if err == nil {
		err = w.begin(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("workshop: %w", err), w.db.Close())
	}
	return w, nil
}

// Close closes the room's file. Labs stay with their registry.
func (w *Workshop) Close() error { return w.db.Close() }

// Password is the instructors' password, once: it is kept only as a hash.
func (w *Workshop) Password() string { return w.password }

// begin makes the room on its first start; later ones may change its size and code.
func (w *Workshop) begin(ctx context.Context) error {
	password := phrase(3)
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.Exists(`SELECT 1 FROM workshop`)
		if err != nil {
			return err
		}
		if known {
			return tx.Exec(`UPDATE workshop SET labs = max(labs, $1), code = CASE WHEN $2 = '' THEN code ELSE $2 END`, w.Labs, w.Code)
		}
		w.password = password
		code := w.Code
		if code == "" {
			code = phrase(2)
		}
		return tx.Exec(`INSERT INTO workshop (id, code, password_hash, labs) VALUES (1, $1, $2, $3)`, code, string(hash), w.Labs)
	})
}

// State gives what holds for the whole room.
func (w *Workshop) State(ctx context.Context) (s State, err error) {
	err = w.db.Read(ctx, func(tx *store.Tx) error {
		s, err = state(tx)
		return err
	})
	return s, err
}

func state(tx *store.Tx) (s State, err error) {
	var timer int64
	err = tx.QueryRow(`SELECT code, labs, banner, frozen, sections, timer_ms FROM workshop`).Scan(&s.Code, &s.Labs, &s.Banner, &s.Frozen, &s.Sections, &timer)
	s.Timer = store.Time(timer)
	return s, err
}

// timeLeft says how long the section's timer still runs; empty when there is none.
func (s State) timeLeft(now time.Time) string {
	switch left := s.Timer.Sub(now); {
	case s.Timer.IsZero():
		return ""
	case left <= 0:
		return "Time is up"
	default:
		return minutes(left)
	}
}

// change sets one thing of the whole room.
func (w *Workshop) change(ctx context.Context, column string, value any) error {
	return w.db.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE workshop SET `+column+` = $1`, value)
	})
}

// words are short, easy to say and to type, and none of them is another's beginning.
var words = strings.Fields(`amber anchor apple arrow autumn badge basil beacon birch bottle branch bridge button candle canvas castle cedar
	cherry circle clover cobalt comet copper coral cotton crane cricket crystal dahlia daisy delta dragon ember falcon fennel fern
	fiddle flint forest garden ginger globe granite harbor hazel heron honey indigo island ivory jasmine juniper kettle ladder lagoon
	lantern lemon lilac linen lotus magnet mango maple marble meadow mellow mint mirror nectar nickel nutmeg ocean olive onyx orchid
	otter paper parrot pebble pepper piano pine planet plum pocket prairie puffin quartz quill raven ribbon river rocket saddle saffron
	sailor sand scarlet shadow silver sparrow spruce summit sunset swallow tango thistle timber topaz tulip tunnel turnip umber valley
	velvet violet walnut willow window winter yarrow zephyr`)

// phrase is n words of the list with hyphens between them, by a strong source.
func phrase(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = words[draw(len(words))]
	}
	return strings.Join(parts, "-")
}

func draw(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // the system's randomness never fails
	}
	return int(i.Int64())
}
