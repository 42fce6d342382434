package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"understudy/seed/control/api"
	"understudy/seed/control/client"
	"understudy/seed/lab"
)

// labCommand controls the labs of a running server.
type labCommand struct {
	Create      labCreate      `cmd:"" help:"Create a lab."`
	List        labList        `cmd:"" help:"List the labs."`
	Show        labShow        `cmd:"" help:"Show a lab: addresses, identities, progress, clock and fault."`
	View        labView        `cmd:"" help:"Print the lab's state as the checks of guides see it, as JSON."`
	Reset       labReset       `cmd:"" help:"Reset a lab to its scenario."`
	Bring       labBring       `cmd:"" help:"Bring a lab to the beginning of a step."`
	Undo        labUndo        `cmd:"" help:"Undo the last step of a lab."`
	Checkpoints labCheckpoints `cmd:"" help:"List the checkpoints of a lab."`
	Checkpoint  labCheckpoint  `cmd:"" help:"Save a lab as a checkpoint."`
	Restore     labRestore     `cmd:"" help:"Take a lab back to a checkpoint."`
	Clock       labClock       `cmd:"" help:"Show or move the clock of a lab."`
	Fault       labFault       `cmd:"" help:"Show, apply, take back or finish a fault."`
	Mail        labMail        `cmd:"" help:"List the emails of a lab, or print the latest one to an address."`
	Traffic     labTraffic     `cmd:"" help:"List the SAML and SCIM messages of a lab."`
	ScimToken   labSCIMToken   `cmd:"" name:"scim-token" help:"Create a bearer token of Sigma's SCIM server, and print it alone."`
	Export      labExport      `cmd:"" help:"Write a lab to a file."`
	Import      labImport      `cmd:"" help:"Create a lab from an exported file."`
	Delete      labDelete      `cmd:"" help:"Delete a lab."`
	Join        labJoin        `cmd:"" help:"Add an attendee to the workshop."`
	Results     labResults     `cmd:"" help:"Show what the attendees of the workshop did."`
	Jobs        labJobs        `cmd:"" help:"List the actions on the labs of a workshop, show one, or cancel one."`
}

// labFlags are the flags of all these commands.
type labFlags struct {
	connectFlags
	JSON bool `help:"Print JSON instead of a table."`
}

// labName is the argument of commands about one lab.
type labName struct {
	Name string `arg:"" help:"Name of the lab."`
}

// print writes a value as JSON, or as the table that rows describes.
func (f labFlags) print(value any, rows func(add func(cells ...string))) error {
	if f.JSON {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(value)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	rows(func(cells ...string) { fmt.Fprintln(table, strings.Join(cells, "\t")) })
	return table.Flush()
}

// printLab prints a lab.
func (f labFlags) printLab(v api.Lab) error {
	return f.print(v, func(add func(...string)) {
		add("Lab", v.Name)
		add("Scenario", v.Scenario)
		add("Guide", v.Guide)
		for _, name := range []string{"card", "admin", "okta", "sigma", "scim"} {
			add("Address "+name, v.Addresses[name])
		}
		add("Steps", fmt.Sprintf("%d of %d completed", len(v.Progress.Done), v.Progress.Total))
		if v.Progress.Current != "" {
			add("Next step", v.Progress.Current+"  "+v.Progress.Awaits)
		}
		add("Clock", v.Clock.Now.Format(time.RFC3339)+"  "+v.Clock.Ahead+" ahead")
		if v.Fault != nil {
			add("Fault", v.Fault.ID+"  "+v.Fault.Title)
		}
		for _, i := range v.Identities {
			add(i.ID, i.Username+" / "+i.Password)
		}
	})
}

type labCreate struct {
	labFlags
	labName
	Scenario string   `placeholder:"NAME" help:"Scenario of the lab. Default: the one in which the first guide begins."`
	Guide    []string `placeholder:"NAME" help:"Guide of the lab; may be repeated. Default: quickstart."`
	Step     string   `placeholder:"STEP" help:"Step of the guide to bring the lab to; \"end\" completes all steps."`
	Ahead    string   `placeholder:"TIME" help:"How far the lab's clock is ahead, such as 72h or 3d."`
	Seed     string   `placeholder:"TEXT" help:"Source of the identifiers. Labs with the same seed and actions have the same identifiers. Default: the name."`
}

// Run implements lab create.
func (c *labCreate) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		v, err := to.Create(ctx, api.NewLab{Name: c.Name, Scenario: c.Scenario, Guides: c.Guide, Seed: c.Seed, Ahead: c.Ahead, Step: c.Step})
		if err != nil {
			return err
		}
		return c.printLab(v)
	})
}

type labList struct{ labFlags }

