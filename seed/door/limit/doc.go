// Package limit bounds everything that reaches the server from the network: the bodies of requests and their form fields, the
// length of paths and headers, the time that a client may take, and the number of its connections and event streams.
//
// All numbers are in table.go, and no handler has other limits for these things, except package scim, which is a library. The front door reads a body whole
// before it opens a lab, so that a slow client cannot hold a lab, and removes the files of an upload afterwards:
//
//	connection ─▶ Listener ─▶ http.Server (Configure) ─▶ CheckHead ─▶ Read ─▶ handler ─▶ Writer
//
// Start reading in table.go.
//
//	table.go       the numbers, and which rule applies to which address
//	head.go        path and headers
//	body.go        reading of bodies and forms
//	writer.go      the response: slow readers, event streams
//	stream.go      how many event streams a client has open
//	connection.go  how many connections a client has open
package limit
