package okta

import "understudy/ui/kit"

// booleans are the choices of a boolean attribute, after an empty choice.
var booleans = []kit.Option{{Value: "", Label: ""}, {Value: "true", Label: "True"}, {Value: "false", Label: "False"}}

// options are the choices of an enumerated attribute, after an empty choice.
func (a AttributeField) options() []kit.Option {
	list := []kit.Option{{Value: "", Label: ""}}
	for _, o := range a.Options {
		list = append(list, kit.Option{Value: o.Value, Label: o.Label})
	}
	return list
}

// kitOptions converts the options of a view to options of the kit. Path and Count are dropped.
func kitOptions(options []Option) (list []kit.Option) {
	for _, o := range options {
		list = append(list, kit.Option{Value: o.Value, Label: o.Label, Hint: o.Hint, Selected: o.Selected})
	}
	return list
}

// chosen is the value of the selected option, or "" if none is selected.
func chosen(options []Option) string {
	for _, o := range options {
		if o.Selected {
			return o.Value
		}
	}
	return ""
}
