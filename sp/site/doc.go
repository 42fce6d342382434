// Package site is the Sigma half as people meet it in a browser: sign-in, home, documents, profile and Administration.
//
// It is a door: a handler reads its form, calls one method of [sp.Organization] and renders one page of ui/sigma. Which
// pages there are is read from the tables in routes.go. What somebody may do is decided in package sp; the pages only
// leave out controls that would be refused.
package site
