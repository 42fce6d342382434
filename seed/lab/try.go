package lab

import (
	"context"
	"fmt"

	"understudy/seed/base/problem"
	"understudy/seed/scenario"
)

// Try creates what a lab from the scenario begins with, and keeps it for the first lab. The error is what the scenario has that a lab
// cannot have, such as a weak password.
func (r *Registry) Try(ctx context.Context, s scenario.Scenario) error {
	o, err := newOrigin(s, nil)
	if err != nil {
		return err
	}
	if _, err = r.templates.path(ctx, o); err == nil {
		return nil
	}
	if p := problem.As(err); p != nil {
		return fmt.Errorf("%s.yaml: %w", s.Name, err)
	}
	return err
}
