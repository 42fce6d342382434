package codelab

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"understudy/seed/script"
)

// instructionRule recognizes one form of instruction. In its pattern, L stands for a label. act gets the submatches: labels as
// they are written, other text as it is.
type instructionRule struct {
	pattern *regexp.Regexp
	act     func(r *instructionReader, step *Proposal, m []string)
}

// rule compiles a pattern: L is a label, NOUN the words for a control, THE an article.
func rule(pattern string, act func(r *instructionReader, step *Proposal, m []string)) instructionRule {
	pattern = strings.NewReplacer("L", `«(\d+)»`, "THE", `(?:the |a |an |your )?`, "ON", `(?: ?(?:on|into|onto|to|off))*`,
		"NOUN", `(?: (?:button|link|tab|icon|menu|option|box|field|row|page|application|app|group|section|list|item|tile|type))*`,
	).Replace(pattern)
	return instructionRule{regexp.MustCompile(`(?i)^(?:` + pattern + `)`), act}
}

// and returns the action of a verb with one label, and with the place in which the control is.
func simple(verb script.Verb) func(*instructionReader, *Proposal, []string) {
	return func(_ *instructionReader, step *Proposal, m []string) {
		action := &proposedAction{verb: verb, name: m[1]}
		if len(m) > 2 {
			action.in = m[2]
		}
		step.Do = append(step.Do, action)
	}
}

// each returns an action of a verb for each label.
func each(verb script.Verb) func(*instructionReader, *Proposal, []string) {
	return func(_ *instructionReader, step *Proposal, m []string) {
		for _, name := range m[1:] {
			if name != "" {
				step.Do = append(step.Do, &proposedAction{verb: verb, name: name})
			}
		}
	}
}

// valued returns an action that gives a value to a field: label and value are the numbers of the submatches.
func valued(verb script.Verb, label, value int) func(*instructionReader, *Proposal, []string) {
	return func(_ *instructionReader, step *Proposal, m []string) {
		step.Do = append(step.Do, &proposedAction{verb: verb, name: m[label], value: m[value]})
	}
}

// unknown returns an act that notes what the text does not say.
func unknown(reason string) func(*instructionReader, *Proposal, []string) {
	return func(_ *instructionReader, step *Proposal, _ []string) { step.Open = append(step.Open, reason) }
}

const (
	someBox   = `(?:check ?box(?:es)?|box(?:es)?)`
	boxLabels = `L(?:(?:,| and|, and| or) L)?(?:(?:,| and|, and| or) L)?`
)

