package player

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"understudy/seed/base/address"
	"understudy/seed/script"
)

// Card is a lab card: the addresses of the lab and the people who can sign in. The server gives it as JSON at /labs/{lab}.
type Card struct {
	Lab        string            `json:"lab"`
	Addresses  map[string]string `json:"addresses"` // okta, admin, sigma, lab → URL
	Identities []Identity        `json:"identities"`
	Public     map[string]string `json:"public"` // okta, sigma → base URL that the pages show instead of the address, if any
}

// aliases are the public addresses of the lab and where the server serves them.
func (c Card) aliases() (list []address.Alias) {
	for _, half := range []string{"okta", "sigma"} {
		if public := c.Public[half]; public != "" {
			list = append(list, address.Alias{Public: public, Real: strings.TrimRight(c.Addresses[half], "/")})
		}
	}
	return list
}

// Identity is one person on the lab card.
type Identity struct {
	ID       string `json:"id"`
	Half     string `json:"half"` // okta or sigma
	Name     string `json:"name"`
	Username string `json:"username"`
	Email    string `json:"email,omitempty"`
	Password string `json:"password"`
}

// fields returns the values of {person.field} for this identity.
func (i Identity) fields() map[string]string {
	fields := map[string]string{"name": i.Name, "username": i.Username, "password": i.Password}
	if i.Email != "" {
		fields["email"] = i.Email
	}
	return script.CompletePerson(fields)
}

// errNoView means that the server offers no view of the lab. Such servers are allowed.
var errNoView = errors.New("the server offers no view of the lab")

// maxBody bounds how much of one response is read, in bytes.
const maxBody = 16 << 20

// labAddress is the address of a lab's own pages on the server.
func labAddress(base, lab string) string {
	return strings.TrimRight(base, "/") + "/labs/" + url.PathEscape(lab)
}

// fetchCard gets the lab card. A card without addresses or identities is an error.
func fetchCard(ctx context.Context, client *http.Client, base, lab string) (Card, error) {
	var card Card
	if err := getJSON(ctx, client, labAddress(base, lab), &card); err != nil {
		return card, fmt.Errorf("read the card of lab %s: %w", lab, err)
	}
	if len(card.Addresses) == 0 || len(card.Identities) == 0 {
		return card, fmt.Errorf("the card of lab %s at %s has no addresses or no identities", lab, base)
	}
	return card, nil
}

// fetchView gets the named parts of the lab's view.
func fetchView(ctx context.Context, client *http.Client, base, lab string, parts []string) (map[string]any, error) {
	var view map[string]any
	address := labAddress(base, lab) + "/view?" + url.Values{"part": parts}.Encode()
	err := getJSON(ctx, client, address, &view)
	var status statusError
	missing := errors.As(err, &status) && (status.code == http.StatusNotFound || status.code == http.StatusNotImplemented)
	if missing {
		return nil, errNoView
	}
	return view, err
}

// statusError is a response with a status other than 200.
type statusError struct {
	code    int
	address string
}

func (e statusError) Error() string {
	return fmt.Sprintf("%s returned %d %s", e.address, e.code, http.StatusText(e.code))
}

// getJSON requests a document and decodes it into into.
func getJSON(ctx context.Context, client *http.Client, address string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return statusError{response.StatusCode, address}
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxBody)).Decode(into); err != nil {
		return fmt.Errorf("%s did not return JSON: %w", address, err)
	}
	return nil
}
