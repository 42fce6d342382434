package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"understudy/seed/script"
	"understudy/seed/script/player"
)

// The steps of the quickstart lead to the same result in other orders.
func TestOtherOrdersLeadToTheSameResult(t *testing.T) {
	t.Parallel()
	integration := []string{"5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7"}
	custom := []string{"9.1", "9.2", "9.3", "9.4", "9.5"}
	orders := map[string][][]string{
		"groups pushed before the app is assigned to them": {integration,
			{"v.create-groups", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers", "v.bob-is-nobody", "v.assign-app-to-viewers", "v.bob-is-a-viewer"}},
		"groups pushed after people were assigned": {integration,
			{"7.1", "7.2", "7.3", "7.4", "8.1", "v.bob-joins-viewers", "v.open-app", "7.6", "v.bob-is-a-viewer"}},
		"groups pushed before people are assigned": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers", "v.bob-is-a-viewer"}},
		"account type made before the push": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers", "v.account-type-first"}, custom, {"v.bob-cannot-export"}},
		"account type made after the push": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers"}, custom, {"9.6", "9.7", "v.bob-cannot-export"}},
		"names changed in between": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "8.1", "v.bob-joins-viewers", "v.bob-is-a-viewer",
				"v.rename-group", "v.rename-bob", "v.new-names-arrived"}},
		"provisioning set up after everything else": {
			{"v.create-groups", "v.assign-app-to-viewers", "8.1", "v.bob-joins-viewers", "v.bob-is-nobody"}, integration,
			{"v.bob-is-nobody", "v.provision-user", "7.6", "v.bob-is-a-viewer"}},
		"provisioning off and on again": {integration,
			{"7.1", "7.2", "7.3", "7.4", "v.open-app", "7.6", "v.provisioning-off", "8.1", "v.bob-joins-viewers", "v.bob-is-nobody", "v.provisioning-on",
				"v.bob-is-nobody", "v.provision-user", "v.bob-is-a-viewer", "v.deactivate-bob", "v.bob-is-inactive"}},
	}
	s, playing, guideScript := start(t), []string(nil), quickstart(t) // playing: the steps 20.1, 20.2 and so on
	var sequels []sequel
	for _, name := range slices.Sorted(maps.Keys(orders)) {
		then := slices.Concat(orders[name]...)
		own := variant(t, then...)
		sequels = append(sequels, sequel{
			name: name + " (steps 20.n are " + strings.Join(then, ", ") + ")", steps: own,
			before: func() { playing, guideScript = then, own },
			after:  func() {},
		})
	}
	playSequels(t, s, "3.3", player.Options{BeforeStep: func(step *script.Step) {
		if n, numbered := strings.CutPrefix(step.ID, "20."); numbered {
			if n, err := strconv.Atoi(n); err != nil || strings.HasPrefix(playing[n-1], "v.") { // these steps only check
				return
			}
		}
		if done, err := step.Evaluate(facts(t, s, guideScript)); step.Done != "" && err == nil && done {
			t.Errorf("step %s is done before it is played: %s", step.ID, step.Done)
		}
	}}, sequels)
}
