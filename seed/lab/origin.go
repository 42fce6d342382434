package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
	"understudy/seed/scenario"
)

// Quickstart is the guide of labs that were created without naming a guide.
const Quickstart = "quickstart"

// origin is what a lab is created from. A reset uses it again, also when the files of the scenario have changed since.
type origin struct {
	scenario scenario.Scenario
	guides   []string // names; at least one
}

// maxGuides is how many guides a lab can have.
const maxGuides = 20

func newOrigin(s scenario.Scenario, guides []string) (o origin, err error) {
	if len(guides) == 0 {
		guides = []string{Quickstart}
	}
	if len(guides) > maxGuides {
		return o, problem.InvalidField("guides", fmt.Sprintf("A lab has at most %d guides. Choose fewer guides.", maxGuides))
	}
	return origin{scenario: s, guides: guides}, nil
}

// origin reads what the lab was created from.
func (l *Lab) origin(ctx context.Context) (o origin, err error) {
	var name, text, guides string
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT scenario, scenario_text, guides FROM lab_about WHERE id = 1`).Scan(&name, &text, &guides)
	})
	if err != nil {
		return o, err
	}
	var names []string
	if err := json.Unmarshal([]byte(guides), &names); err != nil {
		return o, err
	}
	var s scenario.Scenario
	if text == "" {
		s, err = scenario.Load(name)
	} else {
		s, err = scenario.Parse(name, text)
	}
	if err != nil {
		return o, err
	}
	return newOrigin(s, names)
}

// writeOrigin stores what the lab is created from. The text of a scenario of the program is not stored, so that a newer program
// resets the lab to its own text, which fits its guides.
func (l *Lab) writeOrigin(ctx context.Context, o origin) error {
	card, err := json.Marshal(o.scenario.Identities)
	if err != nil {
		return err
	}
	guides, err := json.Marshal(o.guides)
	if err != nil {
		return err
	}
	text := o.scenario.Text
	if o.scenario.IsBuiltIn() {
		text = ""
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO lab_about (id, scenario, card, scenario_text, guides, public_okta, public_sigma)
			VALUES (1, $1, $2, $3, $4, $5, $6)`,
			o.scenario.Name, string(card), text, string(guides), o.scenario.Public.Okta, o.scenario.Public.Sigma)
	})
}

// Scenario returns the scenario that the lab was created from.
func (l *Lab) Scenario(ctx context.Context) (scenario.Scenario, error) {
	o, err := l.origin(ctx)
	return o.scenario, err
}

// Guides returns the names of the lab's guides, and the one that the learner follows.
func (l *Lab) Guides(ctx context.Context) (names []string, current string, err error) {
	var list string
	err = l.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT guides, guide FROM lab_about WHERE id = 1`).Scan(&list, &current)
	})
	if err == nil {
		err = json.Unmarshal([]byte(list), &names)
	}
	if len(names) == 0 {
		names = []string{Quickstart}
	}
	if !slices.Contains(names, current) {
		current = names[0]
	}
	return names, current, err
}

// ChooseGuide makes a guide of the lab the one that the learner follows. NotFound when the lab does not have the guide.
func (l *Lab) ChooseGuide(ctx context.Context, guide string) error {
	names, current, err := l.Guides(ctx)
	if err != nil || guide == current {
		return err
	}
	if !slices.Contains(names, guide) {
		return problem.New(problem.NotFound, "This lab has no guide named "+guide+".")
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.Exec(`UPDATE lab_about SET guide = $1 WHERE id = 1`, guide)
	})
}

// carryGuide keeps the guide that the learner follows while a reset replaces the lab's file.
func (l *Lab) carryGuide(ctx context.Context) (restore func(context.Context) error, err error) {
	_, current, err := l.Guides(ctx)
	return func(ctx context.Context) error {
		if names, _, err := l.Guides(ctx); err != nil || !slices.Contains(names, current) {
			return err
		}
		return l.ChooseGuide(ctx, current)
	}, err
}
