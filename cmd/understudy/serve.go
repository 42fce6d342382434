package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/door/limit"
	"understudy/seed/fault"
	"understudy/seed/guide"
	"understudy/seed/lab"
	"understudy/seed/labpages"
	"understudy/seed/scenario"
	"understudy/seed/script"
	"understudy/seed/traffic"
	"understudy/seed/workshop"
)

type serveCommand struct {
	dataFlags
	Addr        string        `default:"127.0.0.1:8080" help:"Address and port to listen on."`
	Ephemeral   bool          `help:"Keep the labs in a temporary directory that is removed when the server stops."`
	Lab         string        `default:"demo" help:"Lab to create if it does not exist."`
	TrustProxy  bool          `help:"Trust the X-Forwarded-Proto, -Host and -For headers of a reverse proxy."`
	Advertise   []string      `placeholder:"URL" help:"Public address of this server, such as a reverse proxy's. Emails and SAML use the first one."`
	AllowHost   []string      `placeholder:"NAME" help:"Further name under which browsers reach this server, such as lab.example.org or *.example.org."`
	AllowDomain []string      `placeholder:"DOMAIN" help:"Email domain to accept in user names, besides reserved ones, when other machines can connect."`
	AllowEgress []string      `placeholder:"HOST:PORT" help:"Server that provisioning may call, besides this one."`
	IdleClose   time.Duration `default:"5m" help:"Close the file of a lab after this time without a request."`
	People      int           `default:"4" help:"Number of people expected. One signing key per person is generated in advance."`

	workshop *workshopOptions // nil: the labs are open to everybody who can connect
}

// defaultIdle is the default of --idle-close.
const defaultIdle = 5 * time.Minute

// Run implements the serve command.
func (c *serveCommand) Run(ctx context.Context) error {
	server, err := c.start(ctx)
	if err != nil {
		return err
	}
	if err := server.announce(os.Stdout, c.Lab); err != nil {
		return errors.Join(err, server.close())
	}
	go server.use.returnMemory(ctx)
	<-ctx.Done()
	return server.close()
}

// server is a running server with everything that close must close.
type server struct {
	url       string
	hosts     door.Hosts
	registry  *lab.Registry
	http      *http.Server
	door      *door.Door // the handler of http, behind use
	use       use
	stop      context.CancelFunc // stops background work
	temporary string             // directory to remove on close; empty if labs are kept
	workshop  *workshop.Workshop // nil if this server has no workshop
}

// start listens and serves. It takes the port first, so that a port in use is reported before any file is written.
func (c *serveCommand) start(ctx context.Context) (_ *server, err error) {
	tuneMemory()
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, explainListen(c.Addr, err)
	}
	s := &server{url: "http://" + printable(listener.Addr())}
	if s.hosts, err = c.hosts(listener.Addr()); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	ctx, s.stop = context.WithCancel(ctx)
	defer func() {
		if err != nil {
			err = errors.Join(err, listener.Close(), s.closeLabs())
		}
	}()
	guideScript := inBackground(script.Quickstart) // takes about as long as opening the labs
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	dir, err := s.openLabs(ctx, c, listener.Addr(), log)
	if err != nil {
		return nil, err
	}
	s.door, err = s.frontDoor(ctx, c, dir, listener.Addr(), guideScript, log)
	if err != nil {
		return nil, err
	}
	s.http = &http.Server{Handler: s.use.count(s.door), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	limit.Configure(s.http)
	listener = limit.Listener(listener, !c.TrustProxy)
	go func() { _ = s.http.Serve(listener) }() // ends with Shutdown
	go s.closeIdle(ctx, c.IdleClose, log)
	return s, nil
}

// inBackground begins to compute a value, and returns a function that waits for it.
func inBackground[T any](f func() (T, error)) func() (T, error) {
	wait := sync.OnceValues(f)
	go func() { _, _ = wait() }()
	return wait
}

