// Package client calls the control API of a server.
//
//	client.go   connecting, and the operations; start here
//	find.go     finding the server of a data directory
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"understudy/seed/control/api"
)

// Client calls the control API of one server. It may be used by several goroutines.
type Client struct {
	URL      string       // of the server: http://127.0.0.1:8080
	Token    string       // bearer token; "" for a program on the machine of the server
	Password string       // of an instructor, used when there is no token
	HTTP     *http.Client // http.DefaultClient when nil
}

// maxAnswer bounds how much of a JSON answer is read, in bytes.
const maxAnswer = 64 << 20

// Do calls an operation. path is below /control/v1. in becomes the body as JSON unless it is nil; the answer is decoded into out
// unless it is nil. The error is an *api.Problem if the server refused the request.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	kind := ""
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body, kind = bytes.NewReader(text), "application/json"
	}
	answer, err := c.send(ctx, method, path, kind, body)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // read only
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(out); err != nil {
		return fmt.Errorf("the answer of %s %s is not JSON: %w", method, path, err)
	}
	return nil
}

// send sends a request and returns its answer, unless the server refused the request.
func (c *Client) send(ctx context.Context, method, path, kind string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(c.URL, "/")+"/control/v1"+path, body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	switch {
	case c.Token != "":
		request.Header.Set("Authorization", "Bearer "+c.Token)
	case c.Password != "":
		request.SetBasicAuth("instructor", c.Password)
	}
	h := c.HTTP
	if h == nil {
		h = http.DefaultClient
	}
	answer, err := h.Do(request)
	if err != nil {
		return nil, c.explain(err)
	}
	if answer.StatusCode/100 == 2 {
		return answer, nil
	}
	defer func() { _ = answer.Body.Close() }()
	refused := &api.Problem{}
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // a part is enough to say what is wrong
	if json.Unmarshal(text, refused) != nil || refused.Status == 0 {
		return nil, fmt.Errorf("the server at %s answered %s: is it Understudy, and of this version?", c.URL, answer.Status)
	}
	return nil, refused
}

// UnreachableError says that no server answers at an address.
type UnreachableError struct{ URL string }

// Error says what to do.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("no server answers at %s; start one with understudy serve, or name another one with --url", e.URL)
}

// explain says in a sentence why a server could not be reached.
func (c *Client) explain(err error) error {
	if _, isNetwork := errors.AsType[*net.OpError](err); isNetwork {
		return &UnreachableError{c.URL}
	}
	return err
}

// labPath is the path of a lab.
func labPath(name string) string { return "/labs/" + url.PathEscape(name) }

// Server says what the server is and offers.
func (c *Client) Server(ctx context.Context) (v api.Server, err error) {
	return v, c.Do(ctx, http.MethodGet, "/server", nil, &v)
}

// Create creates a lab.
func (c *Client) Create(ctx context.Context, in api.NewLab) (v api.Lab, err error) {
	return v, c.Do(ctx, http.MethodPost, "/labs", in, &v)
}

// List lists the labs.
func (c *Client) List(ctx context.Context) ([]api.LabName, error) {
	var v api.Labs
	err := c.Do(ctx, http.MethodGet, "/labs", nil, &v)
	return v.Labs, err
}

// Show returns the state of a lab.
func (c *Client) Show(ctx context.Context, name string) (v api.Lab, err error) {
	return v, c.Do(ctx, http.MethodGet, labPath(name), nil, &v)
}

// View returns the lab's state as the checks of guides see it, as JSON.
func (c *Client) View(ctx context.Context, name string, parts ...string) (v json.RawMessage, err error) {
	return v, c.Do(ctx, http.MethodGet, labPath(name)+"/view?"+url.Values{"part": parts}.Encode(), nil, &v)
}

// ChooseGuide makes a guide of a lab the one that its learner follows.
func (c *Client) ChooseGuide(ctx context.Context, name, guide string) (v api.Lab, err error) {
	return v, c.Do(ctx, http.MethodPut, labPath(name)+"/guide", api.Guide{Guide: guide}, &v)
}

// Reset resets a lab to its scenario.
func (c *Client) Reset(ctx context.Context, name string) (v api.Lab, err error) {
	return v, c.Do(ctx, http.MethodPost, labPath(name)+"/reset", nil, &v)
}

