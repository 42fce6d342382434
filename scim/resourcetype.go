package scim

import (
	"fmt"
	"strings"
)

// ResourceType is one kind of resource that a server offers (RFC 7643 section 6).
type ResourceType struct {
	Name        string // "User"
	Endpoint    string // "/Users"
	Description string
	Schema      Schema
	Extensions  []Extension
	Backend     Backend

	common []Attribute
}

// Extension is a schema that adds attributes to a resource type (RFC 7643 section 3.3).
type Extension struct {
	Schema   Schema
	Required bool
}

// NewUserType returns the User resource type with the enterprise extension (RFC 7643 sections 4.1 and 4.3). Its schemas and
// extensions may be changed until NewServer is called.
func NewUserType(b Backend) *ResourceType {
	return &ResourceType{Name: "User", Endpoint: "/Users", Description: "User Account", Schema: UserSchema(),
		Extensions: []Extension{{Schema: EnterpriseUserSchema()}}, Backend: b}
}

// NewGroupType returns the Group resource type (RFC 7643 section 4.2).
func NewGroupType(b Backend) *ResourceType {
	return &ResourceType{Name: "Group", Endpoint: "/Groups", Description: "Group", Schema: GroupSchema(), Backend: b}
}

// prepare checks the type. NewServer calls it.
func (t *ResourceType) prepare() error {
	if t.Name == "" || !strings.HasPrefix(t.Endpoint, "/") || strings.Count(t.Endpoint, "/") != 1 || t.Schema.ID == "" {
		return fmt.Errorf("scim: resource type %q needs a name, an endpoint such as /Users and a schema", t.Name)
	}
	if t.Backend == nil {
		return fmt.Errorf("scim: resource type %q has no backend", t.Name)
	}
	t.common = commonAttributes()
	return nil
}

func (t *ResourceType) extension(uri string) *Extension {
	for i := range t.Extensions {
		if strings.EqualFold(t.Extensions[i].Schema.ID, uri) {
			return &t.Extensions[i]
		}
	}
	return nil
}

// attribute finds an attribute of the core schema, or a common attribute (RFC 7643 section 3.1).
func (t *ResourceType) attribute(name string) *Attribute {
	if a := findAttribute(t.Schema.Attributes, name); a != nil {
		return a
	}
	if t.common == nil {
		return findAttribute(commonAttributes(), name)
	}
	return findAttribute(t.common, name)
}

// target is a path that was found in the schemas. ext is nil for the core schema. attr is nil for an extension as a
// whole. sub is nil for an attribute as a whole.
type target struct {
	ext  *Extension
	attr *Attribute
	sub  *Attribute
}

// resolve finds a path in the schemas of the type. The URI of the path may be that of the core schema. A URI whose last
// part looks like an attribute may be a schema itself; see ParsePath.
func (t *ResourceType) resolve(p Path) (target, bool) {
	if p.Schema == "" {
		return t.within(nil, p.Attribute, p.Sub)
	}
	whole := p.Schema
	if p.Attribute != "" {
		whole += ":" + p.Attribute
	}
	if ext := t.extension(whole); ext != nil {
		if p.Sub == "" {
			return target{ext: ext}, true
		}
		return t.within(ext, p.Sub, "")
	}
	if strings.EqualFold(p.Schema, t.Schema.ID) {
		return t.within(nil, p.Attribute, p.Sub)
	}
	if ext := t.extension(p.Schema); ext != nil {
		return t.within(ext, p.Attribute, p.Sub)
	}
	return target{}, false
}

func (t *ResourceType) within(ext *Extension, name, sub string) (target, bool) {
	tg := target{ext: ext}
	if ext == nil {
		tg.attr = t.attribute(name)
	} else {
		tg.attr = findAttribute(ext.Schema.Attributes, name)
	}
	if tg.attr == nil {
		return target{}, false
	}
	if sub == "" {
		return tg, true
	}
	tg.sub = findAttribute(tg.attr.SubAttributes, sub)
	return tg, tg.sub != nil
}

// holder returns the object that has the attribute as a member: the resource, or the object of the extension, which may
// be nil.
func (tg target) holder(o *Object) *Object {
	if tg.ext == nil {
		return o
	}
	inner, _ := o.own(tg.ext.Schema.ID).(*Object)
	return inner
}

// schemasOf returns the value of the attribute schemas: the URIs of the schemas whose attributes the resource has (RFC 7643
// section 3).
func (t *ResourceType) schemasOf(o *Object) []any {
	uris := []any{t.Schema.ID}
	for i := range t.Extensions {
		if inner, ok := o.own(t.Extensions[i].Schema.ID).(*Object); ok && inner.Len() > 0 {
			uris = append(uris, t.Extensions[i].Schema.ID)
		}
	}
	return uris
}
