package sigma

// FrameView is the content of the frame around a page.
type FrameView struct {
	At           At
	Title        string // text of the page's h1
	Lab          string
	Window       int
	Current      string // path of this page below At
	Organization string
	Notice       string // result of the previous change
	Query        string // text of the search box
	Errors       Errors

	User                                          Member // zero if nobody is signed in
	CreateWorkbook, CreateFolder, CreateWorkspace bool   // entries of the menu Create New
	Connections                                   bool   // the navigation has Connections
}
