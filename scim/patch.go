package scim

import (
	"net/http"
	"strings"
)

// Operation is one operation of a PATCH request (RFC 7644 section 3.5.2).
type Operation struct {
	Op    string // add, remove or replace, in any case
	Path  string // empty for the resource itself
	Value any    // of a type that Object.Set accepts
}

// object returns the operation as the client sends it.
func (op Operation) object() *Object {
	o := NewObject("op", op.Op)
	if op.Path != "" {
		o.put("path", op.Path)
	}
	if op.Value != nil || op.Op != "remove" {
		o.Set("value", op.Value)
	}
	return o
}

// parsePatch reads the body of a PATCH request.
func parsePatch(body *Object, limits Limits) ([]Operation, error) {
	if err := needSchema(body, PatchOpSchema); err != nil {
		return nil, err
	}
	list, ok := body.own("Operations").([]any)
	if !ok || len(list) == 0 {
		return nil, invalidSyntax("The request has no list of Operations.")
	}
	if len(list) > limits.Operations {
		return nil, NewError(http.StatusRequestEntityTooLarge, "", "The request has more than %d operations.", limits.Operations)
	}
	operations := make([]Operation, len(list))
	for i, v := range list {
		o, ok := v.(*Object)
		if !ok {
			return nil, invalidSyntax("Operation %d is not an object.", i+1)
		}
		path, isText := o.own("path").(string)
		if !isText && o.own("path") != nil {
			return nil, invalidPath("The path of operation %d is not a string.", i+1)
		}
		operations[i] = Operation{Op: o.Text("op"), Path: path, Value: o.own("value")}
	}
	return operations, nil
}

// needSchema checks that the attribute schemas of a message contains a URI (RFC 7643 section 3, RFC 7644 section 3.5.2).
func needSchema(body *Object, uri string) error {
	for _, s := range body.Texts("schemas") {
		if strings.EqualFold(s, uri) {
			return nil
		}
	}
	return invalidSyntax("The attribute \"schemas\" must contain %s.", uri)
}

// Patch applies operations to a copy of a resource and returns the copy. If one operation fails, none has an effect.
// The error is an *Error.
func (t *ResourceType) Patch(current *Object, operations []Operation, limits Limits) (*Object, error) {
	limits = limits.orDefault()
	next := current.Clone()
	for i, op := range operations {
		if err := t.apply(next, op, limits); err != nil {
			return nil, err
		}
		if next.Len() > maxMembers {
			return nil, InvalidValue("Operation %d leaves the resource with too many attributes.", i+1)
		}
	}
	// If the attribute was missing before, the client has not removed it. It must still be possible to deactivate such
	// a user.
	if missing := t.missing(next); missing != "" && missing != t.missing(current) {
		return nil, mutability("The attribute %q is required and cannot be removed.", missing)
	}
	return next, t.bounded(next, limits)
}

// apply applies one operation to the resource o.
func (t *ResourceType) apply(o *Object, op Operation, limits Limits) error {
	var m mode
	switch {
	case equalFold(op.Op, "add"):
		m = modeAdd
	case equalFold(op.Op, "replace"):
		m = modeReplace
	case equalFold(op.Op, "remove"):
		m = modeRemove
	default:
		return invalidSyntax("The op %q is unknown. It must be add, remove or replace.", op.Op)
	}
	if strings.TrimSpace(op.Path) == "" {
		if m == modeRemove {
			return noTarget("A remove operation needs a path.")
		}
		values, ok := op.Value.(*Object)
		if !ok {
			return InvalidValue("The value of an operation without path must be an object.")
		}
		return t.merge(o, values, m, limits)
	}
	path, err := ParsePatchPath(op.Path, limits)
	if err != nil {
		return err
	}
	tg, err := t.writable(path)
	if err != nil {
		return err
	}
	return t.assign(o, tg, path.Filter, m, op.Value)
}

// writable finds the path of an operation in the schemas. Unlike a name in a body, the attribute must exist and must not be
// read-only.
func (t *ResourceType) writable(path PatchPath) (target, error) {
	tg, ok := t.resolve(path.Path)
	if !ok || tg.attr == nil && path.Filter != nil {
		return tg, invalidPath("The path %q does not name an attribute of a %s.", path, t.Name)
	}
	if tg.attr != nil && tg.attr.readOnly() || tg.sub != nil && tg.sub.readOnly() {
		return tg, mutability("The attribute %q is read-only.", path.Path)
	}
	if path.Filter != nil && !tg.attr.complex() {
		return tg, invalidPath("The path %q has a filter, but the attribute has no sub-attributes.", path)
	}
	return tg, nil
}

// bounded checks that no list is longer than the limit.
func (t *ResourceType) bounded(o *Object, limits Limits) error {
	for name, v := range o.All() {
		if list, ok := v.([]any); ok && len(list) > limits.List {
			return NewError(http.StatusRequestEntityTooLarge, "", "The attribute %q would have more than %d values.", name, limits.List)
		}
	}
	return nil
}
