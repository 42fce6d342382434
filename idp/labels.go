package idp

import (
	"encoding/json"
	"fmt"
	"slices"

	"understudy/seed/base/store"
)

// LabelMoreDetails is a label of the Admin Console that releases of Okta word differently. See [Settings.Label].
const LabelMoreDetails = "More details"

// wordings has the labels that a scenario may choose, by the label that a lab has otherwise.
var wordings = map[string][]string{LabelMoreDetails: {"Show details"}}

// Label returns the wording of a label in this org.
func (s Settings) Label(label string) string {
	if chosen := s.labels[label]; chosen != "" {
		return chosen
	}
	return label
}

// OtherLabel returns a wording of a label that this org does not use, so that learners and scripts with another guide find the control.
func (s Settings) OtherLabel(label string) string {
	if s.Label(label) != label {
		return label
	}
	return wordings[label][0]
}

// populateLabels stores the wordings that a scenario chooses.
func populateLabels(tx *store.Tx, labels map[string]string) error {
	for label, chosen := range labels {
		if known := wordings[label]; !slices.Contains(known, chosen) {
			return fmt.Errorf("labels: %q cannot be worded %q; the wordings are %q", label, chosen, wordings)
		}
	}
	if len(labels) == 0 {
		return nil
	}
	text, err := json.Marshal(labels)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE okta_org SET labels = $1`, string(text))
}
