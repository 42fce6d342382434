package scim

import "strings"

// Type is the data type of an attribute (RFC 7643 section 2.3).
type Type string

// The data types. The empty Type means String.
const (
	String    Type = "string"
	Boolean   Type = "boolean"
	Decimal   Type = "decimal"
	Integer   Type = "integer"
	DateTime  Type = "dateTime"
	Binary    Type = "binary"
	Reference Type = "reference"
	Complex   Type = "complex"
)

// Mutability says who may set an attribute, and when (RFC 7643 section 7).
type Mutability string

// The values of Mutability. The empty one means ReadWrite.
const (
	ReadWrite Mutability = "readWrite"
	ReadOnly  Mutability = "readOnly"
	Immutable Mutability = "immutable"
	WriteOnly Mutability = "writeOnly"
)

// Returned says when a response contains an attribute (RFC 7643 section 7).
type Returned string

// The values of Returned. The empty one means ReturnedDefault.
const (
	ReturnedDefault Returned = "default"
	ReturnedAlways  Returned = "always"
	ReturnedNever   Returned = "never"
	ReturnedRequest Returned = "request"
)

// Uniqueness says among which resources a value must be unique (RFC 7643 section 7). The backend enforces it.
type Uniqueness string

// The values of Uniqueness. The empty one means UniquenessNone.
const (
	UniquenessNone   Uniqueness = "none"
	UniquenessServer Uniqueness = "server"
	UniquenessGlobal Uniqueness = "global"
)

// Attribute describes one attribute. The zero values of its fields are the defaults of RFC 7643 section 2.2.
type Attribute struct {
	Name            string
	Description     string
	Type            Type
	MultiValued     bool
	Required        bool
	CaseExact       bool
	Mutability      Mutability
	Returned        Returned
	Uniqueness      Uniqueness
	CanonicalValues []string
	ReferenceTypes  []string
	SubAttributes   []Attribute

	// Check, if set, checks a rule of the product for every value that a request assigns, after the type was checked.
	// The value is nil for null, for an empty list and for a removal by PATCH. It is an *Object for a value of a
	// complex attribute. The server responds to an error with 400 invalidValue and the text of the error, unless the
	// error is an *Error. Check does not appear in /Schemas.
	Check func(value any) error
}

// Schema is a named set of attributes (RFC 7643 section 7).
type Schema struct {
	ID          string
	Name        string
	Description string
	Attributes  []Attribute
}

// Attribute returns the attribute with a name such as "userName" or "name.givenName", or nil. The attribute may be
// changed until NewServer is called.
func (s *Schema) Attribute(name string) *Attribute {
	head, tail, dotted := strings.Cut(name, ".")
	a := findAttribute(s.Attributes, head)
	if a == nil || !dotted {
		return a
	}
	return findAttribute(a.SubAttributes, tail)
}

func findAttribute(list []Attribute, name string) *Attribute {
	for i := range list {
		if sameName(list[i].Name, name) {
			return &list[i]
		}
	}
	return nil
}

func (a *Attribute) complex() bool  { return a.Type == Complex }
func (a *Attribute) readOnly() bool { return a.Mutability == ReadOnly }

// exact reports whether comparisons are case-sensitive. Those of references and binary values always are (RFC 7643 sections
// 2.3.6 and 2.3.7).
func (a *Attribute) exact() bool {
	return a.CaseExact || a.Type == Binary || a.Type == Reference
}

// value returns the sub-attribute "value", which is used where a complex attribute is compared as a whole (RFC 7643 section
// 2.4), or nil.
func (a *Attribute) value() *Attribute { return findAttribute(a.SubAttributes, "value") }

func orDefault[T ~string](v, def T) string {
	if v == "" {
		return string(def)
	}
	return string(v)
}

// object returns the attribute as /Schemas shows it (RFC 7643 section 7).
func (a *Attribute) object() *Object {
	o := NewObject(
		"name", a.Name,
		"type", orDefault(a.Type, String),
		"multiValued", a.MultiValued,
		"description", a.Description,
		"required", a.Required,
	)
	if len(a.CanonicalValues) > 0 {
		o.Set("canonicalValues", a.CanonicalValues)
	}
	if !a.complex() {
		o.Set("caseExact", a.exact())
	}
	o.Set("mutability", orDefault(a.Mutability, ReadWrite))
	o.Set("returned", orDefault(a.Returned, ReturnedDefault))
	o.Set("uniqueness", orDefault(a.Uniqueness, UniquenessNone))
	if len(a.ReferenceTypes) > 0 {
		o.Set("referenceTypes", a.ReferenceTypes)
	}
	if a.complex() {
		o.Set("subAttributes", attributeObjects(a.SubAttributes))
	}
	return o
}

func attributeObjects(list []Attribute) []*Object {
	all := make([]*Object, len(list))
	for i := range list {
		all[i] = list[i].object()
	}
	return all
}
