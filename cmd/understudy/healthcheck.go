package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// healthcheckCommand asks a running server whether it answers.
type healthcheckCommand struct {
	URL     string        `default:"http://127.0.0.1:8080" help:"Address of the server."`
	Wait    bool          `help:"Wait until the server answers."`
	Timeout time.Duration `default:"30s" help:"How long to wait."`
}

// Run implements the healthcheck command.
func (c *healthcheckCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	for {
		err := c.ask(ctx)
		if err == nil || !c.Wait {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("after %s: %w", c.Timeout, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// ask sends one request. It returns an error unless the response is 200.
func (c *healthcheckCommand) ask(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+"/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", errors.Unwrap(err))
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s answered %s", c.URL, resp.Status)
	}
	return nil
}
