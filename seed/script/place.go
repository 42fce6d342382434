package script

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Place is the page on which a step begins, such as {admin}/app/{app.name}/instance/{app.id}/sign-on. Expressions in braces read
// the lab's view; {okta}, {admin}, {sigma} and {lab} are the addresses of the lab.
type Place struct {
	Text string // as in the file; empty when the step names no place

	pieces []placePiece
	parts  []string // of the view that the place reads
}

// placePiece is a literal text, an address of the lab or an expression.
type placePiece struct {
	text    string
	program *vm.Program // nil for a literal text
}

var placeVariable = regexp.MustCompile(`\{([^{}]*)\}`)

// parsePlace reads the key at of a step.
func (r *reader) parsePlace(value node) (p Place, err error) {
	if p.Text, err = value.scalar(); err != nil {
		return p, err
	}
	product, _, _ := strings.Cut(strings.TrimPrefix(p.Text, "{"), "}")
	if !strings.HasPrefix(p.Text, "{") || !slices.Contains([]string{"okta", "admin", "sigma", "lab"}, product) {
		return p, value.errorf("at: expected a place that begins with {okta}, {admin}, {sigma} or {lab}, such as {admin}/groups")
	}
	rest := p.Text[len(product)+2:]
	p.pieces = []placePiece{{text: "/okta"}}
	switch product {
	case "sigma", "lab":
		p.pieces[0].text = "/" + product
	case "admin":
		rest = "/admin" + rest
	}
	for rest != "" {
		at := placeVariable.FindStringSubmatchIndex(rest)
		if at == nil {
			p.pieces = append(p.pieces, placePiece{text: rest})
			break
		}
		program, err := r.compile(rest[at[2]:at[3]])
		if err != nil {
			return p, value.errorf("at: %v", err)
		}
		p.parts = append(p.parts, r.script.partsOf(program.Node())...)
		p.pieces = append(p.pieces, placePiece{text: rest[:at[0]]}, placePiece{program: program})
		rest = rest[at[1]:]
	}
	return p, nil
}

// Parts lists the parts of the view that the place reads.
func (p Place) Parts() []string { return p.parts }

// Product is okta or sigma, or lab for a page about the lab; empty when the step names no place.
func (p Place) Product() string {
	if len(p.pieces) == 0 {
		return ""
	}
	return strings.TrimPrefix(p.pieces[0].text, "/")
}

// Path returns the path of the place within its product. It fails while something that the path names does not exist.
func (p Place) Path(facts Facts) (string, error) {
	var b strings.Builder
	if len(p.pieces) == 0 {
		return "/", nil
	}
	for _, piece := range p.pieces[1:] {
		if piece.program == nil {
			b.WriteString(piece.text)
			continue
		}
		value, err := expr.Run(piece.program, map[string]any(facts))
		if err != nil {
			return "", err
		}
		text, ok := value.(string)
		if !ok || text == "" {
			return "", fmt.Errorf("%s: a part of the place does not exist yet", p.Text)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}
