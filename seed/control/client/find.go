package client

import (
	"errors"
	"io/fs"

	"understudy/seed/lab"
)

// DefaultURL is where a server listens unless it is told otherwise.
const DefaultURL = "http://127.0.0.1:8080"

// Find returns a client of the server that uses a data directory. If none has announced itself there, it is the client of the
// server at DefaultURL, which may keep its labs elsewhere.
func Find(dir string) (*Client, error) {
	a, err := lab.Announced(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &Client{URL: DefaultURL}, nil
	}
	if err != nil {
		return nil, err
	}
	return &Client{URL: a.URL, Token: a.Token}, nil
}
