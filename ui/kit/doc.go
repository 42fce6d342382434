// Package kit holds the plain parts that every page is built of: layout, buttons, fields, tables, dialogs, tabs.
//
// A part is a struct of plain data that is itself a templ component: @kit.Button{Label: "Save"}. Parts with content take it as
// children, with the literal in parentheses: @(kit.Form{Action: "/x"}) { … }. No part reads a request or storage, and none needs
// JavaScript: the scripts in static only improve what already works.
package kit
