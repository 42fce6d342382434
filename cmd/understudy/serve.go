package main

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/lab"
	"understudy/seed/scenario"
	"understudy/seed/server"
)

type serveCommand struct {
	dataFlags
	Addr string `default:"127.0.0.1:8080" help:"Address and port to listen on."`
	contentFlags
	Ephemeral  bool     `help:"Keep the labs in a temporary directory that is removed when the server stops."`
	Lab        string   `default:"demo" help:"Lab to create if it does not exist."`
	TrustProxy bool     `help:"Trust the X-Forwarded-Proto, -Host and -For headers of a reverse proxy."`
	Advertise  []string `placeholder:"URL" help:"Public address of this server, such as a reverse proxy's. Emails and SAML use the first one."`
	publicFlags
	AllowHost   []string      `placeholder:"NAME" help:"Further name under which browsers reach this server, such as lab.example.org or *.example.org."`
	AllowDomain []string      `placeholder:"DOMAIN" help:"Email domain to accept in user names, besides reserved ones, when other machines can connect."`
	AllowEgress []string      `placeholder:"HOST:PORT" help:"Server that provisioning may call, besides this one."`
	IdleClose   time.Duration `default:"5m" help:"Close the file of a lab after this time without a request."`
	People      int           `default:"4" help:"Number of people expected. One signing key per person is generated in advance."`

	tokenFlags

	workshop *server.Workshop // nil: the labs are open to everybody who can connect
}

// contentFlags say what new labs contain.
type contentFlags struct {
	Content  string   `placeholder:"DIR" help:"Folder with your own scenarios, guides and catalog apps."`
	Scenario string   `placeholder:"NAME" help:"Scenario of new labs. Default: the one that the first guide needs, else starter."`
	Guide    []string `placeholder:"NAME" help:"Guides of new labs. Default: quickstart."`
}

// signingKeys provides a server with the keys of its labs. Nil: each server generates its own. The tests share keys.
var signingKeys func() func(context.Context) (*rsa.PrivateKey, error)

// defaultIdle is the default of --idle-close.
const defaultIdle = 5 * time.Minute

// Run implements the serve command.
func (c *serveCommand) Run(ctx context.Context) error {
	running, err := c.start(ctx)
	if err != nil {
		return err
	}
	if err := running.announce(os.Stdout, c.Lab); err != nil {
		return errors.Join(err, running.Close())
	}
	go running.use.returnMemory(ctx)
	<-ctx.Done()
	return running.Close()
}

// running is a server of this process, with what the command line needs to know of it.
type running struct {
	*server.Server
	url string // the server's URL
	use use
}

// config returns the configuration that the flags describe.
func (c *serveCommand) config() (server.Config, error) {
	if err := c.publicFlags.check(); err != nil {
		return server.Config{}, err
	}
	dir := ""
	if !c.Ephemeral {
		var err error
		if dir, err = c.directory(); err != nil {
			return server.Config{}, err
		}
	}
	token, err := readToken(c.Token, c.TokenFile)
	if err != nil {
		return server.Config{}, err
	}
	return server.Config{
		Token: token,
		Addr:  c.Addr, Data: dir, Lab: c.Lab, TrustProxy: c.TrustProxy, Advertise: c.Advertise, AllowHost: c.AllowHost,
		AllowDomain: c.AllowDomain, AllowEgress: c.AllowEgress, IdleClose: c.IdleClose, People: c.People, Workshop: c.workshop,
		Public:  c.addresses(),
		Content: c.Content, Scenario: c.Scenario, Guides: c.Guide,
	}, nil
}

// start starts the server.
func (c *serveCommand) start(ctx context.Context) (*running, error) {
	tuneMemory()
	config, err := c.config()
	if err != nil {
		return nil, err
	}
	r := &running{}
	config.Wrap = r.use.count
	if signingKeys != nil {
		config.Keys = lab.KeysFrom(signingKeys())
	}
	if r.Server, err = server.Start(ctx, config); err != nil {
		return nil, err
	}
	r.url = r.URL
	return r, nil
}

// announce prints the addresses of a lab and the identities that can sign in.
func (s *running) announce(out *os.File, name string) error {
	identities, err := s.identities(context.Background(), name)
	if err != nil && !lab.IsDamaged(err) {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Understudy is ready. It is a training stand-in for Okta and Sigma. Do not type real passwords into it.\n\n")
	for _, line := range [][2]string{
		{"Start page", s.URL + "/labs/" + name},
		{"Okta admin", s.URL + "/okta/" + name + "/admin"},
		{"Okta sign-in", s.URL + "/okta/" + name + "/"},
		{"Sigma", s.URL + "/sigma/" + name + "/"},
	} {
		fmt.Fprintf(&b, "  %-13s %s\n", line[0], line[1])
	}
	b.WriteString("\n")
	for _, i := range identities {
		fmt.Fprintf(&b, "  %-13s %s / %s   (%s)\n", i.ID, i.Username, i.Password, i.Role)
	}
	if err != nil { // the server starts anyway: the lab's page offers the remedies, and other labs work
		fmt.Fprintf(&b, "  %s\n  Open %s/labs/%s to do that.\n", sentence(err), s.URL, name)
	}
	b.WriteString("\nStop with Ctrl-C.\n")
	_, err = out.WriteString(b.String())
	return err
}

// identities returns the people of a lab's card.
func (s *running) identities(ctx context.Context, name string) ([]scenario.Identity, error) {
	l, release, err := s.Registry.Acquire(ctx, name)
	if err != nil {
		return nil, err
	}
	defer release()
	return l.Identities(ctx)
}

// sentence returns the message of a problem without its field and status; other errors stay as they are.
func sentence(err error) error {
	if p := problem.As(err); p != nil {
		return errors.New(p.Message)
	}
	return err
}
