package scim

import (
	"slices"
	"strings"
)

// Projection says which attributes of a resource a response contains: those that the parameters attributes and
// excludedAttributes ask for (RFC 7644 section 3.9), within what "returned" of each attribute allows (RFC 7643 section
// 7). The zero Projection is the default, without parameters.
type Projection struct {
	t        *ResourceType
	included []target // from the parameter attributes
	excluded []target
	only     bool // the parameter attributes was given, perhaps with unknown names only
}

// project makes a projection of the two parameters. It ignores names that the schemas do not have.
func (t *ResourceType) project(attributes, excluded []string) Projection {
	p := Projection{t: t, only: len(attributes) > 0}
	for _, name := range attributes {
		p.included = t.appendTarget(p.included, name)
	}
	for _, name := range excluded {
		p.excluded = t.appendTarget(p.excluded, name)
	}
	return p
}

func (t *ResourceType) appendTarget(list []target, name string) []target {
	path, err := ParsePath(strings.TrimSpace(name))
	if err != nil {
		return list
	}
	if strings.EqualFold(strings.TrimSpace(name), t.Schema.ID) { // the core schema as a whole
		for i := range t.Schema.Attributes {
			list = appendNew(list, target{attr: &t.Schema.Attributes[i]})
		}
		return list
	}
	if tg, ok := t.resolve(path); ok {
		return appendNew(list, tg)
	}
	return list
}

// appendNew appends a target that is not in the list yet. A request that repeats names cannot make the list longer than the
// schemas.
func appendNew(list []target, tg target) []target {
	if slices.Contains(list, tg) {
		return list
	}
	return append(list, tg)
}

// Wants reports whether the response contains an attribute of the core schema, such as "members". A backend need not load
// attributes that are not wanted.
func (p Projection) Wants(name string) bool {
	if p.t == nil {
		return true
	}
	a := p.t.attribute(name)
	return a != nil && p.wants(nil, a)
}

// whole reports whether the projection is the default.
func (p Projection) whole() bool { return !p.only && len(p.excluded) == 0 }

// wants reports whether the response contains an attribute of an extension, or of the core schema if ext is nil.
func (p Projection) wants(ext *Extension, a *Attribute) bool {
	switch a.Returned {
	case ReturnedAlways:
		return true
	case ReturnedNever:
		return false
	case ReturnedRequest:
		return p.names(p.included, ext, a)
	}
	if p.only {
		return p.names(p.included, ext, a)
	}
	for _, x := range p.excluded {
		if x.ext == ext && (x.attr == nil || x.attr == a && x.sub == nil) {
			return false
		}
	}
	return true
}

// names reports whether a list contains the attribute, one of its sub-attributes, or its extension.
func (p Projection) names(list []target, ext *Extension, a *Attribute) bool {
	for _, x := range list {
		if x.ext == ext && (x.attr == nil || x.attr == a) {
			return true
		}
	}
	return false
}

// wantsSub reports whether the response contains a sub-attribute of an attribute that it contains.
func (p Projection) wantsSub(ext *Extension, a, sub *Attribute) bool {
	switch sub.Returned {
	case ReturnedAlways:
		return true
	case ReturnedNever:
		return false
	}
	if p.only || sub.Returned == ReturnedRequest {
		for _, x := range p.included {
			if x.ext == ext && (x.attr == nil || x.attr == a) && (x.sub == nil && sub.Returned != ReturnedRequest || x.sub == sub) {
				return true
			}
		}
		return a.Returned == ReturnedAlways && sub.Returned != ReturnedRequest && !p.names(p.included, ext, a)
	}
	for _, x := range p.excluded {
		if x.ext == ext && x.attr == a && x.sub == sub {
			return false
		}
	}
	return true
}
