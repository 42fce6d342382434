package idp

import (
	"strconv"
	"time"

	"understudy/idp/catalog"
	"understudy/idp/expression"
	"understudy/idp/schema"
)

// AppStatus is whether an app can be used.
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

// App is an app instance: an integration that an administrator has added to the org.
type App struct {
	ID          string
	CatalogKey  string // key of the catalog entry; see [Org.Entry]
	Name        string // in URLs: the catalog key, or "{subdomain}_{label}_{n}" for apps of the wizard
	ExternalKey string // "exk…", in the Sign on URL and the issuer; unrelated to ID
	LinkID      int    // number at the end of the embed link
	Label       string
	Status      AppStatus
	SignOnMode  SignOnMode
	General     AppGeneral
	SignOn      AppSignOn
	KeyID       string // kid of the active signing key; empty without SAML
	Created     time.Time
	LastUpdated time.Time
	People      int // app users, direct and through groups
	Groups      int

	entry string // text of the catalog entry, unless it is one of the program
}

// AppGeneral is what the General tab edits.
type AppGeneral struct {
	Label        string            `json:"-"`
	Hidden       bool              `json:"hidden"`     // Do not display application icon to users
	AutoSubmit   bool              `json:"autoSubmit"` // Automatically log in when user lands on login page
	NotesAdmin   string            `json:"notesAdmin"`
	NotesEndUser string            `json:"notesEndUser"`
	Fields       map[string]string `json:"fields"` // settings of the catalog entry, by name
}

// AppSignOn is what the Sign On tab edits.
type AppSignOn struct {
	DefaultRelayState string               `json:"defaultRelayState" yaml:"defaultRelayState"`
	Attributes        []AttributeStatement `json:"attributes" yaml:"attributes"` // in addition to those of the catalog entry
	DisableForceAuthn bool                 `json:"disableForceAuthn" yaml:"disableForceAuthn"`
	UserNameFormat    string               `json:"userNameFormat" yaml:"userNameFormat"`     // value of a choice in [UserNameFormats]
	UserNameTemplate  string               `json:"userNameTemplate" yaml:"userNameTemplate"` // expression; only for the format "custom"
	SAML              SAMLOptions          `json:"saml,omitzero" yaml:"saml,omitempty"`      // what Configure SAML edits
}

// AttributeStatement is an attribute of the app's SAML assertions.
type AttributeStatement = expression.AttributeStatement

// Attribute is an attribute of an app user profile.
type Attribute = schema.Attribute

// Choice is a value with its label.
type Choice = schema.Choice

// SSOPath returns the path of the Sign on URL within the org.
func (a App) SSOPath() string { return "/app/" + a.Name + "/" + a.ExternalKey + "/sso/saml" }

// MetadataPath returns the path of the identity provider metadata within the org.
func (a App) MetadataPath() string { return "/app/" + a.ExternalKey + "/sso/saml/metadata" }

// EmbedPath returns the path of the embed link within the org. The tile on My Apps leads there.
func (a App) EmbedPath() string { return "/home/" + a.Name + "/" + a.ID + "/" + strconv.Itoa(a.LinkID) }

// NewApp is the input of [Org.AddApp].
type NewApp struct {
	CatalogKey string
	Label      string // empty: the label of the catalog entry
	Hidden     bool
	Fields     map[string]string
	SignOn     *AppSignOn // as entered in Create SAML Integration; nil: the defaults of the catalog entry
}

// AppQuery selects the apps to list.
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

// SAMLSettings holds what an app's SAML responses contain, with every URL filled in.
type SAMLSettings struct {
	ACS          string
	Recipient    string
	Destination  string
	Audience     string
	NameIDFormat string
	AuthnContext string
	Lifetime     time.Duration
	RelayState   string // Default RelayState
	ForceAuthn   bool   // the app honours ForceAuthn
	Attributes   []AttributeStatement
	Options      SAMLOptions
}
