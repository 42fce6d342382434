package limit

import (
	"path"
	"strings"
	"time"
)

// Limits that hold for every request.
const (
	HeadBytes     = 64 << 10 // request line and headers; net/http answers 431 above it
	PathBytes     = 4 << 10  // escaped path; a lab records it
	RecordedBytes = 512      // a header value that is recorded, such as User-Agent; the rest is cut off
	FieldBytes    = 16 << 10 // one value of a form or query
	FieldNameSize = 256      // bytes of the name of a form or query field
	FieldCount    = 5_000    // values of a form or query

	IdleTime = 2 * time.Minute // without a request on a connection

	headTime   = 10 * time.Second       // until the headers of a request have arrived
	bodyTime   = 30 * time.Second       // until a body has arrived
	restTime   = 500 * time.Millisecond // for the rest of a body that was refused
	uploadTime = 10 * time.Minute
	writeTime  = 30 * time.Second // until a client has taken one part of a response

	connections    = 8192 // of all clients; fewer if the system allows fewer open files
	clientShare    = 2    // one client gets the connections divided by this
	streamsPerLab  = 32   // event streams of one client in one lab
	spareFileLimit = 4    // the part of the open files that is left for labs, divided by this
)

// Kind is what a body holds.
type Kind int

// The kinds of bodies.
const (
	Form   Kind = iota // an HTML form, URL-encoded or multipart
	Raw                // JSON or anything else that the handler reads itself
	Stream             // a large file, which the handler reads from the connection
)

// Rule says what the body of a request may hold.
type Rule struct {
	Half  string // "okta", "sigma", or "" for the server's own pages
	Path  string // within the half; "*" stands for one segment, "/**" at the end for everything below
	Kind  Kind
	Bytes int64
	Time  time.Duration
	Local bool // the rule is for clients on the machine that runs the server
}

// everyOther is the rule for addresses that are not in the table.
var everyOther = Rule{Kind: Form, Bytes: 1 << 20, Time: bodyTime}

// API is the rule for addresses of an API that the table does not list. The front door knows which they are.
var API = Rule{Kind: Raw, Bytes: 1 << 20, Time: bodyTime}

// rules is the table of exceptions. The first that matches counts.
var rules = []Rule{
	{Half: "", Path: "/import", Kind: Form, Bytes: 513 << 20, Time: uploadTime, Local: true},        // a lab's file and the form around it
	{Half: "", Path: "/labs/*/traffic/decode", Kind: Form, Bytes: 3 << 20, Time: bodyTime},          // 1 MiB of text, percent-encoded
	{Half: "", Path: "/control/v1/labs/*/import", Kind: Stream, Bytes: 512 << 20, Time: uploadTime}, // a lab's file
	{Half: "", Path: "/control/**", Kind: Raw, Bytes: 1 << 20, Time: bodyTime},
	{Half: "", Path: "/instructor/import", Kind: Stream, Bytes: 513 << 20, Time: uploadTime}, // a lab's file and the form around it
	{Half: "sigma", Path: "/scim/**", Kind: Raw, Bytes: 1 << 20, Time: bodyTime},
	{Half: "sigma", Path: "/api/v2/saml2/**", Kind: Form, Bytes: 2 << 20, Time: bodyTime}, // two SAML fields, percent-encoded
	{Half: "sigma", Path: "/api/**", Kind: Raw, Bytes: 1 << 20, Time: bodyTime},
	{Half: "sigma", Path: "/v2/**", Kind: Raw, Bytes: 1 << 20, Time: bodyTime},
	{Half: "okta", Path: "/app/*/*/sso/saml", Kind: Form, Bytes: 2 << 20, Time: bodyTime},
	{Half: "okta", Path: "/app/*/*/slo/saml", Kind: Form, Bytes: 2 << 20, Time: bodyTime},
	{Half: "okta", Path: "/api/**", Kind: Raw, Bytes: 1 << 20, Time: bodyTime},
	{Half: "okta", Path: "/oauth2/**", Kind: Raw, Bytes: 1 << 20, Time: bodyTime},
}

// fields are the form fields that may be longer than FieldBytes.
var fields = map[string]int{
	"SAMLRequest":  1 << 20, // the receivers have smaller limits, and record what they refuse
	"SAMLResponse": 1 << 20,
	"message":      2 << 20, // the decoder of the traffic page
	"data":         1 << 20, // the table of a workbook, at most 500,000 characters
	"fromURI":      HeadBytes,
	"next":         HeadBytes,
}

// RuleFor returns the rule for an address. local reports whether the client is on the machine that runs the server.
func RuleFor(half, address string, local bool) Rule {
	for _, r := range rules {
		if r.Half == half && (local || !r.Local) && r.matches(address) {
			return r
		}
	}
	return everyOther
}

func (r Rule) matches(address string) bool {
	if above, below := strings.CutSuffix(r.Path, "/**"); below {
		return address == above || strings.HasPrefix(address, above+"/")
	}
	matched, _ := path.Match(r.Path, strings.TrimSuffix(address, "/")) // the patterns are constant and valid
	return matched
}

// fieldBytes is the longest value of a field.
func fieldBytes(name string) int {
	if n, special := fields[name]; special {
		return n
	}
	return FieldBytes
}
