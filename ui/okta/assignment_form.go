package okta

import "understudy/ui/kit"

var booleans = []kit.Option{{Value: "", Label: ""}, {Value: "true", Label: "True"}, {Value: "false", Label: "False"}}

// options are the choices of an enumerated attribute, with the empty one first.
func (a AttributeField) options() []kit.Option {
	list := []kit.Option{{Value: "", Label: ""}}
	for _, o := range a.Options {
		list = append(list, kit.Option{Value: o.Value, Label: o.Label})
	}
	return list
}

// kitOptions turns choices into the kit's.
func kitOptions(options []Option) (list []kit.Option) {
	for _, o := range options {
		list = append(list, kit.Option{Value: o.Value, Label: o.Label, Hint: o.Hint, Selected: o.Selected})
	}
	return list
}

// chosen is the value of the choice that is selected.
func chosen(options []Option) string {
	for _, o := range options {
		if o.Selected {
			return o.Value
		}
	}
	return ""
}
