package main

import (
	"errors"
	"strings"

	"understudy/seed/base/problem"
	"understudy/seed/scenario"
)

// publicFlags are the public addresses of the labs that a command creates.
type publicFlags struct {
	PublicOkta  string `placeholder:"URL" help:"Base URL that new labs show for Okta, such as https://brightwater.okta.example. {lab} stands for the lab's name."`
	PublicSigma string `placeholder:"URL" help:"Base URL that new labs show for Sigma, such as https://app.sigma.example/brightwater."`
}

func (f publicFlags) addresses() scenario.PublicAddresses {
	return scenario.PublicAddresses{Okta: f.PublicOkta, Sigma: f.PublicSigma}
}

// check returns an error that names the flag.
func (f publicFlags) check() error {
	p := problem.As(f.addresses().Check())
	if p == nil {
		return nil
	}
	var lines []string
	for _, field := range p.Fields {
		lines = append(lines, "--"+field.Name+": "+strings.TrimSuffix(field.Message, "."))
	}
	return errors.New(strings.Join(lines, "; "))
}
