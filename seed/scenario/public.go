package scenario

import (
	"strings"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
)

// PublicAddresses are the base URLs that a lab's pages and messages show, such as https://brightwater.okta.example. The server
// answers under them, and links still lead to the address of the server. An empty one is the address of the server. In both,
// {lab} stands for the name of the lab.
type PublicAddresses struct {
	Okta  string `yaml:"okta" json:"okta,omitempty"`
	Sigma string `yaml:"sigma" json:"sigma,omitempty"`
}

// Check returns an Invalid error at the field public-okta or public-sigma if an address cannot be one.
func (p PublicAddresses) Check() error {
	var fields []problem.Field
	for _, f := range []struct{ name, address string }{{"public-okta", p.Okta}, {"public-sigma", p.Sigma}} {
		if f.address == "" {
			continue
		}
		if err := address.CheckPublic(f.address); err != nil {
			fields = append(fields, problem.Field{Name: f.name, Message: "The address " + err.Error() + "."})
		}
	}
	if err := address.CheckApart(p.Okta, p.Sigma); err != nil && len(fields) == 0 {
		fields = append(fields, problem.Field{Name: "public-sigma", Message: "The addresses cannot be told apart: " + err.Error() + "."})
	}
	if len(fields) > 0 {
		return problem.InvalidFields(fields...)
	}
	return nil
}

// For returns the addresses of a lab.
func (p PublicAddresses) For(lab string) PublicAddresses {
	return PublicAddresses{strings.ReplaceAll(p.Okta, address.LabVariable, lab), strings.ReplaceAll(p.Sigma, address.LabVariable, lab)}
}
