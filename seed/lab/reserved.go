package lab

import (
	"slices"
	"strings"

	"understudy/seed/base/problem"
)

// reservedDomains are reserved for documentation (RFC 2606, RFC 6761): a user name in one of them is no real account.
var reservedDomains = []string{"example.com", "example.org", "example.net"}

// ReservedLogins returns the rule for user names on a server that other machines can reach: reserved domains, *.test, *.example
// and the allowed domains.
func ReservedLogins(allowed []string) func(login string) error {
	return func(login string) error {
		_, domain, found := strings.Cut(strings.ToLower(strings.TrimSpace(login)), "@")
		if !found || slices.Contains(reservedDomains, domain) || slices.Contains(allowed, domain) ||
			strings.HasSuffix(domain, ".test") || strings.HasSuffix(domain, ".example") {
			return nil
		}
		return problem.InvalidField("login",
			"This training server accepts only invented user names. Use one that ends in example.com, example.org, .test or .example.")
	}
}
