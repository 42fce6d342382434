package lab

import (
	"context"
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// MaxWindow is the highest number of a window.
const MaxWindow = 99

// Session is a session of a person in one half.
type Session struct {
	Half    string // "Okta", "Sigma"
	Name    string // of the person
	Login   string // user name in Okta, email address in Sigma
	How     string // "with a password", "through SSO"
	Since   time.Time
	Browser string // identifies the browser that holds the session
}

// Sessions returns the sessions of both halves by window.
func (l *Lab) Sessions(ctx context.Context) (map[int][]Session, error) {
	inOkta, err := l.Org.LiveSessions(ctx)
	if err != nil {
		return nil, err
	}
	inSigma, err := l.Organization.LiveSessions(ctx)
	if err != nil {
		return nil, err
	}
	who := map[int][]Session{}
	for _, s := range inOkta {
		who[s.Window] = append(who[s.Window],
			Session{Half: "Okta", Name: s.Name, Login: s.Login, How: "with a password", Since: s.Since, Browser: s.Browser})
	}
	for _, s := range inSigma {
		how := "with a password"
		if s.Via == "saml" {
			how = "through SSO"
		}
		who[s.Window] = append(who[s.Window],
			Session{Half: "Sigma", Name: s.Name, Login: s.Email, How: how, Since: s.Since, Browser: s.Browser})
	}
	return who, nil
}

// WindowNames returns the names that people gave to windows.
func (l *Lab) WindowNames(ctx context.Context) (map[int]string, error) {
	names := map[int]string{}
	err := l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT number, name FROM lab_window`, nil, func(r store.Row) error {
			var number int
			var name string
			err := r.Scan(&number, &name)
			names[number] = name
			return err
		})
	})
	return names, err
}

// windowNameLimit keeps the bar at the top of each page in one line.
const windowNameLimit = 24 // letters

// NameWindow names a window; an empty name removes the old one. Invalid at the field name when the name is too long.
func (l *Lab) NameWindow(ctx context.Context, window int, name string) error {
	name = strings.Join(strings.Fields(name), " ")
	if len([]rune(name)) > windowNameLimit {
		return problem.InvalidField("name", fmt.Sprintf("Use at most %d letters.", windowNameLimit))
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		if name == "" {
			return tx.Exec(`DELETE FROM lab_window WHERE number = $1`, window)
		}
		return tx.Exec(`INSERT INTO lab_window (number, name) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET name = excluded.name`, window, name)
	})
}