// Run implements lab list.
func (c *labList) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		list, err := to.List(ctx)
		if err != nil {
			return err
		}
		return c.print(list, func(add func(...string)) {
			add("NAME", "ATTENDEE")
			for _, l := range list {
				add(l.Name, l.Nickname)
			}
		})
	})
}

// labAction is a command that changes a lab and prints it.
func (f labFlags) labAction(call func(*client.Client) (api.Lab, error)) error {
	return f.with(func(to *client.Client) error {
		v, err := call(to)
		if err != nil {
			return err
		}
		return f.printLab(v)
	})
}

type labShow struct {
	labFlags
	labName
}

// Run implements lab show.
func (c *labShow) Run(ctx context.Context) error {
	return c.labAction(func(to *client.Client) (api.Lab, error) { return to.Show(ctx, c.Name) })
}

type labView struct {
	connectFlags
	labName
	Part []string `placeholder:"PART" help:"Only this part, such as okta.users or traffic."`
}

// Run implements lab view.
func (c *labView) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		v, err := to.View(ctx, c.Name, c.Part...)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(os.Stdout, string(v))
		return err
	})
}

type labReset struct {
	labFlags
	labName
}

// Run implements lab reset.
func (c *labReset) Run(ctx context.Context) error {
	return c.labAction(func(to *client.Client) (api.Lab, error) { return to.Reset(ctx, c.Name) })
}

type labBring struct {
	labFlags
	labName
	Step string `arg:"" help:"Step of the guide, such as 2.4; \"end\" completes all steps."`
}

// Run implements lab bring.
func (c *labBring) Run(ctx context.Context) error {
	return c.labAction(func(to *client.Client) (api.Lab, error) { return to.Bring(ctx, c.Name, c.Step) })
}

type labUndo struct {
	labFlags
	labName
}

// Run implements lab undo.
func (c *labUndo) Run(ctx context.Context) error {
	return c.labAction(func(to *client.Client) (api.Lab, error) { return to.Undo(ctx, c.Name) })
}

type labCheckpoints struct {
	labFlags
	labName
}

// Run implements lab checkpoints.
func (c *labCheckpoints) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		list, err := to.Checkpoints(ctx, c.Name)
		if err != nil {
			return err
		}
		return c.print(list, func(add func(...string)) {
			add("ID", "TIME", "LABEL")
			for _, k := range list {
				add(fmt.Sprint(k.ID), k.At.Format(time.RFC3339), k.Label)
			}
		})
	})
}

type labCheckpoint struct {
	labFlags
	labName
	Label string `arg:"" help:"What the checkpoint is called."`
}

// Run implements lab checkpoint.
func (c *labCheckpoint) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		k, err := to.SaveCheckpoint(ctx, c.Name, c.Label)
		if err != nil {
			return err
		}
		return c.print(k, func(add func(...string)) { add(fmt.Sprint(k.ID), k.Label) })
	})
}

type labRestore struct {
	labFlags
	labName
	ID int `arg:"" help:"Number of the checkpoint."`
}

// Run implements lab restore.
func (c *labRestore) Run(ctx context.Context) error {
	return c.labAction(func(to *client.Client) (api.Lab, error) { return to.Restore(ctx, c.Name, c.ID) })
}

type labClock struct {
	labFlags
	labName
	Ahead string `arg:"" optional:"" help:"How far the clock is ahead of the real time, such as 72h or 3d; 0s sets it right."`
}

// Run implements lab clock.
func (c *labClock) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) (err error) {
		var v api.Clock
		if c.Ahead == "" {
			v, err = to.Clock(ctx, c.Name)
		} else {
			v, err = to.MoveClock(ctx, c.Name, c.Ahead)
		}
		if err != nil {
			return err
		}
		return c.print(v, func(add func(...string)) { add(v.Now.Format(time.RFC3339), v.Ahead+" ahead") })
	})
}

type labFault struct {
	labFlags
	labName
	ID       string `arg:"" optional:"" help:"Fault to apply; \"random\" takes any. Default: show the active fault."`
	TakeBack bool   `xor:"end" help:"Restore the state before the fault."`
	Finish   bool   `xor:"end" help:"End a fault that is fixed. What was fixed stays."`
}

