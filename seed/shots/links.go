package shots

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// Links writes, for each picture, the URL that brings a lab into the state of the picture, and the page that it shows.
// It is for machines without a supported browser, where people take the pictures by hand. Links plays the script over
// HTTP to find the pages. only are the names of pictures; empty means all.
func Links(ctx context.Context, out io.Writer, guideScript *script.Script, only []string) error {
	names, err := wanted(guideScript, only)
	if err != nil {
		return err
	}
	server, err := serve(ctx, labOptions{scenario: guideScript.Scenario})
	if err != nil {
		return err
	}
	defer func() { _ = server.close() }() // the lab is not needed any more
	report, err := player.Play(ctx, guideScript, player.Options{
		URL: "http://" + address, Lab: labName,
		Pictures: &player.Pictures{
			Resolve: map[string]string{address: server.listener.Addr().String()},
			Wanted:  func(name string) bool { return slices.Contains(names, name) },
			Receive: func(p player.Picture) {
				state := "http://" + address + "/labs/" + labName + "/shots/" + p.Shot.Name
				fmt.Fprintf(out, "%-8s %s brings the lab into this state\n", p.Shot.Name, state)
				fmt.Fprintf(out, "         %s, as %s, step %s\n", p.Address, p.As, p.Step)
				for _, m := range p.Shot.Marks {
					fmt.Fprintf(out, "         mark “%s”\n", m.Control)
				}
			},
		},
	})
	for _, result := range report.Steps {
		if result.Failure != nil {
			return errors.Join(err, result.Failure)
		}
	}
	return err
}
