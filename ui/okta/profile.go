package okta

import "understudy/ui/kit"

var dataTypes = kit.Options("string", "boolean", "integer", "number")

func (r AttributeRow) kind() string {
	if r.Base {
		return "Base"
	}
	return "Custom"
}

// rows are the lines of the list as the form shows them: at least one, so that a list can be begun without scripts.
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