// Run implements lab fault.
func (c *labFault) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) (err error) {
		var v *api.ActiveFault
		switch {
		case (c.TakeBack || c.Finish) && c.ID != "":
			return errors.New("name a fault, or use --take-back or --finish; not both")
		case c.Finish:
			err = to.FinishFault(ctx, c.Name)
		case c.TakeBack:
			err = to.TakeBackFault(ctx, c.Name)
		case c.ID == "":
			v, err = to.Fault(ctx, c.Name)
		default:
			v, err = to.ApplyFault(ctx, c.Name, strings.TrimPrefix(c.ID, "random"))
		}
		if err != nil {
			return err
		}
		return c.print(v, func(add func(...string)) {
			if v == nil {
				add("No fault is active.")
				return
			}
			add("Fault", v.ID)
			add("Title", v.Title)
			add("Symptom", v.Symptom)
			add("Fixed", fmt.Sprint(v.Fixed))
		})
	})
}

type labMail struct {
	labFlags
	labName
	To    string        `placeholder:"EMAIL" help:"Print the latest email to this address."`
	Wait  time.Duration `help:"With --to: wait for an email for at most this time, up to 1m."`
	After int64         `placeholder:"ID" help:"With --to: only an email that is newer than this one."`
}

// Run implements lab mail.
func (c *labMail) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		if c.To == "" {
			if c.Wait != 0 || c.After != 0 {
				return errors.New("--wait and --after need an address: --to EMAIL")
			}
			return c.list(ctx, to)
		}
		m, err := to.LatestEmail(ctx, c.Name, c.To, c.After, c.Wait)
		if err != nil {
			return err
		}
		if c.JSON {
			return c.print(m, nil)
		}
		_, err = fmt.Fprintf(os.Stdout, "Number: %d\nFrom: %s\nTo: %s <%s>\nDate: %s\nSubject: %s\n\n%s\n",
			m.ID, m.From, m.ToName, m.To, m.At.Format(time.RFC1123Z), m.Subject, m.Body)
		return err
	})
}

func (c *labMail) list(ctx context.Context, to *client.Client) error {
	list, err := to.Mailbox(ctx, c.Name, "")
	if err != nil {
		return err
	}
	return c.print(list, func(add func(...string)) {
		add("ID", "TIME", "FROM", "TO", "SUBJECT")
		for _, m := range list {
			add(fmt.Sprint(m.ID), m.At.Format(time.RFC3339), m.From, m.To, m.Subject)
		}
	})
}

type labTraffic struct {
	labFlags
	labName
	After int64 `placeholder:"ID" help:"Only messages that are newer than this one."`
}

// Run implements lab traffic.
func (c *labTraffic) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		list, err := to.Traffic(ctx, c.Name, c.After)
		if err != nil {
			return err
		}
		return c.print(list, func(add func(...string)) {
			add("ID", "TIME", "KIND", "STATUS", "REQUEST")
			for _, m := range list {
				add(fmt.Sprint(m.ID), m.At.Format(time.RFC3339), m.Kind, fmt.Sprint(m.Status), m.Method+" "+m.To+m.Path)
			}
		})
	})
}

type labSCIMToken struct {
	labFlags
	labName
	As   string `placeholder:"NAME" help:"Name of the token. Default: Control API."`
	Days int    `help:"Days until the token expires; 0: never."`
}

// Run implements lab scim-token. Without --json the token is all that it prints.
func (c *labSCIMToken) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		t, err := to.SCIMToken(ctx, c.Name, api.NewSCIMToken{Name: c.As, Days: c.Days})
		if err != nil {
			return err
		}
		return c.print(t, func(add func(...string)) { add(t.Token) })
	})
}

type labExport struct {
	connectFlags
	labName
	Out string `placeholder:"FILE" help:"File to write; - is standard output. Default: NAME.understudy."`
}

// Run implements lab export. A file that could not be written whole is removed.
func (c *labExport) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) (err error) {
		if c.Out == "-" {
			return to.Export(ctx, c.Name, os.Stdout)
		}
		path := c.Out
		if path == "" {
			path = lab.ExportName(c.Name)
		}
		file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // a lab holds passwords
		if err != nil {
			return err
		}
		if err := errors.Join(to.Export(ctx, c.Name, file), file.Close()); err != nil {
			return errors.Join(err, os.Remove(path))
		}
		_, err = fmt.Fprintln(os.Stdout, path)
		return err
	})
}

type labImport struct {
	labFlags
	labName
	File string `arg:"" help:"Exported file; - is standard input."`
}

// Run implements lab import.
func (c *labImport) Run(ctx context.Context) error {
	return c.labAction(func(to *client.Client) (api.Lab, error) {
		var from io.Reader = os.Stdin
		if c.File != "-" {
			file, err := os.Open(c.File)
			if err != nil {
				return api.Lab{}, err
			}
			defer func() { _ = file.Close() }() // read only
			from = file
		}
		return to.Import(ctx, c.Name, from)
	})
}

type labDelete struct {
	connectFlags
	labName
}

// Run implements lab delete.
func (c *labDelete) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error { return to.Delete(ctx, c.Name) })
}
