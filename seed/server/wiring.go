package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/labstack/echo/v4"

	"understudy/seed/content"
	"understudy/seed/control"
	"understudy/seed/door"
	"understudy/seed/fault"
	"understudy/seed/guide"
	"understudy/seed/lab"
	"understudy/seed/labpages"
	"understudy/seed/scenario"
	"understudy/seed/traffic"
	"understudy/seed/workshop"
)

// openLabs opens the registry of the data directory and returns that directory. Without a workshop it creates the lab --lab
// if it does not exist.
func (s *Server) openLabs(ctx context.Context, c Config, listening net.Addr, log *slog.Logger) (dir string, err error) {
	dir = c.Data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "understudy-*"); err != nil {
			return "", err
		}
		s.Temporary = dir
	}
	if s.Library, err = content.Open(c.Content, filepath.Join(dir, "content")); err != nil {
		return "", err
	}
	go func() { _, _ = s.Library.Guide(lab.Quickstart) }() // reading it takes about as long as opening the labs
	origin, err := s.origin(c, listening)
	if err != nil {
		return "", err
	}
	s.Registry, err = lab.OpenRegistry(dir, lab.Config{
		Origin:     origin,
		Public:     c.Public,
		Keys:       c.keys(ctx),
		Transport:  door.Outgoing(door.Egress{Hosts: s.hosts, Allow: c.AllowEgress}.Transport(), log),
		AllowLogin: c.allowLogin(listening),
		Catalog:    s.Library.Catalog,
		Log:        log,
	})
	if errors.Is(err, lab.ErrInUse) {
		return "", fmt.Errorf("another Understudy is using the data directory %s; stop it, or choose another directory with --data", dir)
	}
	if err != nil {
		return "", ExplainData(dir, err)
	}
	s.Library.Try(func(made scenario.Scenario) error { return s.Registry.Try(ctx, made) })
	if err := s.Registry.Announce(lab.Announcement{URL: s.URL, Token: c.Token}); err != nil {
		return "", ExplainData(dir, err)
	}
	if c.Workshop != nil || s.Registry.Exists(c.Lab) {
		return dir, nil
	}
	return dir, s.createFirst(ctx, c, dir)
}

// keys returns the signing keys of new labs.
func (c Config) keys(ctx context.Context) *lab.KeyPool {
	if c.Keys != nil {
		return c.Keys
	}
	return lab.NewKeyPool(ctx, max(c.People, 4))
}

// origin returns the scheme and host under which people reach the server.
func (s *Server) origin(c Config, listening net.Addr) (string, error) {
	if len(s.hosts.Advertise) > 0 {
		return s.hosts.Advertise[0], nil
	}
	if c.Workshop == nil {
		return s.URL, nil
	}
	return attendeeURL(listening)
}

// createFirst creates the lab of --lab.
func (s *Server) createFirst(ctx context.Context, c Config, dir string) error {
	choice, err := s.Library.Choose(c.Scenario, c.Guides)
	if err != nil {
		return err
	}
	if err := s.Registry.Create(ctx, c.Lab, choice.Scenario, choice.Guides...); err != nil {
		return ExplainData(dir, err)
	}
	return nil
}

// frontDoor wires the pages about a lab, the guide, the traffic, the faults and a workshop to one HTTP handler.
func (s *Server) frontDoor(ctx context.Context, c Config, dir string, listening net.Addr,
	log *slog.Logger) (*door.Door, error) {
	guidePanel := guide.New(ctx, s.Library, s.Registry, listening)
	if len(c.AllowEgress) > 0 {
		guidePanel.AllowEgress(door.Egress{Hosts: s.hosts, Allow: c.AllowEgress}.Transport())
	}
	trafficPages := traffic.New(ctx, s.Registry, guidePanel)
	faults, err := fault.New(s.Registry)
	if err != nil {
		return nil, err
	}
	faults.PlayedBy(guidePanel.IsOwnRequest)
	options := door.Options{
		DataDir: dir, Hosts: s.hosts, TrustProxy: c.TrustProxy, AllowName: c.allowLogin(listening), Log: log, Panel: faults.WithNotice(guidePanel.Panel),
	}
	pages := labpages.New(s.Registry)
	pages.Use(s.Library, "/content")
	options.Mount = []func(*echo.Echo){pages.Mount, guidePanel.Mount, trafficPages.Mount, faults.Mount}
	if c.Workshop == nil {
		options.Mount = append(options.Mount, pages.MountLanding)
	} else {
		if err := s.openWorkshop(ctx, c, dir, listening, guidePanel, faults, log, &options); err != nil {
			return nil, err
		}
	}
	api := control.New(control.Config{
		Registry: s.Registry, Guide: guidePanel, Faults: faults, Workshop: s.Workshop, Token: c.Token, Stopped: ctx,
		Library: s.Library,
	})
	options.Mount = append(options.Mount, api.Mount)
	return door.New(s.Registry, options)
}

// openWorkshop opens the workshop that is kept in dir, and changes options so that each lab admits only its owner.
func (s *Server) openWorkshop(ctx context.Context, c Config, dir string, listening net.Addr,
	guidePanel *guide.Guides, faults *fault.Faults, log *slog.Logger, options *door.Options) (err error) {
	address, err := attendeeURL(listening)
	if err != nil {
		return err
	}
	if len(s.hosts.Advertise) > 0 {
		address = s.hosts.Advertise[0]
	}
	s.Workshop, err = workshop.Open(ctx, workshop.Config{
		Dir: dir, Labs: c.Workshop.Labs, Code: c.Workshop.Code, Registry: s.Registry,
		Library: s.Library, Scenario: c.Scenario, Guides: c.Guides, Guide: guidePanel, Faults: faults,
		Address: address, Stopped: ctx,
		Password: c.Workshop.Password, Log: log,
	})
	if err != nil {
		return err
	}
	guidePanel.LimitSections(func(ctx context.Context) int {
		state, err := s.Workshop.State(ctx)
		if err != nil {
			return 0
		}
		return state.Sections
	})
	options.Admit, options.Notice = s.Workshop.Admit, s.Workshop.Notice
	options.Mount = append(options.Mount, s.Workshop.Mount)
	return nil
}
