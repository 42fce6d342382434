// Package sigma holds the pages of the Sigma half as templ components.
//
//	handler (sp/site, sp/sso, sp/web) ── view struct ──▶ component ──▶ HTML
//
// A component takes a view struct of this package and nothing else: the package imports neither package sp nor HTTP. The
// handlers map the types of package sp to view structs (sp/site/view.go). Common controls come from ui/kit. Labels are
// Sigma's own words; sp/SIGMA.md lists their sources and dates.
//
// Each file holds the view structs and the components of one group of pages. Start reading in view.go and files.templ.
//
//	view.go               paths, dates, counts, paging, kinds of files
//	frame.templ           the frames: pages, Administration, the card for sign-in
//	shell.templ           which frame a page gets; page.go is its view
//	parts.templ           sections, form buttons, confirmation dialog
//	files.templ           Home, lists of files, folders, create, rename, move
//	share.templ           the share dialog
//	workbook.templ        a workbook and its editor; chart.go lays out charts
//	account.templ         User Profile, Administration > Account
//	people.templ          Administration > People, invitation, deactivation
//	teams.templ           Administration > Teams, team pages
//	accounttypes.templ    Administration > Account Types
//	candidates.templ      choice of members for a team or an account type
//	authentication.templ  Administration > Authentication
//	setup.templ           setup of Account Type and Team Provisioning
//	auditlog.templ        Administration > Audit Log
//	outside.templ         sign-in, invitation, errors
//	password.templ        forgotten password
//	sso.templ             a refused SAML response
package sigma
