package scim

import "strings"

// resourceFromPOST returns the resource that the body of a POST describes (RFC 7644 section 3.3).
func (t *ResourceType) resourceFromPOST(body *Object, limits Limits) (*Object, error) {
	if err := needSchema(body, t.Schema.ID); err != nil {
		return nil, err
	}
	o := &Object{}
	if err := t.merge(o, body, modeAdd, limits); err != nil {
		return nil, err
	}
	if missing := t.missing(o); missing != "" {
		return nil, InvalidValue("The attribute %q is required.", missing)
	}
	return o, nil
}

// resourceFromPUT returns the resource that the body of a PUT describes (RFC 7644 section 3.5.1). Attributes that the client
// may write are as in the body, or removed. Attributes that the client may not write keep their values.
func (t *ResourceType) resourceFromPUT(current, body *Object, limits Limits) (*Object, error) {
	next, err := t.resourceFromPOST(body, limits)
	if err != nil {
		return nil, err
	}
	for _, m := range current.members {
		if ext := t.extension(m.name); ext != nil {
			if err := keepUnwritable(next, m, ext.Schema.Attributes); err != nil {
				return nil, err
			}
			continue
		}
		if a := t.attribute(m.name); a != nil {
			if err := keep(next, a, m.value); err != nil {
				return nil, err
			}
		}
	}
	return next, nil
}

// keepUnwritable calls keep for each attribute of an extension.
func keepUnwritable(next *Object, m member, attributes []Attribute) error {
	previous, _ := m.value.(*Object)
	inner := next.Ensure(m.name)
	defer next.dropEmpty(m.name)
	for name, v := range previous.All() {
		if a := findAttribute(attributes, name); a != nil {
			if err := keep(inner, a, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep copies the previous value of a read-only attribute, and of an immutable attribute that the body omits. It fails if
// the body has another value for an immutable attribute.
func keep(next *Object, a *Attribute, previous any) error {
	switch {
	case a.readOnly():
		next.put(a.Name, cloneValue(previous))
	case a.Mutability == Immutable && present(flat(previous)):
		if now := next.own(a.Name); now != nil && !a.sameValue(previous, now) {
			return mutability("The attribute %q cannot be changed once it is set.", a.Name)
		}
		next.put(a.Name, cloneValue(previous))
	}
	return nil
}

// missing returns the first required attribute without a value, or "".
func (t *ResourceType) missing(o *Object) string {
	if name := missing(t.Schema.Attributes, o); name != "" {
		return name
	}
	for i := range t.Extensions {
		ext := &t.Extensions[i]
		inner, _ := o.own(ext.Schema.ID).(*Object)
		if inner.Len() == 0 && !ext.Required {
			continue
		}
		if inner.Len() == 0 {
			return ext.Schema.ID
		}
		if name := missing(ext.Schema.Attributes, inner); name != "" {
			return ext.Schema.ID + ":" + name
		}
	}
	return ""
}

// missing returns the path of the first required attribute or sub-attribute without a value, or "".
func missing(attributes []Attribute, o *Object) string {
	for i := range attributes {
		a := &attributes[i]
		if a.Required && !a.readOnly() && !present(flat(o.own(a.Name))) {
			return a.Name
		}
		// An attribute that has a complex value must have its required sub-attributes.
		if inner, ok := o.own(a.Name).(*Object); ok && a.complex() {
			if name := missing(a.SubAttributes, inner); name != "" {
				return a.Name + "." + name
			}
		}
	}
	return ""
}

// Validate checks a complete resource against the schemas: all names are known and spelled as in the schemas, all
// values have the type of their attribute, all required attributes are present, and at most one value is primary. It is
// for tests of backends. What the server passes to a backend is always valid.
func (t *ResourceType) Validate(o *Object) error {
	if name := t.missing(o); name != "" {
		return InvalidValue("The attribute %q is required.", name)
	}
	for name, v := range o.All() {
		if ext := t.extension(name); ext != nil {
			inner, ok := v.(*Object)
			if !ok || inner.Len() == 0 {
				return InvalidValue("The extension %q is not an object with attributes.", name)
			}
			for name, v := range inner.All() {
				if err := validate(findAttribute(ext.Schema.Attributes, name), name, v); err != nil {
					return err
				}
			}
			continue
		}
		if err := validate(t.attribute(name), name, v); err != nil {
			return err
		}
	}
	return nil
}

func validate(a *Attribute, name string, v any) error {
	if a == nil || a.Name != name {
		return InvalidValue("The attribute %q is not in the schema.", name)
	}
	list, isList := v.([]any)
	if v == nil || isList != a.MultiValued || isList && len(list) == 0 {
		return InvalidValue("The attribute %q must have a list if it is multi-valued, and otherwise one value.", name)
	}
	if len(primaries(list)) > 1 {
		return InvalidValue("More than one value of %q is primary.", name)
	}
	for _, one := range flat(v) {
		if err := validateOne(a, one); err != nil {
			return err
		}
	}
	return nil
}

func validateOne(a *Attribute, v any) error {
	inner, isObject := v.(*Object)
	if isObject != a.complex() || isObject && inner.Len() == 0 {
		return InvalidValue("A value of %q has the wrong type.", a.Name)
	}
	if isObject {
		for name, sub := range inner.All() {
			if err := validate(findAttribute(a.SubAttributes, name), name, sub); err != nil {
				return err
			}
		}
		return a.complete(inner)
	}
	if typed, err := a.typed(v); err != nil || typed != v {
		return InvalidValue("A value of %q is not of type %s.", a.Name, orDefault(a.Type, String))
	}
	return nil
}

// findResourceType finds a type by its endpoint, without the slash.
func findResourceType(types []*ResourceType, endpoint string) *ResourceType {
	for _, t := range types {
		if strings.TrimPrefix(t.Endpoint, "/") == endpoint {
			return t
		}
	}
	return nil
}
