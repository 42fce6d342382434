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

// NewUserType is the User resource type with the enterprise extension. Change its schemas, or append extensions, before the server is made.
func NewUserType(b Backend) *ResourceType {
	return &ResourceType{Name: "User", Endpoint: "/Users", Description: "User Account", Schema: UserSchema(),
		Extensions: []Extension{{Schema: EnterpriseUserSchema()}}, Backend: b}
}

// NewGroupType is the Group resource type.
func NewGroupType(b Backend) *ResourceType {
	return &ResourceType{Name: "Group", Endpoint: "/Groups", Description: "Group", Schema: GroupSchema(), Backend: b}
}

// prepare checks the type once, before it serves.
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

// attribute finds an attribute of the core schema or one common to all resources.
func (t *ResourceType) attribute(name string) *Attribute {
	if a := findAttribute(t.Schema.Attributes, name); a != nil {
		return a
	}
	if t.common == nil {
		return findAttribute(commonAttributes(), name)
	}
	return findAttribute(t.common, name)
}

// target is a path that was found in the schemas: an attribute, perhaps of an extension, perhaps with a sub-attribute. Without
// an attribute it is the whole extension.
type target struct {
	ext  *Extension
	attr *Attribute
	sub  *Attribute
}

// resolve finds a path in the schemas of the type. A URI may name the core schema, and one that ends like a path may itself be a schema.
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

// holder returns the object that holds the target's attribute: the resource, or the extension's part of it, which may be nil.
func (tg target) holder(o *Object) *Object {
	if tg.ext == nil {
		return o
	}
	inner, _ := o.own(tg.ext.Schema.ID).(*Object)
	return inner
}

// schemasOf lists the schemas of which a resource has attributes (RFC 7643 section 3).
func (t *ResourceType) schemasOf(o *Object) []any {
	uris := []any{t.Schema.ID}
	for i := range t.Extensions {
		if inner, ok := o.own(t.Extensions[i].Schema.ID).(*Object); ok && inner.Len() > 0 {
			uris = append(uris, t.Extensions[i].Schema.ID)
		}
	}
	return uris
}
