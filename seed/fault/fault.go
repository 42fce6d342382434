package fault

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed faults/*.yaml
var files embed.FS

// Fault describes one thing that can be broken. ID, Change and Check are identifiers. The other fields are texts for the
// learner, without markup.
type Fault struct {
	ID      string   `yaml:"-"`       // name of the file without its extension
	Title   string   `yaml:"title"`   // does not reveal the cause
	Topic   string   `yaml:"topic"`   // "Single sign-on" or "Provisioning"
	Symptom string   `yaml:"symptom"` // what people report
	Try     string   `yaml:"try"`     // how the learner can see the symptom
	Change  string   `yaml:"change"`  // key of changes
	Check   []string `yaml:"check"`   // keys of checks; all pass while the lab works
	Hints   []string `yaml:"hints"`   // from vague to clear
	Cause   string   `yaml:"cause"`
	Fix     string   `yaml:"fix"`
	Support string   `yaml:"support"` // key of observations: what Sigma's support must be told; empty when a setting is the cause
}

// order of the faults on the page. Faults that are missing here follow by ID.
var order = []string{
	"foreign-certificate", "expired-certificate", "wrong-acs", "wrong-audience", "clock-off", "relay-state",
	"deactivated-app", "revoked-token", "wrong-base-url", "name-conflict", "rate-limit", "server-error", "slow-directory",
	"group-priority",
}

// Load reads and validates all faults.
func Load() ([]Fault, error) {
	entries, err := files.ReadDir("faults")
	if err != nil {
		return nil, err
	}
	var faults []Fault
	for _, entry := range entries {
		text, err := files.ReadFile(path.Join("faults", entry.Name()))
		if err != nil {
			return nil, err
		}
		f := Fault{ID: strings.TrimSuffix(entry.Name(), ".yaml")}
		if err := yaml.Unmarshal(text, &f); err != nil {
			return nil, fmt.Errorf("fault %s: %w", f.ID, err)
		}
		if err := f.validate(); err != nil {
			return nil, fmt.Errorf("fault %s: %w", f.ID, err)
		}
		faults = append(faults, f)
	}
	position := func(f Fault) int {
		if i := slices.Index(order, f.ID); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return position(a) - position(b) })
	return faults, nil
}

func (f Fault) validate() error {
	texts := map[string]string{
		"title": f.Title, "topic": f.Topic, "symptom": f.Symptom, "try": f.Try, "cause": f.Cause, "fix": f.Fix,
	}
	for name, text := range texts {
		if strings.TrimSpace(text) == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	if changes[f.Change] == nil {
		return fmt.Errorf("change %q is unknown", f.Change)
	}
	if f.Support != "" && !slices.ContainsFunc(observations, func(o observation) bool { return o.id == f.Support }) {
		return fmt.Errorf("support: %q is unknown", f.Support)
	}
	if len(f.Check) == 0 || len(f.Hints) == 0 {
		return fmt.Errorf("check and hints need at least one entry each")
	}
	for _, name := range f.Check {
		if checks[name] == nil {
			return fmt.Errorf("check %q is unknown", name)
		}
	}
	return nil
}
