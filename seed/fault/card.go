// Package fault breaks one thing of a lab on purpose, visibly and undoably, as an exercise in diagnosis: each card is a
// data file that says what it changes, what people will see, how to find out, and what must hold again once it is mended.
package fault

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed cards/*.yaml
var files embed.FS

// Card is one thing that can be broken.
type Card struct {
	ID      string   `yaml:"-"`       // the file's name
	Title   string   `yaml:"title"`   // gives nothing away to who has not read the cause
	Topic   string   `yaml:"topic"`   // "Single sign-on", "Provisioning"
	Symptom string   `yaml:"symptom"` // what people report
	Try     string   `yaml:"try"`     // how to see it for oneself
	Change  string   `yaml:"change"`  // what is broken: a name of changes
	Check   []string `yaml:"check"`   // what holds before and after: names of probes
	Hints   []string `yaml:"hints"`   // from vague to plain
	Cause   string   `yaml:"cause"`
	Mend    string   `yaml:"mend"`
}

// order is how the list begins; what is not in it follows by name.
var order = []string{"foreign-certificate", "expired-certificate", "wrong-acs", "wrong-audience", "clock-off", "relay-state", "deactivated-app",
	"revoked-token", "wrong-base-url", "name-conflict", "rate-limit", "server-error", "slow-directory", "group-priority"}

// Cards reads all cards, in the order of the list.
func Cards() ([]Card, error) {
	entries, err := files.ReadDir("cards")
	if err != nil {
		return nil, err
	}
	var cards []Card
	for _, entry := range entries {
		text, err := files.ReadFile(path.Join("cards", entry.Name()))
		if err != nil {
			return nil, err
		}
		c := Card{ID: strings.TrimSuffix(entry.Name(), ".yaml")}
		if err := yaml.Unmarshal(text, &c); err != nil {
			return nil, fmt.Errorf("card %s: %w", c.ID, err)
		}
		if err := c.valid(); err != nil {
			return nil, fmt.Errorf("card %s: %w", c.ID, err)
		}
		cards = append(cards, c)
	}
	place := func(c Card) int {
		if i := slices.Index(order, c.ID); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(cards, func(a, b Card) int { return place(a) - place(b) })
	return cards, nil
}

func (c Card) valid() error {
	for name, text := range map[string]string{"title": c.Title, "topic": c.Topic, "symptom": c.Symptom, "try": c.Try, "cause": c.Cause, "mend": c.Mend} {
		if strings.TrimSpace(text) == "" {
			return fmt.Errorf("it has no %s", name)
		}
	}
	if changes[c.Change] == nil {
		return fmt.Errorf("there is no change %q", c.Change)
	}
	if len(c.Check) == 0 || len(c.Hints) == 0 {
		return fmt.Errorf("it needs a check and hints")
	}
	for _, name := range c.Check {
		if probes[name] == nil {
			return fmt.Errorf("there is no probe %q", name)
		}
	}
	return nil
}
