package lab

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"understudy/seed/scenario"
)

// AsScenario returns the lab as it is as a scenario, from which further labs can be created. Passwords are hashes, except those of
// the lab card. Windows, sessions, emails, recorded traffic and the progress of guides are not part of a scenario.
func (l *Lab) AsScenario(ctx context.Context, title string) (s scenario.Scenario, err error) {
	if s.Identities, err = l.Identities(ctx); err != nil {
		return s, err
	}
	s.Title = title
	if s.Public, err = l.readPublic(ctx); err != nil {
		return s, err
	}
	if s.Okta, err = l.Org.Seed(ctx); err != nil {
		return s, err
	}
	if s.Sigma, err = l.Organization.Seed(ctx); err != nil {
		return s, err
	}
	values, err := l.appValues(ctx)
	if err != nil {
		return s, err
	}
	l.useVariables(&s, values)
	usePasswords(&s)
	return s, nil
}

// useVariables replaces the addresses of the lab, and what belongs to its apps, by the variables of a scenario.
func (l *Lab) useVariables(s *scenario.Scenario, apps map[string]string) {
	public := l.PublicAddresses()
	replace := func(text string) string {
		text = addressOf(l.Path(Okta), public.Okta).ReplaceAllLiteralString(text, scenario.OktaAddress)
		return addressOf(l.Path(Sigma), public.Sigma).ReplaceAllLiteralString(text, scenario.SigmaAddress)
	}
	signOn := &s.Sigma.Authentication
	signOn.LoginURL = replace(signOn.LoginURL)
	for name, value := range apps {
		if signOn.LoginURL == value {
			signOn.LoginURL = name
		}
		if strings.TrimSpace(signOn.Certificate) == strings.TrimSpace(value) {
			signOn.Certificate = name
		}
	}
	for i := range s.Okta.Apps {
		app := &s.Okta.Apps[i]
		if app.Provisioning != nil {
			app.Provisioning.BaseURL = replace(app.Provisioning.BaseURL)
		}
		app.SignOn.DefaultRelayState = replace(app.SignOn.DefaultRelayState)
		replaceAll(app.Fields, replace)
	}
	for _, e := range s.Okta.Logs {
		replaceAll(e.Debug, replace)
	}
	for _, e := range s.Sigma.Audit {
		replaceAll(e.Detail, replace)
	}
}

func replaceAll(values map[string]string, replace func(string) string) {
	for name, value := range values {
		values[name] = replace(value)
	}
}

// addressOf matches the addresses of a half: those with its path on any server, and its public address.
func addressOf(path, public string) *regexp.Regexp {
	pattern := `https?://[^/\s"]+` + regexp.QuoteMeta(path) + `\b`
	if public != "" {
		pattern += `|` + regexp.QuoteMeta(public) + `\b`
	}
	return regexp.MustCompile(pattern)
}

// usePasswords gives the people of the lab card their passwords in place of hashes, if they still have them.
func usePasswords(s *scenario.Scenario) {
	for _, identity := range s.Identities {
		for i := range s.Okta.Users {
			u := &s.Okta.Users[i]
			if identity.Half == string(Okta) && u.Login == identity.Username && isHashOf(u.PasswordHash, identity.Password) {
				u.Password, u.PasswordHash = identity.Password, ""
			}
		}
		for i := range s.Sigma.Members {
			m := &s.Sigma.Members[i]
			if identity.Half == string(Sigma) && m.Email == identity.Username && isHashOf(m.PasswordHash, identity.Password) {
				m.Password, m.PasswordHash = identity.Password, ""
			}
		}
	}
}

func isHashOf(hash, password string) bool {
	return hash != "" && bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}

// ScenarioText returns the lab as the text of a scenario file. Without a title, the scenario is named after the lab.
func (l *Lab) ScenarioText(ctx context.Context, title string) (string, error) {
	s, err := l.AsScenario(ctx, cmp.Or(title, "Lab "+l.Name))
	if err != nil {
		return "", err
	}
	return scenario.Format(s)
}
