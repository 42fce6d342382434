// Package kit holds the controls that every page is made of: layout, buttons, fields, tables, dialogs, navigation.
//
//	ui/okta, ui/sigma, ui/lab ── kit struct ──▶ HTML
//	                                  └▶ classes of static/kit.css, data attributes for the scripts in static
//
// Each control is a struct of plain data that is also a templ component: @kit.Button{Label: "Save"}. A control with content
// takes the content as children, with the literal in parentheses: @(kit.Form{Action: "/x"}) { … }. No control reads a request
// or the database. All controls work without JavaScript. The scripts in static find elements by data attributes, such as
// data-dialog, and improve them.
//
// Every page shows the text "[Training]" in its title and the training mark in the lab bar. Every password field shows a
// hint not to enter a real password.
//
// Start reading in page.templ and button.templ. The stories in stories_test.go show each control.
//
//   - page.templ: the HTML document, its title and notices, the guide panel
//   - labbar.templ: the bar at the top: lab, window, who is signed in
//   - navigation.templ: page header, breadcrumbs, tabs, menus, paging
//   - button.templ, icon.templ: buttons, links that look like buttons, icons
//   - form.templ, field.templ: forms, error summary, labelled inputs
//   - search.templ: search forms and fields with suggestions
//   - forward.templ: a form that submits itself, for SAML messages
//   - dialog.templ, pick.templ: dialogs, confirmation, lists of items to assign
//   - table.templ, display.templ, chart.templ: tables, cards, label-value lists, values to copy, charts
//   - notice.templ: results, notes, pills, empty lists
//   - page_state.go: a header inside the server, by which a page reports its state to the guide
package kit
