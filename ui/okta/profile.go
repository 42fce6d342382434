package okta

import "understudy/ui/kit"

// dataTypes are the data types of Okta's Profile Editor that this program supports.
var dataTypes = append(kit.Options("string", "boolean", "integer", "number"), kit.Option{Value: "array", Label: "string array"})

func (r AttributeRow) kind() string {
	if r.Base {
		return "Base"
	}
	return "Custom"
}

// rows are the value rows of the form. There is at least one row, so that the form works without JavaScript.
func (v AttributeForm) rows() []EnumValue {
	if len(v.Values) == 0 {
		return []EnumValue{{}}
	}
	return v.Values
}

func (v AttributeForm) attributeType() string {
	if v.Personal {
		return "personal"
	}
	return "group"
}

func (v AttributeForm) groupValues() string {
	if v.Combine {
		return "combine"
	}
	return "priority"
}

// groupChoices are the ways to merge the values of several groups. Only an array attribute can combine them.
func (v AttributeForm) groupChoices() []kit.Option {
	choices := []kit.Option{{Value: "priority", Label: "Use group priority"}}
	if v.New || v.Type == "array" {
		choices = append(choices, kit.Option{
			Value: "combine", Label: "Combine values across groups", Hint: "Only for the data type string array.",
		})
	}
	return choices
}