// Bring brings a lab to the beginning of a step; "end" is after the last one.
func (c *Client) Bring(ctx context.Context, name, step string) (v api.Lab, err error) {
	return v, c.Do(ctx, http.MethodPost, labPath(name)+"/bring", api.Step{Step: step}, &v)
}

// Undo undoes the last step of a lab.
func (c *Client) Undo(ctx context.Context, name string) (v api.Lab, err error) {
	return v, c.Do(ctx, http.MethodPost, labPath(name)+"/undo", nil, &v)
}

// Delete deletes a lab.
func (c *Client) Delete(ctx context.Context, name string) error {
	return c.Do(ctx, http.MethodDelete, labPath(name), nil, nil)
}

// Checkpoints lists the checkpoints of a lab, newest first.
func (c *Client) Checkpoints(ctx context.Context, name string) ([]api.Checkpoint, error) {
	var v api.Checkpoints
	err := c.Do(ctx, http.MethodGet, labPath(name)+"/checkpoints", nil, &v)
	return v.Checkpoints, err
}

// SaveCheckpoint saves the lab as it is now.
func (c *Client) SaveCheckpoint(ctx context.Context, name, label string) (v api.Checkpoint, err error) {
	return v, c.Do(ctx, http.MethodPost, labPath(name)+"/checkpoints", api.NewCheckpoint{Label: label}, &v)
}

// Restore takes a lab back to a checkpoint.
func (c *Client) Restore(ctx context.Context, name string, id int) (v api.Lab, err error) {
	return v, c.Do(ctx, http.MethodPost, labPath(name)+"/checkpoints/"+strconv.Itoa(id)+"/restore", nil, &v)
}

// Clock returns the clock of a lab.
func (c *Client) Clock(ctx context.Context, name string) (v api.Clock, err error) {
	return v, c.Do(ctx, http.MethodGet, labPath(name)+"/clock", nil, &v)
}

// MoveClock moves the clock of a lab ahead of the wall clock: "72h".
func (c *Client) MoveClock(ctx context.Context, name, ahead string) (v api.Clock, err error) {
	return v, c.Do(ctx, http.MethodPut, labPath(name)+"/clock", api.MoveClock{Ahead: ahead}, &v)
}

// Fault returns the active fault of a lab; nil if there is none.
func (c *Client) Fault(ctx context.Context, name string) (*api.ActiveFault, error) {
	var v api.FaultStatus
	err := c.Do(ctx, http.MethodGet, labPath(name)+"/fault", nil, &v)
	return v.Fault, err
}

// ApplyFault applies a fault to a lab; an empty id takes a random one.
func (c *Client) ApplyFault(ctx context.Context, name, id string) (*api.ActiveFault, error) {
	var v api.FaultStatus
	err := c.Do(ctx, http.MethodPut, labPath(name)+"/fault", api.ApplyFault{ID: id}, &v)
	return v.Fault, err
}

// TakeBackFault restores the state before the fault.
func (c *Client) TakeBackFault(ctx context.Context, name string) error {
	return c.Do(ctx, http.MethodDelete, labPath(name)+"/fault", nil, nil)
}

// FinishFault ends a fault that is fixed.
func (c *Client) FinishFault(ctx context.Context, name string) error {
	return c.Do(ctx, http.MethodPost, labPath(name)+"/fault/finish", nil, nil)
}

// Mailbox lists the emails of a lab to an address, newest first; to everybody when it is empty.
func (c *Client) Mailbox(ctx context.Context, name, to string) ([]api.Email, error) {
	var v api.Emails
	err := c.Do(ctx, http.MethodGet, labPath(name)+"/mail?"+url.Values{"to": {to}}.Encode(), nil, &v)
	return v.Emails, err
}

// LatestEmail returns the latest email to an address that is newer than the one with the ID after. It waits for one, for at most a
// minute.
func (c *Client) LatestEmail(ctx context.Context, name, to string, after int64, wait time.Duration) (v api.Email, err error) {
	q := url.Values{"to": {to}, "after": {strconv.FormatInt(after, 10)}, "wait": {wait.String()}}
	return v, c.Do(ctx, http.MethodGet, labPath(name)+"/mail/latest?"+q.Encode(), nil, &v)
}

