package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commandLine holds the subcommands. Each flag can also be set by an environment variable (--addr by UNDERSTUDY_ADDR); the
// flag wins.
type commandLine struct {
	Serve       serveCommand       `cmd:"" help:"Serve labs until interrupted."`
	Workshop    workshopCommand    `cmd:"" help:"Serve a workshop: attendees join with a code and get one lab each."`
	Guide       guideCommand       `cmd:"" help:"Check, export or import the text of a guide."`
	Scenario    scenarioCommand    `cmd:"" help:"Make, check and export scenarios: what new labs contain."`
	Reset       resetCommand       `cmd:"" help:"Reset one lab, or all labs, to their scenario, whether or not a server is running."`
	Lab         labCommand         `cmd:"" help:"Control the labs of a running server: create, show, bring, reset, export and more."`
	Walk        walkCommand        `cmd:"" help:"Play a guide's script in a new lab, or on a running server."`
	Load        loadCommand        `cmd:"" help:"Measure a server under load: many simulated people play the quickstart at once."`
	Doctor      doctorCommand      `cmd:"" help:"Check whether this machine is ready for a workshop, and say how to fix problems."`
	Shots       shotsCommand       `cmd:"" help:"Take the guide's pictures and write those that changed. Exit status: 0 none changed, 4 some changed, 1 error."`
	Healthcheck healthcheckCommand `cmd:"" help:"Check whether a server is running; exit status 0 if it is."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var line commandLine
	parser := kong.Must(&line,
		kong.Name("understudy"),
		kong.Description("A training stand-in for Okta and Sigma. Not affiliated with either vendor."),
		kong.DefaultEnvars("UNDERSTUDY"),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	err = command.Run()
	var status exitStatus
	if errors.As(err, &status) {
		os.Exit(int(status))
	}
	if reported, ok := errors.AsType[reportedError](err); ok {
		fmt.Fprintln(os.Stderr, "understudy: "+err.Error())
		os.Exit(int(reported.status))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "understudy: "+err.Error())
		os.Exit(1)
	}
}
