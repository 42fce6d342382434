package problem_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"understudy/seed/base/problem"
)

func TestKindOfWrappedErrors(t *testing.T) {
	notFound := problem.New(problem.NotFound, "There is no such user.")
	for _, c := range []struct {
		err  error
		want problem.Kind
	}{
		{notFound, problem.NotFound},
		{fmt.Errorf("load user: %w", notFound), problem.NotFound},
		{errors.Join(io.EOF, notFound), problem.NotFound},
		{io.EOF, problem.Internal},
	} {
		if got := problem.KindOf(c.err); got != c.want || !problem.Is(c.err, c.want) {
			t.Errorf("%v has kind %d, want %d", c.err, got, c.want)
		}
	}
	if problem.Is(nil, problem.Internal) || problem.As(io.EOF) != nil {
		t.Error("a nil error or another error was taken for a problem")
	}
}

// The text of an error is for the log: it has the fields and the cause.
func TestErrorText(t *testing.T) {
	err := &problem.Error{Kind: problem.Invalid, Message: "Check the form.", Err: io.EOF,
		Fields: []problem.Field{{Name: "email", Message: "Enter an email address."}}}
	if got, want := err.Error(), "Check the form.; email: Enter an email address.: EOF"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !errors.Is(err, io.EOF) {
		t.Error("the cause cannot be found")
	}
}

func TestCheckCollectsFields(t *testing.T) {
	var form problem.Check
	form.Require(true, "first", "Enter a first name.")
	if err := form.Err(); err != nil {
		t.Fatalf("a complete form has the error %v", err)
	}
	form.Require(false, "last", "Enter a last name.")
	form.Require(false, "email", "Enter an email address.")
	err := problem.As(form.Err())
	if err == nil || err.Kind != problem.Invalid || len(err.Fields) != 2 || err.Fields[0].Name != "last" || err.Fields[1].Name != "email" {
		t.Errorf("%+v", err)
	}
}
