// Package server starts a whole server: labs, front door, guide, traffic, faults and, for a class, the workshop.
//
// The commands serve and workshop, and the package for tests, differ only in the [Config] that they pass to [Start].
//
//	server.go   Config, Start and Close; start here
//	wiring.go   which part gets which other part
//	address.go  the names and addresses of a listener
package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"understudy/seed/content"
	"understudy/seed/control"
	"understudy/seed/door"
	"understudy/seed/door/limit"
	"understudy/seed/lab"
	"understudy/seed/scenario"
	"understudy/seed/workshop"
)

// Config says what a server serves, and to whom.
type Config struct {
	Addr        string        // address and port to listen on; port 0 takes a free one
	Data        string        // directory that keeps the labs; "" for a temporary one, which Close removes
	Lab         string        // lab to create if it does not exist; not with a workshop
	TrustProxy  bool          // trust the X-Forwarded headers of a reverse proxy
	Advertise   []string      // public addresses, such as "https://labs.example.org"; the first is the canonical one
	AllowHost   []string      // further names under which browsers reach this server
	AllowDomain []string      // email domains to accept in user names when other machines can connect
	AllowEgress []string      // servers that provisioning may call, besides this one: "host:port"
	IdleClose   time.Duration // close the file of a lab after this time without a request
	People      int           // number of people expected: one signing key each is generated in advance
	Keys        *lab.KeyPool  // signing keys of new labs; nil for keys that this server generates
	Content     string        // folder with the instructor's scenarios, guides and catalog apps; "" for none
	Scenario    string        // of new labs; "" for the one that the first guide needs
	Guides      []string      // of new labs; none for the quickstart
	Workshop    *Workshop     // nil: the labs are open to everybody who can connect
	Token       string        // of the control API; "" for a random one

	Public scenario.PublicAddresses // base URLs that new labs show; empty ones are those of the scenario, or of this server

	Wrap func(http.Handler) http.Handler // wraps the handler of all requests; nil for none
}

// Workshop says how many people can join a workshop, and with which code.
type Workshop struct {
	Labs     int
	Code     string
	Password string // of the instructors; empty keeps the stored one
}

// Server is a running server with everything that Close must close.
type Server struct {
	URL       string // address for programs on this machine, such as http://127.0.0.1:8080
	Token     string // of the control API
	Registry  *lab.Registry
	Library   *content.Library   // scenarios, guides and catalog apps
	Door      *door.Door         // the handler of all requests
	Workshop  *workshop.Workshop // nil if this server has no workshop
	Temporary string             // directory to remove on close; empty if labs are kept

	hosts door.Hosts
	http  *http.Server
	stop  context.CancelFunc // stops background work
}

// Start listens and serves. It takes the port first, so that a port in use is reported before any file is written.
func Start(ctx context.Context, c Config) (_ *Server, err error) {
	if c.Token == "" {
		c.Token = rand.Text()
	}
	if len(c.Token) < control.MinToken {
		return nil, fmt.Errorf("the token of the control API has %d letters, but it needs at least %d: choose a longer one", len(c.Token), control.MinToken)
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, ExplainListen(c.Addr, err)
	}
	s := &Server{URL: "http://" + Printable(listener.Addr()), Token: c.Token}
	if s.hosts, err = c.PublicHosts(listener.Addr()); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	ctx, s.stop = context.WithCancel(ctx)
	defer func() {
		if err != nil {
			err = errors.Join(err, listener.Close(), s.closeLabs())
		}
	}()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	dir, err := s.openLabs(ctx, c, listener.Addr(), log)
	if err != nil {
		return nil, err
	}
	s.Door, err = s.frontDoor(ctx, c, dir, listener.Addr(), log)
	if err != nil {
		return nil, err
	}
	handler := http.Handler(s.Door)
	if c.Wrap != nil {
		handler = c.Wrap(handler)
	}
	s.http = &http.Server{Handler: handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	limit.Configure(s.http)
	listener = limit.Listener(listener, !c.TrustProxy)
	go func() { _ = s.http.Serve(listener) }() // ends with Shutdown
	go s.closeIdle(ctx, c.IdleClose, log)
	return s, nil
}

func (s *Server) closeIdle(ctx context.Context, idle time.Duration, log *slog.Logger) {
	tick := time.NewTicker(max(idle/4, time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.Registry.CloseIdle(idle); err != nil {
				log.Warn("cannot close idle labs", "error", err)
			}
		}
	}
}

// Close gives running requests 5 seconds to finish, then closes the labs.
func (s *Server) Close() error {
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.http.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	return errors.Join(err, s.closeLabs())
}

func (s *Server) closeLabs() (err error) {
	s.stop()
	if s.Workshop != nil {
		s.Workshop.Wait() // for actions under way, which need the labs
	}
	if s.Registry != nil {
		err = s.Registry.Close()
	}
	if s.Workshop != nil {
		err = errors.Join(err, s.Workshop.Close())
	}
	if s.Temporary != "" {
		err = errors.Join(err, os.RemoveAll(s.Temporary))
	}
	return err
}
