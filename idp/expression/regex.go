package expression

import (
	"errors"
	"regexp"
	"regexp/syntax"
)

// Limits of a regular expression. Go matches in time linear in the text and in the number of instructions.
const (
	maxRegex        = 1024 // bytes
	maxInstructions = 1000
)

// regex is a regular expression that matches whole texts.
type regex struct {
	*regexp.Regexp
	instructions int
}

// CheckRegex tells what is wrong with a regular expression for names of groups. The error is a sentence fragment.
func CheckRegex(text string) error {
	_, err := compileRegex(text)
	return err
}

func compileRegex(text string) (r regex, err error) {
	if len(text) > maxRegex {
		return r, errors.New("the regular expression is too long. Use at most 1024 characters")
	}
	whole := "^(?:" + text + ")$"
	tree, err := syntax.Parse(whole, syntax.Perl)
	if err != nil {
		return r, errors.New("“" + clip(text) + "” is not a regular expression")
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil || len(program.Inst) > maxInstructions {
		return r, errors.New("the regular expression “" + clip(text) + "” is too complicated. Use fewer repetitions")
	}
	compiled, err := regexp.Compile(whole)
	return regex{compiled, len(program.Inst)}, err
}

// matches matches a whole text and counts the steps.
func (r regex) matches(e *evaluation, text string) (bool, error) {
	if err := e.spend((1 + len(text)) * (1 + r.instructions/8)); err != nil {
		return false, err
	}
	return r.MatchString(text), nil
}
