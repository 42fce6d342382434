package okta

// SearchPage lists the results of the search in the top bar of the console.
type SearchPage struct {
	Query   string
	Results []SearchResult
}

// SearchResult is one person, app or group that matches the search.
type SearchResult struct {
	Kind, Name, Detail, Path string
}

// NotBuiltPage is a section of the navigation that this program does not have.
type NotBuiltPage struct {
	Group, Section string
	Back           string
}

func (v SearchPage) lead() string {
	if v.Query == "" {
		return ""
	}
	return "for “" + v.Query + "”"
}

func (v SearchPage) empty() string {
	if v.Query == "" {
		return "Enter a name in the search box above to find people, apps and groups."
	}
	return "No person, app or group matches your search."
}
