package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"understudy/seed/lab"
	"understudy/seed/scenario"
	"understudy/seed/script"
)

// scenarioCommand makes and checks scenario files.
type scenarioCommand struct {
	New    scenarioNew    `cmd:"" help:"Print a commented scenario to begin with."`
	Check  scenarioCheck  `cmd:"" help:"Check scenarios (.yaml) and guides (.md), and name the line of each mistake. Exit status: 0 none, 4 mistakes."`
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

// checkContent checks a scenario, by creating a lab from it, or a guide.
func checkContent(ctx context.Context, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if filepath.Ext(path) == ".md" {
		_, err := script.Parse(path, text)
		return err
	}
	s, err := scenario.Parse(strings.TrimSuffix(path, filepath.Ext(path)), string(text))
	if err != nil {
		return err
	}
	s.Name = "checked"
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
	err = registry.Create(ctx, "checked", s)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, sentence(err))
	}
	return errors.Join(err, registry.Close())
}

// scenarioExport is the command scenario export.
type scenarioExport struct {
	dataFlags
	Lab   string `arg:"" help:"Lab to export, whether or not a server is running."`
	Title string `help:"Title of the scenario. Default: the name of the lab."`
	Out   string `type:"path" placeholder:"FILE" help:"File to write. Default: standard output."`
}

// Run implements scenario export.
func (c *scenarioExport) Run(ctx context.Context) error {
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

// askServer gets the scenario from the running server that has announced its address in dir.
func (c *scenarioExport) askServer(ctx context.Context, dir string) error {
	running, err := lab.Announced(dir)
	if err != nil {
		return err
	}
	base := running.URL
	address := base + "/labs/" + url.PathEscape(c.Lab) + "/scenario?" + url.Values{"title": {c.Title}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the running server at %s does not answer: %w", base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return fmt.Errorf("the running server at %s: %w", base, err)
	case resp.StatusCode == http.StatusNotFound:
		return fmt.Errorf("there is no lab named %s", c.Lab)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("the running server answered %s; in a workshop, download the scenario on the page of the lab", resp.Status)
	}
	return c.write(string(text))
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
