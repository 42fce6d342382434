package scenario

import _ "embed"

// Template is a commented scenario to begin with.
//
//go:embed template/new.yaml
var Template string
