// Package door is the HTTP front door: the one handler of the server.
//
// It finds out which half (Okta or Sigma) of which lab a request is for, opens the lab, and calls the half with everything that its handlers
// need in the context. It records the traffic, and it repeats reads that a reset made stale:
//
//	request ─▶ Door.ServeHTTP ─▶ route (path or host) ─▶ Options.Admit ─▶ Registry.Acquire
//	   ─▶ retryAfterReset ─▶ record… ─▶ handler of the half (idp/…, sp/…)
//
// Requests for /labs/{lab}/… and for the server itself go to the packages in Options.Mount (labpages, guide, traffic, fault,
// workshop). They use [LabHandler] or [Pinned], which pass the open lab to their handlers.
//
// Start reading in door.go.
//
//	door.go             the handler: routing, admission, security headers
//	route.go            which half, lab and window an address names; origin and client address
//	host.go             the names under which the server responds; the canonical origin
//	public.go           the public addresses of labs
//	refuse.go           responses to what exceeds a limit of package limit; the list of all routes
//	health.go           the page /healthz
//	handlers.go         the handlers of the two halves
//	labrequest.go       pages of labs and of the server: middleware and the wrapper of all lab pages
//	api.go              addresses that programs call, and their errors as JSON
//	control.go          the control API: its errors, and programs on this machine
//	error.go            errors of those pages
//	bar.go              what the bar and the reset notice on each page show
//	browser.go          the cookie that identifies a browser
//	retry.go            repeating reads after a reset
//	damaged.go          the page of a damaged lab
//	labclosing.go       requests end when their lab is closed
//	record_exchange.go  recording of SAML and SCIM messages
//	record_page.go      recording of page requests and visits
//	outgoing.go         recording of SCIM requests to other servers
//	injectedfault.go    wrong or late responses for fault exercises
//	egress.go           which servers this server may send requests to
//	metrics.go          the figures at /metrics
package door
