package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"understudy/seed/lab"
	"understudy/seed/server"
)

// resetCommand puts labs back to their scenario.
type resetCommand struct {
	dataFlags
	Name string `arg:"" optional:"" name:"lab" help:"Lab to reset."`
	All  bool   `help:"Reset all labs."`
}

// Run implements the reset command. If a server is using the data directory, the server is asked to reset the labs.
func (c *resetCommand) Run(ctx context.Context) error {
	if (c.Name == "") == !c.All {
		return errors.New("name one lab, or use --all")
	}
	dir, err := c.directory()
	if err != nil {
		return err
	}
	work, cancel := context.WithCancel(ctx)
	defer cancel()
	registry, err := lab.OpenRegistry(dir, lab.Config{Keys: lab.NewKeyPool(work, 0)})
	if errors.Is(err, lab.ErrInUse) {
		return c.askServer(ctx, dir)
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

// askServer resets the labs through the running server that has announced its address in dir.
func (c *resetCommand) askServer(ctx context.Context, dir string) error {
	base, err := lab.Announced(dir)
	if err != nil {
		return err
	}
	names := []string{c.Name}
	if c.All {
		if names, err = lab.Names(dir); err != nil {
			return err
		}
	}
	for _, name := range names {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/labs/"+url.PathEscape(name)+"/reset", nil)
		if err != nil {
			return err
		}
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		resp, err := client.Do(req)
		if err != nil {
			return fmt.Errorf("the running server at %s does not answer: %w", base, err)
		}
		_ = resp.Body.Close()
		switch {
		case resp.StatusCode == http.StatusNotFound:
			return fmt.Errorf("there is no lab named %s", name)
		case resp.StatusCode >= 400:
			return fmt.Errorf("the running server answered %s", resp.Status)
		}
		fmt.Println("reset", name)
	}
	return nil
}
