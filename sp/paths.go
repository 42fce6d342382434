package sp

// Paths of the organization's own address that identity providers and other pages must know.
const (
	EntityIDPath    = "/api/v2/saml2/2/metadata.xml" // the entity ID is the canonical URL of the metadata
	OldMetadataPath = "/api/v2/saml2/metadata.xml"   // still in gallery apps
	ACSPath         = "/api/v2/saml2/assert"
	SSOStartPath    = "/api/v2/saml2/login" // "Sign in with SSO" leads here; ?next= is where to go afterwards
	FinishLoginPath = "/finish-login"
	LoginPath       = "/login"
)
