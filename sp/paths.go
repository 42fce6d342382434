package sp

// Paths below the organization's URL that identity providers and other packages use.
const (
	EntityIDPath    = "/api/v2/saml2/2/metadata.xml" // the entity ID is the URL of the metadata
	OldMetadataPath = "/api/v2/saml2/metadata.xml"   // older path, still used by gallery apps
	ACSPath         = "/api/v2/saml2/assert"
	SSOStartPath    = "/api/v2/saml2/login" // target of "Sign in with SSO"; ?next= is the page to open afterwards
	FinishLoginPath = "/finish-login"
	LoginPath       = "/login"
)
