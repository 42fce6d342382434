package codelab

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"understudy/seed/script"
)

// The people of a proposed step. The visitor works in a window in which nobody is signed in.
const (
	oktaAdmin  = "okta-admin"
	sigmaAdmin = "sigma-admin"
	visitor    = "visitor"
)

// instructionReader recognizes what a text tells the learner to do. It keeps what continues from one instruction to the next.
type instructionReader struct {
	person string          // who acts
	seen   map[string]bool // people who have signed in
	copied []copiedValue
	source string // person who copied last
	wanted string // how the text names the value to paste next
}

// copiedValue is a value that the learner copied.
type copiedValue struct{ label, variable string }

// sentenceText is a text in which each label is replaced by its number in « ».
type sentenceText struct {
	text      string
	labels    []string
	instructs []string // the sentences that begin with an instruction
}

var (
	fencedInBlock = regexp.MustCompile("(?s)```.*?(```|$)|~~~.*?(~~~|$)")
	pictureInText = regexp.MustCompile(`!\[[^\]]*\]\([^)]*\)`)
	linkInText    = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	tagInText     = regexp.MustCompile(`<[^<>]*>`)
	listMarker    = regexp.MustCompile(`(?m)^\s*([-*+]|\d+[.)])\s+`)
	labelInText   = regexp.MustCompile("`([^`\n]+)`|\\*\\*([^*\n]+)\\*\\*|“([^”\n]{1,60})”|\"([^\"\n]{1,60})\"|‘([^’\n]{1,60})’")
	plainPath     = regexp.MustCompile(`\b[A-Z][\w&]*(?: [A-Z][\w&]*)*(?:\s*>\s*[A-Z][\w&]*(?: [A-Z][\w&]*)*)+`)
	pathVerb      = regexp.MustCompile(`^(?:Open|Select|Click|Choose|In|Under|Use|See) `)
	plainControl  = regexp.MustCompile(`\b((?i:click|press|select|tap)(?: on)?(?: the)?) ([A-Z][\w&]*(?: (?:&|\+|[A-Z][\w&]*))*)`)
)

// tokenize marks the labels of a text: what is written as code, in bold or in quotes, paths such as A > B, and names with capital
// letters after a verb.
func tokenize(source string) (s sentenceText) {
	source = fencedInBlock.ReplaceAllString(source, " ")
	source = pictureInText.ReplaceAllString(source, " ")
	source = linkInText.ReplaceAllString(source, "$1")
	source = listMarker.ReplaceAllString(source, ". ")
	source = strings.NewReplacer("«", "", "»", "").Replace(source)
	source = html.UnescapeString(tagInText.ReplaceAllString(source, " "))
	mark := func(label string) string {
		s.labels = append(s.labels, strings.Join(strings.Fields(label), " "))
		return "«" + strconv.Itoa(len(s.labels)-1) + "»"
	}
	source = labelInText.ReplaceAllStringFunc(source, func(found string) string {
		label := strings.Trim(found, "`*“”\"‘’ ")
		if label == "" {
			return " "
		}
		if parts := pathParts(label); parts != nil {
			for i, part := range parts {
				parts[i] = mark(part)
			}
			return strings.Join(parts, " > ")
		}
		return mark(label)
	})
	source = plainPath.ReplaceAllStringFunc(source, func(found string) string {
		var parts []string
		verb := pathVerb.FindString(found)
		found = strings.TrimPrefix(found, verb)
		for part := range strings.SplitSeq(found, ">") {
			parts = append(parts, mark(strings.TrimSpace(part)))
		}
		return verb + strings.Join(parts, " > ")
	})
	source = plainControl.ReplaceAllStringFunc(source, func(found string) string {
		m := plainControl.FindStringSubmatch(found)
		return m[1] + " " + mark(m[2])
	})
	s.text = strings.Join(strings.Fields(source), " ")
	return s
}