// instructionRules are tried in this order at each position of a text.
var instructionRules = []instructionRule{
	rule(`(?:click|select|press)ON THELNOUN (?:for|next to|beside|of) THEL(?: and (?:the )?L)?`, copyOrClick),
	rule(`(?:navigate|go|browse|log ?in|login|return)(?: back)?(?: in)?(?:to| to)? (?:the |your |to )*(okta|sigma)\b`, (*instructionReader).product),
	rule(`copy ([^.«]*)\b(?:saved|copied|earlier)\b[^.«]*?(?: and|,) `, func(r *instructionReader, _ *Proposal, m []string) {
		r.wanted = m[1]
	}),
	rule(`(?:click to )?copy THE(?:value of |value from )?THEL`, func(r *instructionReader, step *Proposal, m []string) { r.copy(step, m[1]) }),
	rule(`(?:click to )?copy (?:the |its |your )([a-z][\w.]*(?: [\w.]+){0,4}?)(?:, | |\. ?|$)(?:as|from|which|that|and|to|we|you|in|for|$)`,
		func(r *instructionReader, step *Proposal, m []string) { r.copy(step, m[1]) }),
	rule(`copy\b(?:[^.«]*)`, unknown("The text does not name the field to copy from. Add copy with its label.")),
	rule(`paste (?:[^.«]|«\d+» (?:we|you|into|in|under|to))*?(?:into|in|for|under|to|of)\b[^.«]{0,40}L`, (*instructionReader).paste),
	rule(`paste (?:[^.«])*L`, (*instructionReader).paste),
	rule(`(?:type|enter|input|put|write) L (?:in|into|as|for|under)(?: to)? THEL`, valued(script.VerbFill, 2, 1)),
	rule(`(?:start typing|type|enter|input|put|write|search for) L(?: (?:in|into|as|for)(?: to)? THE([a-z][a-z-]*)(?: bar| box| field)?)?`,
		func(_ *instructionReader, step *Proposal, m []string) {
			name := "Search"
			if m[2] != "" {
				name = strings.ToUpper(m[2][:1]) + m[2][1:]
			}
			step.Do = append(step.Do, &proposedAction{verb: script.VerbFill, name: name, value: m[1]})
		}),
	rule(`(?:in|for) THEL(?: field| box| list)?,? (?:type|enter|use|put|write) L`, valued(script.VerbFill, 1, 2)),
	rule(`(?:in|for|as) THEL(?: field| box| list)?,? (?:select|choose|pick) L`, valued(script.VerbChoose, 1, 2)),
	rule(`(?:fill in|fill|for) THEL(?: field| box)? with L`, valued(script.VerbFill, 1, 2)),
	rule(`(?:for|fill in|fill|complete|enter) THEL,? ?(?:use|enter|type|with)?[^.«]*(?:address|password|assigned|name)\b`,
		func(_ *instructionReader, step *Proposal, m []string) {
			step.Open = append(step.Open, fmt.Sprintf("The text does not give the value of “%s”. Add fill with the value.", m[1]))
		}),
	rule(`(?:give (?:it|the \w+(?: \w+)?)(?: a| the)?(?: friendly)? name|name it|call it|name the \w+)(?: of)? L`,
		func(_ *instructionReader, step *Proposal, m []string) {
			step.Do = append(step.Do, &proposedAction{verb: script.VerbFill, name: "Name", value: m[1]})
		}),
	rule(`give (?:it|the \w+(?: \w+)?|THEL)(?: a| the)?(?: friendly)? name`, unknown("The text gives no name. Add fill with the label and the value.")),
	rule(`(?:set|change|switch) THEL(?: field| list)? (?:to|as)(?: only)? L`, valued(script.VerbChoose, 1, 2)),
	rule(`(?:uncheck|untick|clear|deselect) THE(?:`+someBox+` (?:for |next to |of )?THE)?`+boxLabels, each(script.VerbUntick)),
	rule(`(?:check|tick|mark|enable|select|click)ON THE`+someBox+`(?: (?:on|for|adjacent|next|to|labell?ed|called|in|front|of|beside))* THE`+boxLabels,
		each(script.VerbTick)),
	rule(`(?:check|tick|mark|enable|select|click)ON THEL `+someBox+`(?: (?:on|for|adjacent|next|to|beside|in|of))* ?(?:the )?L`, simple(script.VerbTick)),
	rule(`(?:check|tick|mark|enable|select|click)ON THEL `+someBox, simple(script.VerbTick)),
	rule(`(?:check|tick) L`, simple(script.VerbTick)),
	rule(`(?:(?:navigate|go|browse|return|switch|head|log in|login|open)(?: back)?(?: to)? )?THEL(?: > L)(?: > L)?(?: > L)?`, (*instructionReader).open),
	rule(`(?:navigate|go|browse|return|switch|head)(?: back)? to THEL`, simple(script.VerbClick)),
	rule(`(?:click|select|choose|press|tap|hit|pick|open|edit)(?: to (?:add|assign|open|select))?ON (?:either )?THELNOUN(?: in| across from| within| under| next to) THEL`,
		simple(script.VerbClick)),
	rule(`(?:click|select|choose|press|tap|hit|pick)ON (?:either )?THELNOUN in ([a-z]+)['’]s row`, simple(script.VerbClick)),
	rule(`(?:click|select|choose|press|tap|hit|pick)(?: to (?:add|assign|open|select))?ON (?:either )?THELNOUN and THEL`, each(script.VerbClick)),
	rule(`(?:click|select|choose|press|tap|hit|pick|open|find)(?: to (?:add|assign|open|select))?ON (?:either )?THE(?:\w+ ){0,2}?L`, simple(script.VerbClick)),
	rule(`(?:should|will) (?:now |only |then )*(?:see|receive|get|show|read)[^.«]{0,40}L`, simple(script.VerbSee)),
	rule(`(?:download|install|run|deploy)\b[^.]*`, unknown("This happens outside the two products. Let the learner confirm the step, or remove the step.")),
	rule(`(?:configure|create|add|assign|fill in|provide|enter|type) [^.«]*(?:as shown|as follows|as below)`, func(*instructionReader, *Proposal, []string) {}),
}