// openLabs opens the registry of the data directory and returns that directory. Without a workshop it creates the lab --lab
// if it does not exist.
func (s *server) openLabs(ctx context.Context, c *serveCommand, listening net.Addr, log *slog.Logger) (dir string, err error) {
	if dir, err = c.directory(); err != nil {
		return "", err
	}
	if c.Ephemeral {
		if dir, err = os.MkdirTemp("", "understudy-*"); err != nil {
			return "", err
		}
		s.temporary = dir
	}
	s.registry, err = lab.OpenRegistry(dir, lab.Config{
		Keys:       lab.NewKeyPool(ctx, max(c.People, 4)),
		Transport:  door.Outgoing(door.Egress{Hosts: s.hosts, Allow: c.AllowEgress}.Transport(), log),
		AllowLogin: c.allowLogin(listening),
		Log:        log,
	})
	if errors.Is(err, lab.ErrInUse) {
		return "", fmt.Errorf("another Understudy is using the data directory %s; stop it, or choose another directory with --data", dir)
	}
	if err != nil {
		return "", explainData(dir, err)
	}
	if err := s.registry.Announce(s.url); err != nil {
		return "", explainData(dir, err)
	}
	if c.workshop != nil || s.registry.Exists(c.Lab) {
		return dir, nil
	}
	starter, err := scenario.Load(scenario.Starter)
	if err != nil {
		return "", err
	}
	if err := s.registry.Create(ctx, c.Lab, starter); err != nil {
		return "", explainData(dir, err)
	}
	return dir, nil
}

// frontDoor wires the pages about a lab, the guide, the traffic, the faults and a workshop to one HTTP handler.
func (s *server) frontDoor(ctx context.Context, c *serveCommand, dir string, listening net.Addr,
	readGuide func() (*script.Script, error), log *slog.Logger) (*door.Door, error) {
	guideScript, err := readGuide()
	if err != nil {
		return nil, err
	}
	guidePanel, err := guide.New(ctx, guideScript, s.registry, listening)
	if err != nil {
		return nil, err
	}
	trafficPages := traffic.New(ctx, s.registry, guidePanel)
	faults, err := fault.New(s.registry)
	if err != nil {
		return nil, err
	}
	options := door.Options{
		DataDir: dir, Hosts: s.hosts, TrustProxy: c.TrustProxy, AllowName: c.allowLogin(listening), Log: log, Panel: faults.WithNotice(guidePanel.Panel),
	}
	pages := labpages.New(s.registry)
	options.Mount = []func(*echo.Echo){pages.Mount, guidePanel.Mount, trafficPages.Mount, faults.Mount}
	if c.workshop == nil {
		options.Mount = append(options.Mount, pages.MountLanding)
	} else {
		if err := s.openWorkshop(ctx, c.workshop, dir, listening, guidePanel, faults, &options); err != nil {
			return nil, err
		}
	}
	return door.New(s.registry, options)
}

// openWorkshop opens the workshop that is kept in dir, and changes options so that each lab admits only its owner.
func (s *server) openWorkshop(ctx context.Context, w *workshopOptions, dir string, listening net.Addr,
	guidePanel *guide.Guide, faults *fault.Faults, options *door.Options) (err error) {
	address, err := attendeeURL(listening)
	if err != nil {
		return err
	}
	if len(s.hosts.Advertise) > 0 {
		address = s.hosts.Advertise[0]
	}
	s.workshop, err = workshop.Open(ctx, workshop.Config{
		Dir: dir, Labs: w.labs, Code: w.code, Registry: s.registry, Guide: guidePanel, Faults: faults,
		Address: address, Stopped: ctx,
	})
	if err != nil {
		return err
	}
	guidePanel.LimitSections(func(ctx context.Context) int {
		state, err := s.workshop.State(ctx)
		if err != nil {
			return 0
		}
		return state.Sections
	})
	options.Admit, options.Panel = s.workshop.Admit, s.workshop.WithNotice(options.Panel)
	options.Mount = append(options.Mount, s.workshop.Mount)
	return nil
}