// pathParts splits a label that is a path through the navigation of a product, such as "Directory > Groups"; nil for other labels.
func pathParts(label string) []string {
	var parts []string
	for part := range strings.SplitSeq(label, ">") {
		parts = append(parts, strings.Join(strings.Fields(part), " "))
	}
	if len(parts) < 2 || len(parts) > 4 || areas[parts[0]] == "" || slices.Contains(parts, "") {
		return nil
	}
	return parts
}

var (
	newWindowText = regexp.MustCompile(`(?i)\b(incognito|private (browser )?window|(another|new|different|second) (\w+ )?(browser|window))\b`)
	inProduct     = regexp.MustCompile(`(?i)\b(?:in|into|to|from|of)\s+(?:the |your )?(Okta|Sigma)\b( portal| account| with SSO)?`)
	signsIn       = regexp.MustCompile(`(?i)\b(log ?in|sign in|logged in)\b`)
	copies        = regexp.MustCompile(`(?i)^(?:now |then |next,? )*(?:click to )?copy\b`)
	goesTo        = regexp.MustCompile(`(?i)\b(?:navigate|go|browse|log ?in|sign in|login|return|switch)(?: back)?(?: in)?(?:to| to)? (?:the |your |to )*(Okta|Sigma)\b`)
	asAdminOf     = regexp.MustCompile(`(?i)\bas (?:an? |the )?(Okta|Sigma) admin(?:istrator)?\b`)
	labelMark     = regexp.MustCompile(`«(\d+)»`)
	asAdmin       = regexp.MustCompile(`(?i)\bas (an? |the )?(\w+ )?admin(istrator)?\b`)
	// imperative matches a sentence that begins with an instruction, also after a place such as "In Okta,".
	imperative = regexp.MustCompile(`(?i)^(?:(?:in|on|from|back|at|inside|after|for|as) [^,]{1,60}, )?` +
		`(?:(?:and|then|next|now|also|please|finally|first|again|you can|lets|let us|let's|once [^,]{1,40}),? |to [^,]{1,40}, )*` +
		`(?:click|select|choose|press|tap|type|enter|paste|copy|navigate|browse|go|open|log|login|sign|check|tick|set|give|configure|add|` +
		`create|assign|scroll|return|download|install|run|start|deploy|edit|delete|remove|change|save|enable|disable|search|try|switch|find|use)\b`)
	sentenceEnd = regexp.MustCompile(`[.!?:] +`)
	asShown     = regexp.MustCompile(`(?i)\bas (shown|follows|below|pictured|in the (picture|image|screenshot))|\blike this\b`)
	areas       = map[string]string{"Applications": oktaAdmin, "Directory": oktaAdmin, "Administration": sigmaAdmin}
)

// read returns the step that a text describes; nil when the text has no instruction. picture is the name of the picture after it.
func (r *instructionReader) read(source, picture string) *Proposal {
	s := tokenize(source)
	s.instructs = slices.DeleteFunc(sentenceEnd.Split(s.text, -1), func(sentence string) bool { return !imperative.MatchString(sentence) })
	window := r.decideWho(s)
	step := &Proposal{As: r.person, Text: strings.Join(strings.Fields(tagInText.ReplaceAllString(source, " ")), " "), Window: window}
	r.actions(step, s)
	if len(s.instructs) == 0 && !slices.ContainsFunc(step.Do, func(a *proposedAction) bool { return a.verb != script.VerbSee }) {
		return nil
	}
	if asShown.MatchString(s.text) && !hasValue(step) {
		reason := "The text says “as shown”, but does not say what. Add fill, choose and tick with the labels and the values."
		if picture != "" {
			reason = fmt.Sprintf("The values are only in the picture %s. Add fill, choose and tick with the labels and the values.", picture)
		}
		step.Open = append(step.Open, reason)
	}
	if window || len(step.Do) > 0 || signsIn.MatchString(strings.Join(s.instructs, ". ")) {
		r.begin(step, s)
	}
	if len(step.Do) == 0 && len(step.Open) == 0 {
		if goesTo.MatchString(s.withProducts(s.text)) {
			return nil // to a product in which the person is already
		}
		step.Open = append(step.Open, "The text names no control of a page. Write the label as the page shows it, in bold or as code.")
	}
	return step
}