var labelNumber = regexp.MustCompile(`^\d+$`)

// actions reads the instructions of a text from left to right.
func (r *instructionReader) actions(step *Proposal, s sentenceText) {
	for at := 0; at < len(s.text); {
		if at > 0 && isLetter(s.text[at-1]) || !isLetter(s.text[at]) && !strings.HasPrefix(s.text[at:], "«") {
			at++
			continue
		}
		length := 0
		for _, rule := range instructionRules {
			m := rule.pattern.FindStringSubmatch(s.text[at:])
			if m == nil || len(m[0]) == 0 {
				continue
			}
			length = len(m[0])
			for i := range m[1:] {
				if n, err := strconv.Atoi(m[i+1]); err == nil && labelNumber.MatchString(m[i+1]) && n < len(s.labels) {
					m[i+1] = s.labels[n]
				}
			}
			before := len(step.Do)
			rule.act(r, step, m)
			for _, action := range step.Do[before:] {
				action.alternative = s.labels
			}
			break
		}
		at += max(1, length)
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// product opens a product in the visitor's window. Administrators are signed in where their first step begins.
func (r *instructionReader) product(step *Proposal, m []string) {
	if step.As != visitor {
		return
	}
	address := "{sigma}/login"
	if strings.EqualFold(m[1], "Okta") {
		address = "{okta}/"
	}
	step.Do = append(step.Do, &proposedAction{verb: script.VerbVisit, name: address})
}

// open follows a path of links.
func (r *instructionReader) open(step *Proposal, m []string) {
	var parts []string
	for _, part := range m[1:] {
		if part = strings.Trim(part, "> "); part != "" {
			parts = append(parts, strings.ReplaceAll(part, ">", " "))
		}
	}
	step.Do = append(step.Do, &proposedAction{verb: script.VerbOpen, name: strings.Join(parts, " > ")})
}

// copyOrClick reads "click Copy for A and B", or "click A for B".
func copyOrClick(r *instructionReader, step *Proposal, m []string) {
	if !strings.HasPrefix(strings.ToLower(m[1]), "copy") {
		step.Do = append(step.Do, &proposedAction{verb: script.VerbClick, name: m[1], in: m[2]})
		return
	}
	for _, name := range m[2:] {
		if name != "" {
			r.copy(step, name)
		}
	}
}

// copy copies the value of a field into a variable.
func (r *instructionReader) copy(step *Proposal, label string) {
	if label = strings.TrimSpace(label); label == "" {
		return
	}
	variable := slug(label)
	for variable[0] >= '0' && variable[0] <= '9' || variable[0] == '-' {
		variable = "v" + variable
	}
	step.Do = append(step.Do, &proposedAction{verb: script.VerbCopy, name: label, value: variable})
	r.copied, r.source = append(r.copied, copiedValue{label, variable}), step.As
}

// paste types the copied value whose label is most like the field's, or else the value copied last.
func (r *instructionReader) paste(step *Proposal, m []string) {
	if len(r.copied) == 0 {
		step.Open = append(step.Open, fmt.Sprintf("The text pastes a value into “%s” that no earlier step copies.", m[1]))
		return
	}
	best, score := r.copied[len(r.copied)-1], 0
	for _, value := range r.copied {
		if n := 100 * wordsInCommon(value.label, m[1]+" "+r.wanted) / len(strings.Fields(value.label)); n >= score && n > 0 {
			best, score = value, n
		}
	}
	r.wanted = ""
	step.Do = append(step.Do, &proposedAction{verb: script.VerbFill, name: m[1], value: "{" + best.variable + "}"})
}

// wordsInCommon counts the words that two labels share.
func wordsInCommon(a, b string) (n int) {
	for _, word := range strings.Fields(strings.ToLower(a)) {
		for _, other := range strings.Fields(strings.ToLower(b)) {
			if word == other {
				n++
			}
		}
	}
	return n
}
