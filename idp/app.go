package idp

import (
	"strconv"
	"time"

	"understudy/idp/catalog"
	"understudy/idp/expression"
	"understudy/idp/schema"
)

// AppStatus says whether an app can be used.
type AppStatus string

// The states of an app.
const (
	AppActive   AppStatus = "ACTIVE"
	AppInactive AppStatus = "INACTIVE"
)

// SignOnMode is how an app signs users on.
type SignOnMode = catalog.SignOnMode

// The sign-on modes that are supported.
const (
	SAML2    = catalog.SAML2
	Bookmark = catalog.Bookmark
)

// App is an app instance.
type App struct {
	ID          string
	CatalogKey  string // the catalog entry that it was made from; see Org.Catalog
	Name        string // in addresses: the catalog key, or "{subdomain}_{label}_{n}" for wizard apps
	ExternalKey string // "exk…", unrelated to ID
	LinkID      int    // number in the embed link
	Label       string
	Status      AppStatus
	SignOnMode  SignOnMode
	General     AppGeneral
	SignOn      AppSignOn
	KeyID       string // the active signing key
	Created     time.Time
	LastUpdated time.Time
	People      int // app users, direct and through groups
	Groups      int
}

// AppGeneral is what the General tab edits.
type AppGeneral struct {
	Label        string            `json:"-"`
	Hidden       bool              `json:"hidden"`     // Do not display application icon to users
	AutoSubmit   bool              `json:"autoSubmit"` // Automatically log in when user lands on login page
	NotesAdmin   string            `json:"notesAdmin"`
	NotesEndUser string            `json:"notesEndUser"`
	Fields       map[string]string `json:"fields"` // the catalog entry's own settings: "sigma" is the Sigma address
}

// AppSignOn is what the Sign On tab edits.
type AppSignOn struct {
	DefaultRelayState string               `json:"defaultRelayState"`
	Attributes        []AttributeStatement `json:"attributes"` // besides the catalog entry's own
	DisableForceAuthn bool                 `json:"disableForceAuthn"`
	UserNameFormat    string               `json:"userNameFormat"`   // key of UserNameFormats
	UserNameTemplate  string               `json:"userNameTemplate"` // expression of the format "custom"
}

// AttributeStatement is an attribute of the app's SAML assertions.
type AttributeStatement = expression.AttributeStatement

// Attribute is an attribute of an app user profile.
type Attribute = schema.Attribute

// Choice is a value with its label.
type Choice = schema.Choice

// SSOPath is the path of the app's Sign on URL, within the half.
func (a App) SSOPath() string { return "/app/" + a.Name + "/" + a.ExternalKey + "/sso/saml" }

// MetadataPath is the path of the app's identity provider metadata, within the half.
func (a App) MetadataPath() string { return "/app/" + a.ExternalKey + "/sso/saml/metadata" }

// EmbedPath is the path of the app's embed link and dashboard tile, within the half.
func (a App) EmbedPath() string { return "/home/" + a.Name + "/" + a.ID + "/" + strconv.Itoa(a.LinkID) }

// Issuer is the entity ID under which the app's assertions are issued; never an address of ours.
func (a App) Issuer() string { return "http://www.okta.com/" + a.ExternalKey }

// NewApp is what adding an app asks for.
type NewApp struct {
	CatalogKey string
	Label      string // empty: the entry's
	Hidden     bool
	Fields     map[string]string
	Attributes []AttributeStatement // the wizard's
}

// AppQuery says which apps to list.
type AppQuery struct {
	Text   string
	Status AppStatus // empty: both
}

// AppKey is a signing key and certificate of an app.
type AppKey struct {
	ID          string // kid
	Certificate []byte // DER
	Created     time.Time
	Expires     time.Time
	Active      bool
}

// SAMLSettings is how an app's responses are made, with every address filled in.
type SAMLSettings struct {
	ACS          string
	Recipient    string
	Destination  string
	Audience     string
	NameIDFormat string
	AuthnContext string
	Lifetime     time.Duration
	RelayState   string // default
	ForceAuthn   bool   // the app honours ForceAuthn
	Attributes   []AttributeStatement
}
