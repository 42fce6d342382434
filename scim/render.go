package scim

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
)

// appendResource writes the wanted attributes of a resource: schemas, id, externalId, the core attributes in the order
// of the backend, the extensions, and meta.
func (s *Server) appendResource(b []byte, t *ResourceType, o *Object, want Projection, base string) []byte {
	b = append(b, `{"schemas":`...)
	b = appendJSON(b, t.schemasOf(o))
	for _, name := range []string{"id", "externalId"} {
		if v := o.own(name); v != nil && want.wants(nil, t.attribute(name)) {
			b = appendMember(b, name, v)
		}
	}
	r := renderer{server: s, base: base, want: want}
	for _, m := range o.members {
		a := findAttribute(t.Schema.Attributes, m.name)
		if a == nil || m.value == nil || !want.wants(nil, a) {
			continue
		}
		b = append(appendString(append(b, ','), a.Name), ':')
		b = r.append(b, nil, a, m.value)
	}
	for i := range t.Extensions {
		b = r.extension(b, &t.Extensions[i], o)
	}
	if meta := t.attribute("meta"); want.wants(nil, meta) {
		b = append(b, `,"meta":`...)
		b = r.append(b, nil, meta, s.meta(t, o, want, base))
	}
	return append(b, '}')
}

func appendMember(b []byte, name string, v any) []byte {
	b = append(appendString(append(b, ','), name), ':')
	return appendJSON(b, v)
}

// meta returns the meta of the backend with resourceType, location and version (RFC 7643 section 3.1).
func (s *Server) meta(t *ResourceType, o *Object, want Projection, base string) *Object {
	meta := (&Object{}).Grow(5).Set("resourceType", t.Name)
	given := o.Object("meta")
	for _, name := range []string{"created", "lastModified"} {
		if v := given.own(name); v != nil {
			meta.put(name, v)
		}
	}
	meta.put("location", location(t, o.ID(), base))
	if tag := etag(o, want); tag != "" {
		meta.put("version", tag)
	}
	return meta
}

func location(t *ResourceType, id, base string) string {
	return base + t.Endpoint + "/" + url.PathEscape(id)
}

// etag returns the weak entity tag of a resource (RFC 7644 section 3.14): the version of the backend, or else a hash of the
// content. With a projection the content may be incomplete; then, without a version, there is no tag.
func etag(o *Object, want Projection) string {
	if v := o.Object("meta").Text("version"); v != "" {
		if strings.HasPrefix(v, `W/"`) {
			return v
		}
		return `W/"` + strings.ReplaceAll(v, `"`, "") + `"`
	}
	if !want.whole() {
		return ""
	}
	sum := sha256.Sum256(appendJSON(make([]byte, 0, 1024), o))
	return `W/"` + hex.EncodeToString(sum[:8]) + `"`
}

// renderer writes the values of attributes. It leaves out what the projection does not want, and adds $ref (RFC 7643
// section 2.4).
type renderer struct {
	server *Server
	base   string
	want   Projection
}

func (r renderer) extension(b []byte, ext *Extension, o *Object) []byte {
	inner, _ := o.own(ext.Schema.ID).(*Object)
	open := false
	for name, v := range inner.All() {
		a := findAttribute(ext.Schema.Attributes, name)
		if a == nil || v == nil || !r.want.wants(ext, a) {
			continue
		}
		if b = append(b, ','); !open {
			b = append(appendString(b, ext.Schema.ID), ":{"...)
			open = true
		}
		b = append(appendString(b, a.Name), ':')
		b = r.append(b, ext, a, v)
	}
	if open {
		b = append(b, '}')
	}
	return b
}

// append writes the value of an attribute without the sub-attributes that are not wanted.
func (r renderer) append(b []byte, ext *Extension, a *Attribute, v any) []byte {
	switch v := v.(type) {
	case []any:
		b = append(b, '[')
		for i := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = r.append(b, ext, a, v[i])
		}
		return append(b, ']')
	case *Object:
		return r.complex(b, ext, a, v)
	}
	return appendJSON(b, v)
}

func (r renderer) complex(b []byte, ext *Extension, a *Attribute, v *Object) []byte {
	b = append(b, '{')
	first := true
	next := func(sub *Attribute, value any) {
		if value == nil || !r.want.wantsSub(ext, a, sub) {
			return
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(appendString(b, sub.Name), ':')
		b = r.append(b, ext, sub, value)
	}
	for _, m := range v.members {
		if sub := findAttribute(a.SubAttributes, m.name); sub != nil {
			next(sub, m.value)
		}
	}
	if ref := findAttribute(a.SubAttributes, "$ref"); ref != nil && v.own("$ref") == nil {
		if to := r.server.referenced(ref, v); to != nil {
			next(ref, location(to, v.Text("value"), r.base))
		}
	}
	return append(b, '}')
}

// referenced returns the resource type that a value refers to: the only reference type of the attribute, or else the
// one that the sub-attribute type names. It is nil if there is none.
func (s *Server) referenced(ref *Attribute, v *Object) *ResourceType {
	name := v.Text("type")
	if len(ref.ReferenceTypes) == 1 {
		name = ref.ReferenceTypes[0]
	}
	if name == "" || v.Text("value") == "" {
		return nil
	}
	for _, t := range s.types {
		if strings.EqualFold(t.Name, name) {
			return t
		}
	}
	return nil
}