func (s *server) closeIdle(ctx context.Context, idle time.Duration, log *slog.Logger) {
	tick := time.NewTicker(max(idle/4, time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.registry.CloseIdle(idle); err != nil {
				log.Warn("cannot close idle labs", "error", err)
			}
		}
	}
}

// close gives running requests 5 seconds to finish, then closes the labs.
func (s *server) close() error {
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.http.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	return errors.Join(err, s.closeLabs())
}

func (s *server) closeLabs() (err error) {
	s.stop()
	if s.registry != nil {
		err = s.registry.Close()
	}
	if s.workshop != nil {
		err = errors.Join(err, s.workshop.Close())
	}
	if s.temporary != "" {
		err = errors.Join(err, os.RemoveAll(s.temporary))
	}
	return err
}

// announce prints the addresses of a lab and the identities that can sign in.
func (s *server) announce(out *os.File, name string) error {
	identities, err := s.identities(context.Background(), name)
	if err != nil && !lab.IsDamaged(err) {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Understudy is ready. It is a training stand-in for Okta and Sigma. Do not type real passwords into it.\n\n")
	for _, line := range [][2]string{
		{"Start page", s.url + "/labs/" + name},
		{"Okta admin", s.url + "/okta/" + name + "/admin"},
		{"Okta sign-in", s.url + "/okta/" + name + "/"},
		{"Sigma", s.url + "/sigma/" + name + "/"},
	} {
		fmt.Fprintf(&b, "  %-13s %s\n", line[0], line[1])
	}
	b.WriteString("\n")
	for _, i := range identities {
		fmt.Fprintf(&b, "  %-13s %s / %s   (%s)\n", i.ID, i.Username, i.Password, i.Role)
	}
	if err != nil { // the server starts anyway: the lab's page offers the remedies, and other labs work
		fmt.Fprintf(&b, "  %s\n  Open %s/labs/%s to do that.\n", sentence(err), s.url, name)
	}
	b.WriteString("\nStop with Ctrl-C.\n")
	_, err = out.WriteString(b.String())
	return err
}

// hosts returns the names under which the server answers. An address of --advertise must be a URL without a path.
func (c *serveCommand) hosts(listening net.Addr) (door.Hosts, error) {
	hosts := door.Hosts{Own: listening, Allow: c.AllowHost}
	for _, text := range c.Advertise {
		u, err := url.Parse(strings.TrimSuffix(text, "/"))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.String() != u.Scheme+"://"+u.Host {
			return hosts, fmt.Errorf("--advertise %s is not a public address; give one such as https://labs.example.org, without a path", text)
		}
		hosts.Advertise = append(hosts.Advertise, u.String())
	}
	return hosts, nil
}

// identities returns the people of a lab's card.
func (s *server) identities(ctx context.Context, name string) ([]scenario.Identity, error) {
	l, release, err := s.registry.Acquire(ctx, name)
	if err != nil {
		return nil, err
	}
	defer release()
	return l.Identities(ctx)
}

func explainListen(addr string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use by another program; stop it, or choose another port with --addr", addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("this user is not allowed to listen on %s; choose a port above 1023 with --addr", addr)
	}
	return fmt.Errorf("cannot listen on %s: %w", addr, err)
}

// printable returns an address that a browser on this machine can open. A listener on all interfaces gives the loopback
// address.
func printable(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
}

// allowLogin returns the rule for user names; nil allows all. If other machines can connect to a, only reserved email domains
// (RFC 2606) and those of --allow-domain are allowed, so that nobody types the name and password of a real account.
func (c *serveCommand) allowLogin(a net.Addr) func(login string) error {
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsLoopback() {
		return nil
	}
	return lab.ReservedLogins(c.AllowDomain)
}

// sentence returns the message of a problem without its field and status; other errors stay as they are.
func sentence(err error) error {
	if p := problem.As(err); p != nil {
		return errors.New(p.Message)
	}
	return err
}
