// Package content finds the material of labs: scenarios, guides and catalog apps. The program has built-in ones; an instructor adds
// others in a folder.
//
//	built-in files ─┐                 ┌─ Scenario(name) ─▶ scenario.Scenario ─▶ a new lab
//	--content DIR  ─┼─▶ Library.read ─┼─ Guide(name)    ─▶ script.Script     ─▶ guide panel
//	uploaded files ─┘                 ├─ Catalog        ─▶ catalog.Catalog   ─▶ Okta's app catalog
//	                                  └─ Items: lists for the start page and the console
//
// A folder has a folder of scenarios (YAML), one of guides (Markdown, with their pictures in its folder assets) and one of
// apps (YAML). The library reads a changed file again. A file with a mistake never replaces a good version of the file: the mistake is kept
// for the page that lists the content. A name belongs to one file: built-in files come first, then those of the folder, then
// uploaded ones.
//
//   - library.go: [Library] and [Open]; start reading here
//   - apps.go: the app catalog of the server
//   - upload.go: uploaded files
//   - check.go: the check of a file before it is taken
//   - folder.go: the files of one folder, read again when they change
package content
