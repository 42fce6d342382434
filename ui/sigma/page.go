package sigma

// FrameView is what the frame around a page shows: who is signed in, where, and which ways they have.
type FrameView struct {
	At           At
	Title        string // the h1's text
	Lab          string
	Window       int
	Here         string // path of this page within the half
	Organization string
	Notice       string // result of the change before
	Query        string // of the search box
	Errors       Errors

	Member, Email, Initial                string // empty when nobody is signed in
	Admin                                 bool
	Create, CreateFolder, CreateWorkspace bool // what Create New offers
	Connections                           bool
}