// Traffic lists the messages between the halves that are newer than the one with the ID after, oldest first.
func (c *Client) Traffic(ctx context.Context, name string, after int64) ([]api.Message, error) {
	var v api.Traffic
	err := c.Do(ctx, http.MethodGet, labPath(name)+"/traffic?after="+strconv.FormatInt(after, 10), nil, &v)
	return v.Messages, err
}

// Message returns a message with its content.
func (c *Client) Message(ctx context.Context, name string, id int64) (v api.MessageContent, err error) {
	return v, c.Do(ctx, http.MethodGet, labPath(name)+"/traffic/"+strconv.FormatInt(id, 10), nil, &v)
}

// Clipboard lists the values that were copied from pages of a lab.
func (c *Client) Clipboard(ctx context.Context, name string) ([]api.Copied, error) {
	var v api.Clipboard
	err := c.Do(ctx, http.MethodGet, labPath(name)+"/clipboard", nil, &v)
	return v.Values, err
}

// SCIMToken creates a bearer token of a lab's SCIM server.
func (c *Client) SCIMToken(ctx context.Context, name string, in api.NewSCIMToken) (v api.SCIMToken, err error) {
	return v, c.Do(ctx, http.MethodPost, labPath(name)+"/scim-token", in, &v)
}

// Export writes a lab as one file.
func (c *Client) Export(ctx context.Context, name string, to io.Writer) error {
	answer, err := c.send(ctx, http.MethodGet, labPath(name)+"/export", "", nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // read only
	_, err = io.Copy(to, answer.Body)
	return err
}

// Scenario writes a lab as the text of a scenario file.
func (c *Client) Scenario(ctx context.Context, name, title string, to io.Writer) error {
	answer, err := c.send(ctx, http.MethodGet, labPath(name)+"/scenario?"+url.Values{"title": {title}}.Encode(), "", nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // read only
	_, err = io.Copy(to, answer.Body)
	return err
}

// Import creates a lab from an exported file.
func (c *Client) Import(ctx context.Context, name string, from io.Reader) (v api.Lab, err error) {
	answer, err := c.send(ctx, http.MethodPost, labPath(name)+"/import", "application/octet-stream", from)
	if err != nil {
		return v, err
	}
	defer func() { _ = answer.Body.Close() }() // read only
	return v, json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&v)
}

// InstructorToken returns a token that also opens all pages of a workshop, as the cookie understudy_instructor.
func (c *Client) InstructorToken(ctx context.Context) (string, error) {
	var v api.Token
	err := c.Do(ctx, http.MethodPost, "/tokens", api.Password{}, &v)
	return v.Token, err
}

// Workshop returns the state of the workshop.
func (c *Client) Workshop(ctx context.Context) (v api.Workshop, err error) {
	return v, c.Do(ctx, http.MethodGet, "/workshop", nil, &v)
}

// Join adds an attendee to the workshop.
func (c *Client) Join(ctx context.Context, nickname string) (v api.Joined, err error) {
	return v, c.Do(ctx, http.MethodPost, "/workshop/attendees", api.Join{Nickname: nickname}, &v)
}

// Results lists what the attendees did.
func (c *Client) Results(ctx context.Context) ([]api.Result, error) {
	var v api.Results
	err := c.Do(ctx, http.MethodGet, "/workshop/results", nil, &v)
	return v.Results, err
}

// Jobs lists the actions on labs of the workshop, newest first.
func (c *Client) Jobs(ctx context.Context) ([]api.Job, error) {
	var v api.Jobs
	err := c.Do(ctx, http.MethodGet, jobsPath, nil, &v)
	return v.Jobs, err
}

const jobsPath = "/workshop/jobs"

func jobPath(id int64) string { return jobsPath + "/" + strconv.FormatInt(id, 10) }

// NewJob begins an action in the labs of attendees.
func (c *Client) NewJob(ctx context.Context, in api.NewJob) (v api.Job, err error) {
	return v, c.Do(ctx, http.MethodPost, jobsPath, in, &v)
}

// Job returns how far a job is.
func (c *Client) Job(ctx context.Context, id int64) (v api.Job, err error) {
	return v, c.Do(ctx, http.MethodGet, jobPath(id), nil, &v)
}

// CancelJob stops a job after the labs that it works on at this moment.
func (c *Client) CancelJob(ctx context.Context, id int64) (v api.Job, err error) {
	return v, c.Do(ctx, http.MethodPost, jobPath(id)+"/cancel", nil, &v)
}
