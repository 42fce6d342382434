// Package lab holds labs and the front door.
//
// A lab is one attendee's world: an Okta org and a Sigma organization in one SQLite file. The [Registry] creates, opens,
// resets, closes and deletes labs. The [Door] finds the lab and the half that a request is for, strips the prefix and
// hands on the address that the person used:
//
//	request ─▶ Door ─▶ Registry.Acquire ─▶ Lab ─▶ context {address, idp.Org, sp.Organization} ─▶ the half's echo
//
// A request is pinned to the lab as it was on arrival, so a reset under way never shows it half of each world.
package lab
