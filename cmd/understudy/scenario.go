package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"understudy/seed/content"
	"understudy/seed/control/client"
	"understudy/seed/lab"
	"understudy/seed/scenario"
)

// scenarioCommand makes and checks scenario files.
type scenarioCommand struct {
	New    scenarioNew    `cmd:"" help:"Print a commented scenario to begin with."`
	Check  scenarioCheck  `cmd:"" help:"Check scenarios and catalog apps (.yaml) and guides (.md), and name the line of each mistake. Exit status: 0 none, 4 mistakes."`
	Export scenarioExport `cmd:"" help:"Print a lab as a scenario, from which further labs can be created."`
	Schema scenarioSchema `cmd:"" help:"Print the JSON schema of scenario files, for editors."`
}

// scenarioNew is the command scenario new.
type scenarioNew struct{}

// Run implements scenario new.
func (scenarioNew) Run() error {
	_, err := os.Stdout.WriteString(scenario.Template)
	return err
}

// scenarioSchema is the command scenario schema.
type scenarioSchema struct{}

// Run implements scenario schema.
func (scenarioSchema) Run() error {
	text, err := scenario.Schema()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}

// scenarioCheck is the command scenario check.
type scenarioCheck struct {
	Files []string `arg:"" type:"existingfile" help:"Files to check."`
}

// Run implements scenario check.
func (c *scenarioCheck) Run(ctx context.Context) error {
	wrong := false
	for _, path := range c.Files {
		if err := checkContent(ctx, path); err != nil {
			wrong = true
			fmt.Println(err)
		}
	}
	if wrong {
		return exitStatus(statusFindings)
	}
	return nil
}

// checkContent checks a file. A lab is created from a scenario.
func checkContent(ctx context.Context, path string) error {
	dir, err := os.MkdirTemp("", "understudy-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	work, cancel := context.WithCancel(ctx)
	defer cancel()
	registry, err := lab.OpenRegistry(dir, lab.Config{Keys: lab.NewKeyPool(work, 0)})
	if err != nil {
		return err
	}
	err = content.CheckFile(path, func(s scenario.Scenario) error {
		s.Name = "checked"
		if err := registry.Create(ctx, "checked", s); err != nil {
			return fmt.Errorf("%s: %w", path, sentence(err))
		}
		return nil
	})
	return errors.Join(err, registry.Close())
}

// scenarioExport is the command scenario export.
type scenarioExport struct {
	connectFlags
	Lab   string `arg:"" help:"Lab to export, whether or not a server is running."`
	Title string `help:"Title of the scenario. Default: the name of the lab."`
	Out   string `type:"path" placeholder:"FILE" help:"File to write. Default: standard output."`
}

// Run implements scenario export.
func (c *scenarioExport) Run(ctx context.Context) error {
	if c.URL != "" {
		return c.ask(ctx)
	}
	dir, err := c.directory()
	if err != nil {
		return err
	}
	work, cancel := context.WithCancel(ctx)
	defer cancel()
	registry, err := lab.OpenRegistry(dir, lab.Config{Keys: lab.NewKeyPool(work, 0)})
	if errors.Is(err, lab.ErrInUse) {
		return c.ask(ctx)
	}
	if err != nil {
		return err
	}
	text, err := exportScenario(ctx, registry, c.Lab, c.Title)
	if err := errors.Join(err, registry.Close()); err != nil {
		return err
	}
	return c.write(text)
}

// exportScenario returns a lab as the text of a scenario.
func exportScenario(ctx context.Context, registry *lab.Registry, name, title string) (string, error) {
	l, release, err := registry.Acquire(ctx, name)
	if err != nil {
		return "", sentence(err)
	}
	defer release()
	return l.ScenarioText(ctx, title)
}

// ask gets the scenario from a running server.
func (c *scenarioExport) ask(ctx context.Context) error {
	return c.with(func(from *client.Client) error {
		var text strings.Builder
		if err := from.Scenario(ctx, c.Lab, c.Title, &text); err != nil {
			return err
		}
		return c.write(text.String())
	})
}

func (c *scenarioExport) write(text string) error {
	if c.Out == "" {
		_, err := os.Stdout.WriteString(text)
		return err
	}
	if err := os.WriteFile(c.Out, []byte(text), 0o600); err != nil { // it has password hashes and tokens
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
