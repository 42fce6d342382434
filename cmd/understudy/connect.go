package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"understudy/seed/control/api"
	"understudy/seed/control/client"
)

// connectFlags say which server a command speaks to, and as whom. Without them it is the server that uses the data directory.
type connectFlags struct {
	dataFlags
	URL       string `placeholder:"URL" help:"Address of the server. Default: the server that uses the data directory, or http://127.0.0.1:8080."`
	Token     string `placeholder:"TOKEN" help:"Token of the server or of an instructor. Default: the one in the data directory."`
	TokenFile string `type:"path" placeholder:"FILE" help:"File that holds the token."`
	instructorFlags
}

// connect returns a client of the server.
func (f connectFlags) connect() (*client.Client, error) {
	c, err := f.find()
	if err != nil {
		return nil, err
	}
	password, err := readPassword(f.Password, f.PasswordFile)
	if err != nil {
		return nil, err
	}
	if password != "" {
		c.Token, c.Password = "", password
	}
	token, err := readToken(f.Token, f.TokenFile)
	if token != "" {
		c.Token = token
	}
	return c, err
}

func (f connectFlags) find() (*client.Client, error) {
	if f.URL != "" {
		return &client.Client{URL: strings.TrimRight(f.URL, "/")}, nil
	}
	dir, err := f.directory()
	if err != nil {
		return nil, err
	}
	return client.Find(dir)
}

// instructorFlags give the instructor's password of a workshop.
type instructorFlags struct {
	Password     string `env:"UNDERSTUDY_INSTRUCTOR_PASSWORD" xor:"password" placeholder:"TEXT" help:"Instructor's password, in place of a token. Other users of this machine can see it; prefer --password-file."`
	PasswordFile string `type:"existingfile" xor:"password" placeholder:"FILE" help:"File whose first line is the instructor's password."`
}

// readPassword returns the instructor password of the flags --password and --password-file; "" for none.
func readPassword(password, path string) (string, error) {
	if path == "" {
		return password, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("--password-file: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "", fmt.Errorf("--password-file %s: the first line is empty; write the instructor password there", path)
	}
	return line, nil
}

// tokenFlags set the token of a server that is started.
type tokenFlags struct {
	Token     string `placeholder:"TOKEN" help:"Token with which programs control the server, at least 16 letters. Default: a random one, kept in the data directory."`
	TokenFile string `type:"path" placeholder:"FILE" help:"File that holds the token."`
}

// readToken returns the token of the flags --token and --token-file; empty if neither is set.
func readToken(token, file string) (string, error) {
	if file == "" {
		return token, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("--token-file: %w", err)
	}
	if token = strings.TrimSpace(string(text)); token == "" {
		return "", fmt.Errorf("--token-file %s is empty; write the token into it", file)
	}
	return token, nil
}

// Exit statuses of commands that speak to a server. Every other failure is status 1.
const (
	statusNotReached exitStatus = 3 // no server answers, or the server does not accept the token
	statusNotFound   exitStatus = 4 // the server has no such lab, step or email
)

// reportedError is an error that ends the program with a different status.
type reportedError struct {
	error
	status exitStatus
}

// Unwrap returns the error that is printed.
func (e reportedError) Unwrap() error { return e.error }

// withStatus gives an error of a server the exit status that scripts can tell apart.
func withStatus(err error) error {
	refused, isRefused := errors.AsType[*api.Problem](err)
	_, isUnreachable := errors.AsType[*client.UnreachableError](err)
	switch {
	case isUnreachable, isRefused && refused.Status == 401:
		return reportedError{err, statusNotReached}
	case isRefused && refused.Status == 404:
		return reportedError{err, statusNotFound}
	}
	return err
}

// with calls f with a client of the server.
func (f connectFlags) with(call func(*client.Client) error) error {
	c, err := f.connect()
	if err != nil {
		return err
	}
	return withStatus(call(c))
}
