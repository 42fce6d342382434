package lab

import (
	"slices"
	"strings"

	"understudy/seed/base/problem"
)

// reservedDomains can belong to nobody (RFC 2606, RFC 6761): a name in one of them is no real account.
var reservedDomains = []string{"example.com", "example.org", "example.net"}

// ReservedLogins gives the rule for user names on a server that others can reach: reserved domains, *.test, *.example, and
// those that are allowed besides.
func ReservedLogins(allowed []string) func(login string) error {
	return func(login string) error {
		_, domain, found := strings.Cut(strings.ToLower(strings.TrimSpace(login)), "@")
		if !found || slices.Contains(reservedDomains, domain) || slices.Contains(allowed, domain) ||
			strings.HasSuffix(domain, ".test") || strings.HasSuffix(domain, ".example") {
			return nil
		}
		return problem.InvalidField("login", "This training server takes only invented user names: use one that ends in example.com, example.org, .test or .example.")
	}
}
