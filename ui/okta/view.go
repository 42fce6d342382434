package okta

import "understudy/ui/kit"

// FormErrors are the validation errors of a form: one sentence per field. A summary above the form lists them.
type FormErrors = kit.Errors

// ErrorsOf converts an error of package idp to the errors of a form. It returns nil for nil.
func ErrorsOf(err error) FormErrors { return kit.ErrorsOf(err) }

// Paging is the part of a list that a page shows. Number counts pages from 1; From and To count items from 1.
type Paging struct {
	Number, Pages, Total int
	From, To             int
	Previous, Next       string // paths; empty on the first and last page
	Noun                 string // plural noun of the items: "people"
}

// withNoun sets the noun of the items.
func (p Paging) withNoun(noun string) Paging {
	p.Noun = noun
	return p
}
