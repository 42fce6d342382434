package main

import (
	"context"
	"errors"
	"fmt"

	"understudy/seed/control/client"
	"understudy/seed/lab"
	"understudy/seed/server"
)

// resetCommand puts labs back to their scenario.
type resetCommand struct {
	connectFlags
	Name string `arg:"" optional:"" name:"lab" help:"Lab to reset."`
	All  bool   `help:"Reset all labs."`
}

// Run implements the reset command. A server that uses the data directory, or that --url names, is asked to reset the labs.
func (c *resetCommand) Run(ctx context.Context) error {
	if (c.Name == "") == !c.All {
		return errors.New("name one lab, or use --all")
	}
	if c.URL != "" {
		return c.askServer(ctx)
	}
	dir, err := c.directory()
	if err != nil {
		return err
	}
	work, cancel := context.WithCancel(ctx)
	defer cancel()
	registry, err := lab.OpenRegistry(dir, lab.Config{Keys: lab.NewKeyPool(work, 0)})
	if errors.Is(err, lab.ErrInUse) {
		return c.askServer(ctx)
	}
	if err != nil {
		return server.ExplainData(dir, err)
	}
	err = c.each(registry, func(name string) error { return sentence(registry.ResetTo(ctx, name, "", lab.EndSessions)) })
	return errors.Join(err, registry.Close())
}

// each resets the named lab, or all labs of the registry.
func (c *resetCommand) each(registry *lab.Registry, reset func(name string) error) error {
	names := []string{c.Name}
	if c.All {
		var err error
		if names, err = registry.List(); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := reset(name); err != nil {
			return err
		}
		fmt.Println("reset", name)
	}
	return nil
}

// askServer resets the labs through the server that uses the data directory, or that the flags name.
func (c *resetCommand) askServer(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		names := []string{c.Name}
		if c.All {
			list, err := to.List(ctx)
			if err != nil {
				return err
			}
			names = nil
			for _, l := range list {
				names = append(names, l.Name)
			}
		}
		for _, name := range names {
			if _, err := to.Reset(ctx, name); err != nil {
				return err
			}
			fmt.Println("reset", name)
		}
		return nil
	})
}
