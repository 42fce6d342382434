// Package scenario describes what a new lab contains, as YAML: people, groups, account types, teams and documents.
//
//	<name>.yaml ──Load──► Scenario ──► lab: idp.Org from Scenario.Okta, sp.Organization from Scenario.Sigma
//	                               └─► lab card: the identities with their passwords
//
// The fields of the parts are documented in their packages: [understudy/idp.Seed] and [understudy/sp.Seed]. A key that
// they do not have is an error. All people in a scenario are invented, and their addresses use domains that RFC 2606
// reserves, such as brightwater.example.
//
// Files:
//
//   - scenario.go: [Scenario] and [Load]; start reading here
//   - public.go: the base URLs that the pages of a lab show
//   - starter.yaml: the scenario "starter", in which the quickstart begins
//   - connected.yaml: the scenario "connected", in which single sign-on and provisioning work
package scenario
