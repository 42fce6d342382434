package okta

import "understudy/ui/kit"

func (v ConfirmPage) heading() string {
	if v.Title != "" {
		return v.Title
	}
	return v.Question
}

func (v ConfirmPage) kind() kit.Kind {
	if v.Danger {
		return kit.Danger
	}
	return kit.Primary
}

// picks are the rows of the dialog. An assigned item shows "Assigned" instead of its button.
func (v PickPage) picks() (list []kit.Pick) {
	for _, row := range v.Rows {
		item := kit.Pick{Name: row.Name, Detail: row.Detail, Mark: true, Round: v.People,
			Button: kit.Button{Label: "Assign", Small: true}}
		switch {
		case row.Assigned:
			item.Done, item.Button = "Assigned", kit.Button{}
			if row.EditPath != "" {
				item.Button = kit.Button{Label: "Edit", Small: true, Href: row.EditPath}
			}
		case row.FormPath != "":
			item.Button.Href = row.FormPath
		default:
			item.Post, item.Hidden = row.AssignPath, []kit.Hidden{{Name: "id", Value: row.ID}}
			item.Button.Icon, item.Button.IconOnly = "plus", v.PlusButton
		}
		list = append(list, item)
	}
	return list
}

// profileFacts lists attributes with their values.
func profileFacts(list []ProfileFact) kit.DefinitionList {
	var terms kit.DefinitionList
	for _, fact := range list {
		terms = append(terms, kit.Term{Label: fact.Label, Value: fact.Value})
	}
	return terms
}
