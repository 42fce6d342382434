// Package control serves the control API: programs create labs, look at them and change them, as people do on the pages.
//
// The API is JSON over HTTP below /control/v1. Package api holds its messages and its OpenAPI document, package client a client.
// The front door (package door) bounds requests and turns errors into problem details.
//
//	front door ─▶ authenticate ─▶ operation ─▶ lab.Registry, guide, fault, workshop
//
//	control.go       the table of operations; start here
//	authenticate.go  tokens, the instructor's password, programs on this machine
//	request.go       reading a request, opening its lab
//	labs.go          create, list, look, delete
//	change.go        reset, bring, undo, checkpoints
//	clock.go         the lab's clock
//	fault.go         faults
//	mail.go          the mailbox, and waiting for an email
//	traffic.go       recorded messages
//	transfer.go      export and import
//	scimtoken.go     a bearer token of the lab's SCIM server
//	workshop.go      join, results, jobs
package control

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"understudy/seed/content"
	"understudy/seed/control/api"
	"understudy/seed/door"
	"understudy/seed/fault"
	"understudy/seed/guide"
	"understudy/seed/lab"
	"understudy/seed/workshop"
)

// Config is what the API needs of a server.
type Config struct {
	Registry *lab.Registry
	Guide    *guide.Guides
	Faults   *fault.Faults
	Workshop *workshop.Workshop // nil if the server has none
	Token    string             // the server's token
	Stopped  context.Context    // done when the server stops; waiting ends then
	Library  *content.Library
}

// Control is the API of one server.
type Control struct{ Config }

// New returns the API.
func New(c Config) *Control { return &Control{c} }

// Base is the path at which the API begins.
const Base = door.ControlPath + "v1"

// access says who may call an operation.
type access int

const (
	forAll         access = iota // the description of the API
	forPassword                  // who knows the instructor's password
	forController                // who has a token, or is a program on this machine
	forInstructing               // the same, on a server with a workshop
)

// operation is one address of the API with a method. Paths are below Base; :name is a lab.
type operation struct {
	method, path string
	access       access
	serve        func(*Control, *request) error
}

// operations are all operations, in the order of the document.
var operations = []operation{
	{http.MethodGet, "/openapi.json", forAll, (*Control).document},
	{http.MethodGet, "/server", forController, (*Control).server},
	{http.MethodPost, "/tokens", forPassword, (*Control).newToken},
	{http.MethodGet, "/labs", forController, (*Control).list},
	{http.MethodPost, "/labs", forController, (*Control).create},
	{http.MethodGet, "/labs/:name", forController, (*Control).show},
	{http.MethodDelete, "/labs/:name", forController, (*Control).remove},
	{http.MethodGet, "/labs/:name/view", forController, (*Control).view},
	{http.MethodPut, "/labs/:name/guide", forController, (*Control).chooseGuide},
	{http.MethodPost, "/labs/:name/reset", forController, (*Control).reset},
	{http.MethodPost, "/labs/:name/bring", forController, (*Control).bring},
	{http.MethodPost, "/labs/:name/undo", forController, (*Control).undo},
	{http.MethodGet, "/labs/:name/checkpoints", forController, (*Control).checkpoints},
	{http.MethodPost, "/labs/:name/checkpoints", forController, (*Control).newCheckpoint},
	{http.MethodPost, "/labs/:name/checkpoints/:id/restore", forController, (*Control).restore},
	{http.MethodGet, "/labs/:name/clock", forController, (*Control).clock},
	{http.MethodPut, "/labs/:name/clock", forController, (*Control).moveClock},
	{http.MethodGet, "/labs/:name/fault", forController, (*Control).fault},
	{http.MethodPut, "/labs/:name/fault", forController, (*Control).applyFault},
	{http.MethodDelete, "/labs/:name/fault", forController, (*Control).takeBackFault},
	{http.MethodPost, "/labs/:name/fault/finish", forController, (*Control).finishFault},
	{http.MethodGet, "/labs/:name/mail", forController, (*Control).mailbox},
	{http.MethodGet, "/labs/:name/mail/latest", forController, (*Control).latestEmail},
	{http.MethodGet, "/labs/:name/traffic", forController, (*Control).traffic},
	{http.MethodGet, "/labs/:name/traffic/:id", forController, (*Control).message},
	{http.MethodGet, "/labs/:name/clipboard", forController, (*Control).clipboard},
	{http.MethodPost, "/labs/:name/scim-token", forController, (*Control).newSCIMToken},
	{http.MethodGet, "/labs/:name/export", forController, (*Control).export},
	{http.MethodGet, "/labs/:name/scenario", forController, (*Control).scenario},
	{http.MethodPost, "/labs/:name/import", forController, (*Control).importLab},
	{http.MethodGet, "/workshop", forInstructing, (*Control).workshop},
	{http.MethodPost, "/workshop/attendees", forInstructing, (*Control).join},
	{http.MethodGet, "/workshop/results", forInstructing, (*Control).results},
	{http.MethodGet, "/workshop/jobs", forInstructing, (*Control).jobs},
	{http.MethodPost, "/workshop/jobs", forInstructing, (*Control).newJob},
	{http.MethodGet, "/workshop/jobs/:id", forInstructing, (*Control).job},
	{http.MethodPost, "/workshop/jobs/:id/cancel", forInstructing, (*Control).cancelJob},
}

// Mount adds the operations to a server.
func (c *Control) Mount(e *echo.Echo) {
	for _, o := range operations {
		e.Add(o.method, Base+o.path, func(ctx echo.Context) error {
			if err := c.authenticate(ctx, o.access); err != nil {
				return err
			}
			r := &request{Context: ctx, control: c}
			defer r.release()
			return o.serve(c, r)
		})
	}
}

// document responds with the description of the API.
func (c *Control) document(r *request) error {
	text, err := api.Document()
	if err != nil {
		return err
	}
	return r.Blob(http.StatusOK, echo.MIMEApplicationJSON, text)
}

// server says what this server is and offers.
func (c *Control) server(r *request) error {
	v := api.Server{URL: r.origin(), Workshop: c.Workshop != nil, Steps: append([]string{}, c.Guide.Steps()...), Faults: []api.Fault{},
		Scenarios: c.offered(content.Scenarios), Guides: c.offered(content.Guides)}
	for _, f := range c.Faults.All() {
		v.Faults = append(v.Faults, api.Fault{ID: f.ID, Title: f.Title, Topic: f.Topic})
	}
	return r.JSON(http.StatusOK, v)
}

// offered lists the files of a kind that a lab can be created from.
func (c *Control) offered(kind content.Kind) []api.Content {
	list := []api.Content{}
	for _, item := range c.Library.Usable(kind) {
		list = append(list, api.Content{Name: item.Name, Title: item.Title})
	}
	return list
}
