package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"understudy/seed/base/textlimit"
	"understudy/seed/codelab"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

// guideCommand checks, exports and imports the text of a guide.
type guideCommand struct {
	Lint   guideLint   `cmd:"" help:"Check a guide; exit status 4 if there are findings."`
	Export guideExport `cmd:"" help:"Write a guide as a codelab, Markdown, HTML or PDF."`
	Import guideImport `cmd:"" help:"Propose scripts for a codelab that has none."`
}

// statusFindings is the exit status of guide lint if there are findings.
const statusFindings = 4

// guideSource reads a guide from a file; for no name it returns the built-in quickstart.
func guideSource(file string) (*codelab.Document, error) {
	if file == "" {
		text, err := script.Files.ReadFile(script.QuickstartFile)
		return codelab.Read(script.QuickstartFile, string(text)), err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the guide: %w", err)
	}
	if exceeded := textlimit.Markdown(text); exceeded != nil {
		return nil, fmt.Errorf("%s: %w", file, exceeded)
	}
	return codelab.Read(file, string(text)), nil
}

// guideLint is the command guide lint.
type guideLint struct {
	File     string `arg:"" optional:"" help:"Codelab Markdown. Default: the quickstart."`
	Pictures string `type:"existingdir" placeholder:"DIR" help:"Directory that contains the folder assets; missing and unused pictures are reported."`
	JSON     bool   `help:"Print the findings as JSON."`
	Live     bool   `help:"Also play the guide, and report labels in its text that are on no page of their step."`
}

// Run implements guide lint.
func (c *guideLint) Run(ctx context.Context) error {
	document, err := guideSource(c.File)
	if err != nil {
		return err
	}
	var pictures fs.FS
	if c.Pictures != "" {
		pictures = os.DirFS(c.Pictures)
	}
	findings := codelab.Lint(document, pictures)
	if c.Live {
		var live []codelab.Finding
		if err := inTemporaryLab(ctx, func(url string) (err error) {
			live, err = codelab.Live(ctx, document, player.Options{URL: url})
			return err
		}); err != nil {
			return err
		}
		findings = append(findings, live...)
	}
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(append([]codelab.Finding{}, findings...)); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			fmt.Fprintln(os.Stdout, f)
		}
	}
	if len(findings) > 0 {
		return exitStatus(statusFindings)
	}
	return nil
}

// guideExport is the command guide export.
type guideExport struct {
	Format   string `arg:"" enum:"codelab,markdown,html,pdf" help:"codelab, markdown, html or pdf."`
	File     string `arg:"" optional:"" help:"Codelab Markdown. Default: the quickstart."`
	Out      string `required:"" placeholder:"DIR" help:"Directory to write to."`
	Pictures string `type:"existingdir" placeholder:"DIR" help:"Directory of the pictures, as the command shots writes them. They are copied."`
	Strip    bool   `help:"Leave the scripts out of the codelab."`
}

// Run implements guide export.
func (c *guideExport) Run(ctx context.Context) error {
	document, err := guideSource(c.File)
	if err != nil {
		return err
	}
	path, missing, err := c.write(ctx, document)
	if err != nil {
		return err
	}
	if c.Pictures == "" && len(document.Images()) > 0 {
		fmt.Fprintln(os.Stderr, "no pictures were copied. Take them with: understudy shots --out DIR. Then add: --pictures DIR")
	}
	for _, name := range missing {
		fmt.Fprintf(os.Stderr, "the picture %s is missing. Take it with: understudy shots\n", name)
	}
	fmt.Fprintln(os.Stdout, path)
	return nil
}

// write writes the guide in the chosen format, with its pictures. It returns the path of the main file and the missing pictures.
func (c *guideExport) write(ctx context.Context, document *codelab.Document) (path string, missing []string, err error) {
	if c.Format == "pdf" {
		path = filepath.Join(c.Out, "guide.pdf")
		if err := os.MkdirAll(c.Out, 0o755); err != nil {
			return "", nil, fmt.Errorf("export: %w", err)
		}
		missing, err = codelab.PDF(ctx, document, c.Pictures, path)
		return path, missing, err
	}
	assets := filepath.Join(c.Out, "assets")
	if err := os.MkdirAll(assets, 0o755); err != nil {
		return "", nil, fmt.Errorf("export: %w", err)
	}
	if missing, err = codelab.CopyPictures(document, c.Pictures, assets); err != nil {
		return "", missing, err
	}
	switch c.Format {
	case "codelab":
		path, err = c.file("guide.md", codelab.Codelab(document, c.Strip))
	case "markdown":
		path, err = c.file("guide.md", codelab.Markdown(document))
	default:
		var page string
		if page, err = codelab.HTML(document); err == nil {
			path, err = c.file("index.html", page)
		}
	}
	return path, missing, err
}

// file writes one text file into the output directory and returns its path.
func (c *guideExport) file(name, text string) (string, error) {
	path := filepath.Join(c.Out, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return "", fmt.Errorf("export: %w", err)
	}
	return path, nil
}

// guideImport is the command guide import.
type guideImport struct {
	File    string `arg:"" help:"Codelab Markdown without scripts."`
	Out     string `required:"" placeholder:"FILE" help:"File to write. It must not exist."`
	NoTrial bool   `help:"Do not play the proposed steps in a temporary lab. Proposals are then not compared with the pages."`
}

// Run implements guide import.
func (c *guideImport) Run(ctx context.Context) error {
	document, err := guideSource(c.File)
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.Out); err == nil {
		return fmt.Errorf("%s exists already; choose another file name", c.Out)
	}
	imported, err := codelab.Import(document)
	if err != nil {
		return err
	}
	if !c.NoTrial {
		if err := inTemporaryLab(ctx, func(url string) error { return imported.Trial(ctx, player.Options{URL: url}) }); err != nil {
			return fmt.Errorf("play the proposed steps: %w", err)
		}
	}
	if err := os.WriteFile(c.Out, []byte(imported.Source()), 0o644); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	for _, finding := range imported.Findings() {
		fmt.Fprintln(os.Stdout, finding)
	}
	fmt.Fprintf(os.Stdout, "%s: %d steps, %d of them with a complete script\n", c.Out, len(imported.Steps), imported.Scripted())
	return nil
}

// inTemporaryLab calls use with the address of a server with a new lab.
func inTemporaryLab(ctx context.Context, use func(url string) error) error {
	serve := serveCommand{Addr: "127.0.0.1:0", Ephemeral: true, Lab: "demo", IdleClose: defaultIdle}
	s, err := serve.start(ctx)
	if err != nil {
		return err
	}
	return errors.Join(use(s.url), s.Close())
}
