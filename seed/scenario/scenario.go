package scenario

import (
	"embed"
	"io/fs"
	"reflect"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"understudy/idp"
	"understudy/seed/base/problem"
	"understudy/seed/base/textlimit"
	"understudy/sp"
)

// Files holds the built-in scenarios.
//
//go:embed *.yaml
var Files embed.FS

// Starter is the name of the scenario in which the quickstart begins.
const Starter = "starter"

// Scenario is the content of a new lab.
type Scenario struct {
	Name  string `yaml:"-"` // file name without extension
	Text  string `yaml:"-"` // the YAML; labs with the same text have the same content
	Title string `yaml:"title"`

	Public PublicAddresses `yaml:"public"` // base URLs that the pages show; empty for the address of the server

	Identities []Identity `yaml:"identities"`
	Okta       idp.Seed   `yaml:"okta"`
	Sigma      sp.Seed    `yaml:"sigma"`
}

// Identity is a person whom the learner plays. The lab card shows the identities.
type Identity struct {
	ID       string `yaml:"id" json:"id"`     // as in the key "as" of a script: "okta-admin"
	Half     string `yaml:"half" json:"half"` // where the person signs in: "okta" or "sigma"
	Name     string `yaml:"name" json:"name"`
	Role     string `yaml:"role" json:"role"`
	Username string `yaml:"username" json:"username"`
	Password string `yaml:"password" json:"password"`
}

// Load returns the built-in scenario with a name. The error is problem.NotFound when there is none.
func Load(name string) (Scenario, error) {
	text, err := fs.ReadFile(Files, name+".yaml")
	if err != nil {
		return Scenario{}, problem.New(problem.NotFound, "There is no scenario named "+name+".")
	}
	return Parse(name, string(text))
}

// Parse reads the text of a scenario. The error names the line of a mistake. The result is shared: do not change what it refers to.
func Parse(name, text string) (Scenario, error) {
	if s, known := parsed.get(text); known {
		s.Name = name
		return s, nil
	}
	s, err := parse(name, text)
	if err == nil {
		parsed.put(text, s)
	}
	return s, err
}

func parse(name, text string) (Scenario, error) {
	s := Scenario{Name: name, Text: text}
	file, err := textlimit.ParseYAML(text)
	if err != nil {
		return s, &Mistakes{name, []Mistake{mistakeOf(err)}}
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return s, &Mistakes{name, []Mistake{{1, 1, "expected one YAML document with the keys title, identities, okta and sigma"}}}
	}
	body := file.Docs[0].Body
	checked := structure{anchors: map[string]ast.Node{}, open: map[string]bool{}}
	checked.check(body, reflect.TypeFor[Scenario]())
	if len(checked.mistakes) > 0 {
		return s, &Mistakes{name, checked.mistakes}
	}
	if err := yaml.NodeToValue(body, &s, yaml.Strict()); err != nil {
		return s, &Mistakes{name, []Mistake{mistakeOf(err)}}
	}
	if found := checkReferences(s, body); len(found) > 0 {
		return s, &Mistakes{name, found}
	}
	return s, nil
}

// IsBuiltIn reports whether the program has a scenario with this name and this text.
func (s Scenario) IsBuiltIn() bool {
	text, err := fs.ReadFile(Files, s.Name+".yaml")
	return err == nil && string(text) == s.Text
}
