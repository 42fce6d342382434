package scenario

import (
	"fmt"

	"github.com/goccy/go-yaml"
)

// The variables for the addresses of a lab. They are replaced when a lab is created.
const (
	OktaAddress  = "{okta}"
	SigmaAddress = "{sigma}"
	OwnToken     = "{own-token}" // a bearer token that only this lab has, in Okta and in Sigma
)

// Format returns a scenario as the text of a scenario file.
func Format(s Scenario) (string, error) {
	text, err := yaml.MarshalWithOptions(s, yaml.OmitEmpty(), yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return "", fmt.Errorf("write the scenario: %w", err)
	}
	return string(text), nil
}
