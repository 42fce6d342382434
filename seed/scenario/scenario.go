// Package scenario says what a fresh lab contains: people, groups, account types, teams, documents, as YAML.
package scenario

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/sp"
)

//go:embed *.yaml
var files embed.FS

// Starter is the scenario of the quickstart's first step.
const Starter = "starter"

// Scenario is the content of a fresh lab.
type Scenario struct {
	Name       string     `yaml:"-"`
	Text       string     `yaml:"-"` // the YAML itself, as its fingerprint
	Title      string     `yaml:"title"`
	Identities []Identity `yaml:"identities"`
	Okta       idp.Seed   `yaml:"okta"`
	Sigma      sp.Seed    `yaml:"sigma"`
}

// Identity is somebody whom a person plays in the lab, as printed on the lab card.
type Identity struct {
	ID       string `yaml:"id" json:"id"`     // as in the walk: "okta-admin"
	Half     string `yaml:"half" json:"half"` // "okta" or "sigma"
	Name     string `yaml:"name" json:"name"`
	Role     string `yaml:"role" json:"role"`
	Username string `yaml:"username" json:"username"`
	Password string `yaml:"password" json:"password"`
}

// Load gives the scenario of that name; NotFound when there is none.
func Load(name string) (Scenario, error) {
	text, err := fs.ReadFile(files, name+".yaml")
	if err != nil {
		return Scenario{}, problem.New(problem.NotFound, "There is no scenario named "+name+".")
	}
	s := Scenario{Name: name, Text: string(text)}
	if err := yaml.NewDecoder(strings.NewReader(s.Text), yaml.Strict()).Decode(&s); err != nil {
		return Scenario{}, fmt.Errorf("scenario %s: %w", name, err)
	}
	return s, nil
}
