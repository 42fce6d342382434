package control

import (
	"net/http"
	"slices"
	"time"

	"understudy/seed/control/api"
	"understudy/seed/lab"
)

// messagesKept is how many recorded messages a list holds at most.
const messagesKept = 500

func messageView(x lab.Exchange) api.Message {
	return api.Message{ID: x.ID, At: x.At, Kind: x.Kind, Method: x.Method, Path: x.Path, Status: x.Status, To: x.ReceiverOrigin,
		TookMS: float64(x.Took) / float64(time.Millisecond)}
}

// traffic lists the messages between the halves, after the one that the request names.
func (c *Control) traffic(r *request) error {
	after, err := r.number("after", 0, 1<<53)
	if err != nil {
		return err
	}
	limit, err := r.number("limit", messagesKept, messagesKept)
	if err != nil {
		return err
	}
	l, err := r.lab()
	if err != nil {
		return err
	}
	list, err := l.Exchanges(r.ctx(), int(limit))
	if err != nil {
		return err
	}
	v := api.Traffic{Messages: []api.Message{}}
	for _, x := range slices.Backward(list) {
		if x.ID > after {
			v.Messages = append(v.Messages, messageView(x))
		}
	}
	return r.JSON(http.StatusOK, v)
}

// message responds with one message and its content.
func (c *Control) message(r *request) error {
	id, err := r.id("This message does not exist.")
	if err != nil {
		return err
	}
	l, err := r.lab()
	if err != nil {
		return err
	}
	x, err := l.Exchange(r.ctx(), id)
	if err != nil {
		return err
	}
	v := api.MessageContent{Message: messageView(x), Request: x.Request, Response: x.Response, Checks: []api.Check{}}
	for _, check := range x.Checks {
		v.Checks = append(v.Checks, api.Check{Name: check.Name, Expected: check.Expected, Received: check.Received, Verdict: string(check.Verdict)})
	}
	return r.JSON(http.StatusOK, v)
}

// clipboard lists the values that were copied from pages of the lab. A player that goes on in a lab needs them.
func (c *Control) clipboard(r *request) error {
	l, err := r.lab()
	if err != nil {
		return err
	}
	items, err := l.Clipboard(r.ctx())
	if err != nil {
		return err
	}
	v := api.Clipboard{Values: []api.Copied{}}
	for _, i := range items {
		v.Values = append(v.Values, api.Copied{Label: i.Label, Value: i.Value})
	}
	return r.JSON(http.StatusOK, v)
}
