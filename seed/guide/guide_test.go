package guide

import (
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"understudy/seed/lab"
	"understudy/seed/script"
)

// source is a guide whose step 1.2 has no check, and whose text uses the name Readers.
const source = `id: a

# T

<!-- script
bind:
  group: find(okta.groups, .type == "OKTA_GROUP")
names:
  Readers: group.name
-->

## One
Duration: 1

Add a group named **Readers**.

<!-- script
id: 1.1
as: okta-admin
do:
  - open: Directory > Groups
  - click: Add group
  - fill: {Name: Readers}
  - click: "{okta-admin.name}"
see: A
done: 'len(okta.groups) > 0'
miss:
  - when: 'len(okta.users) > 0'
    say: You added a person.
-->

Look at **Readers**.

<!-- script
id: 1.2
as: okta-admin
see: A
-->

## Two
Duration: 1

<aside class="positive">
Save *now*.
</aside>

<!-- script
id: 2.1
as: okta-admin
see: A
done: 'len(okta.users) > 1'
-->
`

func testGuide(t *testing.T) *Guide {
	t.Helper()
	s, err := script.Parse("a.md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(t.Context(), One{s}, nil, &net.TCPAddr{}).Named("quickstart")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func factsOf(g *Guide, people int, groups ...string) script.Facts {
	list := []any{}
	for _, name := range groups {
		list = append(list, map[string]any{"type": "OKTA_GROUP", "name": name})
	}
	return g.script.Facts(map[string]any{"okta": map[string]any{"groups": list, "users": make([]any, people)}})
}

func TestDecide(t *testing.T) {
	g := testGuide(t)
	for _, c := range []struct {
		name    string
		before  string // recorded as done, separated by spaces
		facts   script.Facts
		done    string
		newly   string
		current string
	}{
		{"a new lab", "", factsOf(g, 0), "", "", "1.1"},
		{"a step without a check waits", "", factsOf(g, 0, "A"), "1.1", "1.1", "1.2"},
		{"the next check completes it", "", factsOf(g, 2, "A"), "1.1 1.2 2.1", "1.1 1.2 2.1", ""},
		{"a done step stays done", "1.1", factsOf(g, 0), "1.1", "", "1.2"},
		{"steps can be done in any order", "", factsOf(g, 2), "1.2 2.1", "1.2 2.1", "1.1"},
		{"a recorded step completes the one before", "2.1", factsOf(g, 0), "1.2 2.1", "1.2", "1.1"},
	} {
		before := map[string]time.Time{}
		for _, id := range strings.Fields(c.before) {
			before[id] = time.Now()
		}
		p, newly := g.decide(before, metBy(c.facts))
		current := ""
		if p.Current != nil {
			current = p.Current.ID
		}
		done := strings.Join(slices.Sorted(maps.Keys(p.Done)), " ")
		if done != c.done || strings.Join(newly, " ") != c.newly || current != c.current {
			t.Errorf("%s: done %q, newly done %q, current step %q", c.name, done, newly, current)
		}
	}
}

func metBy(facts script.Facts) func(*script.Check) bool {
	return func(check *script.Check) bool {
		met, err := check.EvaluateWhole(facts)
		return err == nil && met
	}
}

// The text keeps its HTML when the learner's names replace those of the text, whatever the learner's names contain.
func TestTextsUseTheLearnersNames(t *testing.T) {
	g := testGuide(t)
	names := g.script.LearnerNames(factsOf(g, 0, "<Sales> & Co"))
	for step, want := range map[string]string{
		"1.1": "<p>Add a group named <strong>&lt;Sales&gt; &amp; Co</strong>.</p>\n",
		"1.2": "<p>Look at <strong>&lt;Sales&gt; &amp; Co</strong>.</p>\n",
		"2.1": "<blockquote>\n<p>Save <em>now</em>.</p>\n</blockquote>\n",
	} {
		if text := g.useNamesHTML(g.text[step].HTML, names); text != want {
			t.Errorf("step %s: %q, want %q", step, text, want)
		}
	}
	if controls := g.text["1.1"].Controls; !slices.Equal(controls, []string{"Directory", "Groups", "Add group", "Name"}) {
		t.Errorf("controls of step 1.1: %q", controls)
	}
}

func TestLastDoneBefore(t *testing.T) {
	g := testGuide(t)
	now := time.Now()
	done := map[string]time.Time{"1.2": now, "1.1": now.Add(time.Minute)} // 1.2 was done first
	step, _ := g.script.Step("2.1")
	if last := g.lastDoneBefore(done, step, false); last != "1.1" {
		t.Errorf("before step 2.1: %q", last)
	}
	if last := g.lastDoneBefore(done, step, true); last != "1.1" {
		t.Errorf("before the second section: %q", last)
	}
	done["2.1"] = now.Add(30 * time.Second)
	if last := g.lastDoneBefore(done, step, true); last != "1.2" {
		t.Errorf("before the first step of the second section: %q", last)
	}
}

// Undo reverts a reset or a fault first: their checkpoints have their own label and no step.
func TestIsSafetyCheckpoint(t *testing.T) {
	for checkpoint, want := range map[lab.Checkpoint]bool{
		{Label: beginningLabel}:                false,
		{Label: "After step 1.1", Step: "1.1"}: false,
		{Label: "Before the reset"}:            true,
		{Label: "Before going back"}:           true,
	} {
		if got := isSafetyCheckpoint(checkpoint); got != want {
			t.Errorf("%q: %t", checkpoint.Label, got)
		}
	}
}