// hasValue reports whether a step types or chooses anything.
func hasValue(step *Proposal) bool {
	return slices.ContainsFunc(step.Do, func(a *proposedAction) bool { return a.value != "" && a.verb != script.VerbCopy })
}

// decideWho finds the person who acts, from the words about products and windows. It reports whether they begin in a new window.
func (r *instructionReader) decideWho(s sentenceText) (window bool) {
	if newWindowText.MatchString(s.text) && !strings.Contains(strings.ToLower(s.text), "tab") {
		again := regexp.MustCompile(`(?i)\b(go|come|switch)? ?back to\b|\breturn to\b`).MatchString(s.text)
		r.person = visitor
		return !again
	}
	instructions := s.withProducts(strings.Join(s.instructs, ". "))
	if m := asAdminOf.FindStringSubmatch(instructions); m != nil {
		r.person = adminOf(m[1])
		return false
	}
	products := inProduct.FindAllStringSubmatch(instructions, -1)
	for _, label := range s.labels { // the first part of a path
		if who := areas[label]; who != "" && strings.Contains(s.text, "> «") {
			r.person = who
			return false
		}
	}
	if len(products) == 0 {
		if r.source != "" && copies.MatchString(instructions) && len(s.instructs) > 0 {
			r.person = r.source // after a paste elsewhere, the next value comes from where the value before came from
		}
		return false
	}
	last := products[len(products)-1]
	if r.person == visitor && (last[2] != "" || signsIn.MatchString(instructions)) && !asAdmin.MatchString(instructions) {
		return false // the visitor tries to sign in
	}
	r.person = adminOf(last[1])
	return false
}

func adminOf(product string) string {
	return map[string]string{"okta": oktaAdmin, "sigma": sigmaAdmin}[strings.ToLower(product)]
}

// withProducts returns a part of the text in which the labels that are the name of a product are written out.
func (s sentenceText) withProducts(text string) string {
	return labelMark.ReplaceAllStringFunc(text, func(mark string) string {
		n, err := strconv.Atoi(labelMark.FindStringSubmatch(mark)[1])
		if err == nil && n < len(s.labels) && adminOf(s.labels[n]) != "" {
			return s.labels[n]
		}
		return mark
	})
}

// begin adds what the person does first: an administrator signs in, a visitor opens the sign-in page.
func (r *instructionReader) begin(step *Proposal, s sentenceText) {
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	if r.seen[step.As] && !step.Window {
		return
	}
	r.seen[step.As] = true
	var first []*proposedAction
	switch step.As {
	case oktaAdmin:
		first = []*proposedAction{{verb: script.VerbVisit, name: "{admin}"},
			{verb: script.VerbFill, name: "Username", value: "{okta-admin.username}"},
			{verb: script.VerbFill, name: "Password", value: "{okta-admin.password}"}, {verb: script.VerbClick, name: "Sign in"}}
	case sigmaAdmin:
		first = []*proposedAction{{verb: script.VerbVisit, name: "{sigma}/"},
			{verb: script.VerbFill, name: "Email", value: "{sigma-admin.email}"},
			{verb: script.VerbFill, name: "Password", value: "{sigma-admin.password}"}, {verb: script.VerbClick, name: "Sign in"}}
	default:
		first = []*proposedAction{{verb: script.VerbVisit, name: "{sigma}/login"}}
		if m := inProduct.FindStringSubmatch(s.withProducts(s.text)); m != nil && strings.EqualFold(m[1], "Okta") {
			first[0].name = "{okta}/"
		}
	}
	if len(step.Do) == 0 || step.Do[0].verb != script.VerbVisit {
		step.Do = append(first, step.Do...)
	}
}
