package saml

import (
	"slices"
	"strings"

	"understudy/idp"
)

// KnownNameIDFormat reports whether Okta can send a name identifier of the format that a NameIDPolicy requests. Both
// versions of the URN are known, because service providers mix them up.
func KnownNameIDFormat(format string) bool {
	if format == "" {
		return true
	}
	return slices.ContainsFunc(idp.NameIDFormats, func(known idp.Choice) bool {
		return strings.EqualFold(lastPart(known.Value), lastPart(format)) && strings.HasPrefix(format, "urn:oasis:names:tc:SAML:")
	})
}

func lastPart(urn string) string { return urn[strings.LastIndexByte(urn, ':')+1:] }

// strength orders the authentication context classes that a sign-in by password meets.
var strength = map[string]int{
	"urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified": 0,
	"urn:oasis:names:tc:SAML:2.0:ac:classes:Password":    1,
	"urn:okta:loa:1fa:any":                               2,
	"urn:okta:loa:1fa:pwd":                               2,
	idp.PasswordProtectedTransport:                       2,
}

// ContextFor returns the authentication context class that answers a RequestedAuthnContext (SAML core 3.3.2.2.1). configured
// is the class of the app. ok is false when a sign-in by password meets none of the requested classes.
func (r *AuthnRequest) ContextFor(configured string) (class string, ok bool) {
	if len(r.Contexts) == 0 {
		return configured, true
	}
	achieved := strength[idp.PasswordProtectedTransport]
	for _, wanted := range r.Contexts {
		needed, known := strength[wanted]
		switch r.Comparison {
		case "", "exact":
			if wanted == configured || known {
				return wanted, true
			}
		case "minimum":
			if wanted == configured || known {
				return configured, true
			}
		case "maximum":
			if known {
				return wanted, true
			}
			return configured, true // classes that are not known here are stronger than a password
		case "better":
			if known && needed < achieved {
				return configured, true
			}
		}
	}
	return "", false
}
