package shots

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/door"
	"understudy/seed/door/limit"
	"understudy/seed/fault"
	"understudy/seed/guide"
	"understudy/seed/lab"
	"understudy/seed/labpages"
	"understudy/seed/scenario"
	"understudy/seed/script"
	"understudy/seed/traffic"
)

// address is the address of the server in the pictures, the default of "understudy serve". The browser connects to the real
// address instead.
const address = "127.0.0.1:8080"

// labName is the name of the lab in the pictures, the default of "understudy serve".
const labName = "demo"

// morning is when the clock in the pictures begins: on a Monday.
var morning = time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC)

// server serves one lab, for one job.
type server struct {
	listener net.Listener
	registry *lab.Registry
	http     *http.Server
	gate     *gate  // transport of Okta's provisioning requests
	clock    *clock // time of the lab, if it is not the wall clock
	dir      string
	stop     context.CancelFunc
}

// labOptions say how the lab of a job is made and served.
type labOptions struct {
	from     time.Time                       // when the clock of the script begins, with secrets and keys from a seed; zero: the wall clock
	public   scenario.PublicAddresses        // what the pages show
	scenario string                          // in which the guide begins; empty for the starter
	wrap     func(http.Handler) http.Handler // wraps the handler; nil leaves it
}

// serve creates a lab and serves it.
func serve(ctx context.Context, o labOptions) (_ *server, err error) {
	s := &server{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	ctx, s.stop = context.WithCancel(ctx)
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "understudy-shots-*"); err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	var keys *lab.KeyPool
	var now func() time.Time
	s.clock = newClock(o.from)
	if o.from.IsZero() {
		keys = lab.NewKeyPool(ctx, 1)
	} else {
		keys, now = lab.NewRepeatableKeys("pictures"), s.clock.Now
	}
	hosts := door.Hosts{Own: s.listener.Addr(), Allow: []string{address}}
	s.gate = &gate{to: ticking{s.clock, door.Egress{Hosts: hosts}.Transport()}}
	s.registry, err = lab.OpenRegistry(s.dir, lab.Config{
		Keys:      keys,
		Transport: door.Outgoing(s.gate, log),
		Log:       log, Pictures: now, Public: o.public,
	})
	if err != nil {
		return nil, err
	}
	starter, err := scenario.Load(cmp.Or(o.scenario, scenario.Starter))
	if err != nil {
		return nil, err
	}
	if err := s.registry.Create(ctx, labName, starter); err != nil {
		return nil, err
	}
	mount, err := s.labPages(ctx)
	if err != nil {
		return nil, err
	}
	front, err := door.New(s.registry, door.Options{Hosts: hosts, Log: log, Mount: mount})
	if err != nil {
		return nil, err
	}
	var handler http.Handler = front
	if o.wrap != nil {
		handler = o.wrap(front)
	}
	s.http = &http.Server{Handler: handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	limit.Configure(s.http)
	go func() { _ = s.http.Serve(s.listener) }() // returns after Close
	return s, nil
}

// labPages are the pages about the lab that steps can open: the lab card, the traffic and the faults.
func (s *server) labPages(ctx context.Context) ([]func(*echo.Echo), error) {
	quickstart, err := script.Quickstart()
	if err != nil {
		return nil, err
	}
	faults, err := fault.New(s.registry)
	if err != nil {
		return nil, err
	}
	pages := labpages.New(s.registry)
	traffics := traffic.New(ctx, s.registry, guide.New(ctx, guide.One{Script: quickstart}, s.registry, s.listener.Addr()))
	return []func(*echo.Echo){pages.MountLanding, pages.Mount, traffics.Mount, faults.Mount}, nil
}

// close stops the server and deletes the files of its lab. It may be called after a failure of serve.
func (s *server) close() (err error) {
	s.stop()
	if s.http != nil {
		err = s.http.Close()
	} else if s.listener != nil {
		err = s.listener.Close()
	}
	if s.registry != nil {
		err = errors.Join(err, s.registry.Close())
	}
	if s.dir != "" {
		err = errors.Join(err, os.RemoveAll(s.dir))
	}
	return err
}
