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

// picks are the rows of the dialog. What was assigned says so in place of its button.
func (v PickPage) picks() (list []kit.Pick) {
	for _, row := range v.Rows {
		item := kit.Pick{Name: row.Name, Detail: row.Detail, Mark: true, Round: v.People, Button: kit.Button{Label: "Assign", Small: true}}
		switch {
		case row.Assigned:
			item.Done = "Assigned"
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

// definitions turns attributes into the kit's list of labels and values.
func definitions(list []ProfileFact) kit.DefinitionList {
	var terms kit.DefinitionList
	for _, fact := range list {
		terms = append(terms, kit.Term{Label: fact.Label, Value: fact.Value})
	}
	return terms
}

func factTerms(list []Fact) kit.DefinitionList {
	var terms kit.DefinitionList
	for _, fact := range list {
		terms = append(terms, kit.Term{Label: fact.Label, Value: fact.Value})
	}
	return terms
}

func (v SearchPage) lead() string {
	if v.Query == "" {
		return ""
	}
	return "for “" + v.Query + "”"
}

func (v SearchPage) empty() string {
	if v.Query == "" {
		return "Type a name into the search box above to find people, apps and groups."
	}
	return "No person, app or group matches."
}

func chartBars(list []LogBar) (bars []kit.Bar) {
	for _, b := range list {
		bars = append(bars, kit.Bar{Label: barLabel(b), Value: b.Count})
	}
	return bars
}

func chartEnd(list []LogBar) string {
	if len(list) == 0 {
		return ""
	}
	last := list[len(list)-1]
	return barLabel(LogBar{Start: last.End, End: last.End.Add(last.End.Sub(last.Start))})
}

// columns are the heads of the table of tasks; tasks that can be tried again have boxes.
func (k TaskKind) columns() []kit.Column {
	columns := kit.Columns("Who", "What", "Reason", "Since")
	if k.Retry == "" {
		return columns
	}
	return append(kit.Columns("-Select"), columns...)
}
