// Understudy stands in for Okta and for Sigma, offline, so that the quickstart "Single Sign-On with Sigma and Okta" can
// be walked through in a browser.
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

// commandLine is every subcommand. Each flag has an environment twin (--addr is UNDERSTUDY_ADDR); a flag beats its twin.
type commandLine struct {
	Serve       serveCommand       `cmd:"" help:"Serve labs until interrupted."`
	Workshop    workshopCommand    `cmd:"" help:"Run a room: attendees join with a code and get a lab each."`
	Guide       guideCommand       `cmd:"" help:"Check, export or import a guide as a text."`
	Reset       resetCommand       `cmd:"" help:"Put a lab, or all, back to its scenario. Works with the server running or not."`
	Walk        walkCommand        `cmd:"" help:"Play the quickstart as a script, against a lab of its own or a running server."`
	Load        loadCommand        `cmd:"" help:"Let many people walk at once, each in a lab of their own, and measure it."`
	Doctor      doctorCommand      `cmd:"" help:"Check what a workshop needs on this machine, and say what mends it."`
	Shots       shotsCommand       `cmd:"" help:"Take the guide's pictures; only what changed is written. Exit status 0: nothing changed, 4: pictures changed, 1: error."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running server whether it is well; exit status 0 if it is."`
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
	if err != nil {
		fmt.Fprintln(os.Stderr, "understudy: "+err.Error())
		os.Exit(1)
	}
}
