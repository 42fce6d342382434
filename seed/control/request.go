package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"

	"github.com/labstack/echo/v4"

	"understudy/seed/base/problem"
	"understudy/seed/door"
	"understudy/seed/lab"
)

// request is a request for an operation.
type request struct {
	echo.Context
	control  *Control
	releases []func()
}

func (r *request) ctx() context.Context { return r.Request().Context() }

// origin is the public scheme and host of this server.
func (r *request) origin() string {
	if w := r.control.Workshop; w != nil {
		return w.Address
	}
	return door.Origin(r.Context)
}

// name is the lab that the address names.
func (r *request) name() string { return r.Param("name") }

// lab opens the lab that the address names. The request ends with the lab.
func (r *request) lab() (*lab.Lab, error) {
	l, release, err := r.control.Registry.Acquire(r.ctx(), r.name())
	if err != nil {
		return nil, err
	}
	ctx, end := l.EndsWithLab(r.ctx())
	r.SetRequest(r.Request().WithContext(l.Pinned(ctx)))
	r.releases = append(r.releases, release, end)
	return l, nil
}

// release gives back the labs that the request has opened.
func (r *request) release() {
	for _, f := range r.releases {
		f()
	}
}

// read decodes the JSON body of a request. An empty body is an empty message. A member that the message does not have is an error.
func (r *request) read(into any) error {
	body := r.Request().Body
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if kind, _, _ := mime.ParseMediaType(r.Request().Header.Get(echo.HeaderContentType)); kind != echo.MIMEApplicationJSON {
		return problem.InvalidField("Content-Type", "Send the body as application/json.")
	}
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mismatch):
		return problem.InvalidField(mismatch.Field, fmt.Sprintf("The value is a %s; it must be a %s.", mismatch.Value, mismatch.Type))
	case err != nil:
		return problem.InvalidField("body", "The body is not the JSON that this address takes: "+err.Error()+".")
	case d.More():
		return problem.InvalidField("body", "The body has text after the JSON object.")
	}
	return nil
}

// number is a whole number of the query; otherwise when it is absent. Invalid when it is not from 0 to most.
func (r *request) number(name string, otherwise, most int64) (int64, error) {
	text := r.QueryParam(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > most {
		return 0, problem.InvalidField(name, fmt.Sprintf("%.50q is not a whole number from 0 to %d.", text, most))
	}
	return n, nil
}

// id is the number in the address; NotFound with a sentence when it is none.
func (r *request) id(otherwise string) (int64, error) {
	n, err := strconv.ParseInt(r.Param("id"), 10, 64)
	if err != nil {
		return 0, problem.New(problem.NotFound, otherwise)
	}
	return n, nil
}
