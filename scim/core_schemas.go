package scim

// The schema URIs of RFC 7643 section 8 and RFC 7644 section 8.2, and the media type of section 8.1.
const (
	ContentType = "application/scim+json"

	CoreUser       = "urn:ietf:params:scim:schemas:core:2.0:User"
	CoreGroup      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

	ServiceProviderConfigSchema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	ResourceTypeSchema          = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	SchemaSchema                = "urn:ietf:params:scim:schemas:core:2.0:Schema"

	ListResponseSchema  = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	SearchRequestSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
	PatchOpSchema       = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	ErrorSchema         = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// commonAttributes returns the attributes of every resource (RFC 7643 section 3.1). They do not appear in a schema.
func commonAttributes() []Attribute {
	return []Attribute{
		{Name: "schemas", Type: Reference, MultiValued: true, Mutability: ReadOnly, Returned: ReturnedAlways},
		{Name: "id", CaseExact: true, Mutability: ReadOnly, Returned: ReturnedAlways, Uniqueness: UniquenessServer},
		{Name: "externalId", CaseExact: true},
		{Name: "meta", Type: Complex, Mutability: ReadOnly, SubAttributes: []Attribute{
			{Name: "resourceType", CaseExact: true, Mutability: ReadOnly},
			{Name: "created", Type: DateTime, Mutability: ReadOnly},
			{Name: "lastModified", Type: DateTime, Mutability: ReadOnly},
			{Name: "location", Type: Reference, Mutability: ReadOnly},
			{Name: "version", CaseExact: true, Mutability: ReadOnly},
		}},
	}
}

// UserSchema returns a new copy of the User schema (RFC 7643 section 4.1), which the caller may change.
func UserSchema() Schema {
	return Schema{ID: CoreUser, Name: "User", Description: "User Account", Attributes: []Attribute{
		{Name: "userName", Description: "Unique identifier for the User, used to sign in.", Required: true, Uniqueness: UniquenessServer},
		{Name: "name", Description: "The components of the user's real name.", Type: Complex, SubAttributes: []Attribute{
			{Name: "formatted", Description: "The full name, formatted for display."},
			{Name: "familyName", Description: "The family name."},
			{Name: "givenName", Description: "The given name."},
			{Name: "middleName", Description: "The middle names."},
			{Name: "honorificPrefix", Description: "The honorific prefixes, or title."},
			{Name: "honorificSuffix", Description: "The honorific suffixes."},
		}},
		{Name: "displayName", Description: "The name of the User, suitable for display."},
		{Name: "nickName", Description: "The casual way to address the user."},
		{Name: "profileUrl", Description: "A page about the user.", Type: Reference, ReferenceTypes: []string{"external"}},
		{Name: "title", Description: "The user's title."},
		{Name: "userType", Description: "The relationship between the organization and the user."},
		{Name: "preferredLanguage", Description: "The preferred written or spoken language."},
		{Name: "locale", Description: "The location for localizing items such as currency and dates."},
		{Name: "timezone", Description: "The time zone, as in the IANA database."},
		{Name: "active", Description: "The user's administrative status.", Type: Boolean},
		{Name: "password", Description: "The clear text password.", Mutability: WriteOnly, Returned: ReturnedNever},
		multiValued("emails", "Email addresses for the user.", String, "work", "home", "other"),
		multiValued("phoneNumbers", "Phone numbers for the user.", String, "work", "home", "mobile", "fax", "pager", "other"),
		multiValued("ims", "Instant messaging addresses for the user.", String, "aim", "gtalk", "icq", "xmpp", "msn",
			"skype", "qq", "yahoo"),
		photos(),
		addresses(),
		{Name: "groups", Description: "The groups to which the user belongs.", Type: Complex, MultiValued: true, Mutability: ReadOnly,
			SubAttributes: []Attribute{
				{Name: "value", Description: "The identifier of the group.", CaseExact: true, Mutability: ReadOnly},
				{Name: "$ref", Description: "The URI of the group.", Type: Reference,
					ReferenceTypes: []string{"Group"}, Mutability: ReadOnly},
				{Name: "display", Description: "The group's name.", Mutability: ReadOnly},
				{Name: "type", Description: "Whether the membership is direct or indirect.",
					CanonicalValues: []string{"direct", "indirect"}, Mutability: ReadOnly},
			}},
		multiValued("entitlements", "Things that the user has.", String),
		multiValued("roles", "Who the user is, collectively, such as 'Student' or 'Faculty'.", String),
		multiValued("x509Certificates", "Certificates issued to the user.", Binary),
	}}
}

// multiValued returns an attribute with the default sub-attributes of RFC 7643 section 2.4.
func multiValued(name, description string, value Type, types ...string) Attribute {
	return Attribute{Name: name, Description: description, Type: Complex, MultiValued: true, SubAttributes: []Attribute{
		{Name: "value", Description: "The value itself.", Type: value},
		{Name: "display", Description: "A name for display."},
		{Name: "type", Description: "What the value is used for.", CanonicalValues: types},
		{Name: "primary", Description: "Whether this is the preferred value.", Type: Boolean},
	}}
}

// photos returns the attribute photos, whose values are references (RFC 7643 section 8.7.1).
func photos() Attribute {
	a := multiValued("photos", "URLs of photos of the user.", Reference, "photo", "thumbnail")
	a.value().ReferenceTypes = []string{"external"}
	return a
}

// addresses returns the attribute addresses, which has no sub-attribute value (RFC 7643 section 4.1.2).
func addresses() Attribute {
	return Attribute{Name: "addresses", Description: "Physical mailing addresses.", Type: Complex, MultiValued: true,
		SubAttributes: []Attribute{
			{Name: "formatted", Description: "The full address, formatted for display."},
			{Name: "streetAddress", Description: "The street, house number and the like."},
			{Name: "locality", Description: "The city or locality."},
			{Name: "region", Description: "The state or region."},
			{Name: "postalCode", Description: "The postal code."},
			{Name: "country", Description: "The country."},
			{Name: "type", Description: "What the address is used for.", CanonicalValues: []string{"work", "home", "other"}},
			{Name: "primary", Description: "Whether this is the preferred address.", Type: Boolean},
		}}
}

// GroupSchema returns a new copy of the Group schema (RFC 7643 section 4.2), which the caller may change.
func GroupSchema() Schema {
	return Schema{ID: CoreGroup, Name: "Group", Description: "Group", Attributes: []Attribute{
		{Name: "displayName", Description: "The name of the Group, for display.", Required: true},
		{Name: "members", Description: "The members of the Group.", Type: Complex, MultiValued: true, SubAttributes: []Attribute{
			{Name: "value", Description: "The identifier of the member.", CaseExact: true, Mutability: Immutable},
			{Name: "$ref", Description: "The URI of the member.", Type: Reference,
				ReferenceTypes: []string{"User", "Group"}, Mutability: Immutable},
			{Name: "display", Description: "The member's name, for display."},
			{Name: "type", Description: "What the member is.", CanonicalValues: []string{"User", "Group"}, Mutability: Immutable},
		}},
	}}
}

// EnterpriseUserSchema returns a new copy of the enterprise extension (RFC 7643 section 4.3), which the caller may change.
func EnterpriseUserSchema() Schema {
	return Schema{ID: EnterpriseUser, Name: "EnterpriseUser", Description: "Enterprise User", Attributes: []Attribute{
		{Name: "employeeNumber", Description: "The number or code that the organization gave to the person."},
		{Name: "costCenter", Description: "The name of a cost center."},
		{Name: "organization", Description: "The name of an organization."},
		{Name: "division", Description: "The name of a division."},
		{Name: "department", Description: "The name of a department."},
		{Name: "manager", Description: "The user's manager.", Type: Complex, SubAttributes: []Attribute{
			{Name: "value", Description: "The identifier of the manager's User.", CaseExact: true},
			{Name: "$ref", Description: "The URI of the manager's User.", Type: Reference, ReferenceTypes: []string{"User"}},
			{Name: "displayName", Description: "The manager's name.", Mutability: ReadOnly},
		}},
	}}
}
