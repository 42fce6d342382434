package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/optional"
	"github.com/scim2/filter-parser/v2"
)

// directory keeps the resources of one type in memory.
type directory struct {
	unique string // attribute whose values must be unique, ignoring case

	mu    sync.Mutex
	next  int
	order []string
	byID  map[string]scim.ResourceAttributes
}

func newDirectory(unique string) *directory {
	return &directory{unique: unique, byID: map[string]scim.ResourceAttributes{}}
}

func (d *directory) resource(id string) scim.Resource {
	attributes := maps.Clone(d.byID[id])
	external, _ := attributes["externalId"].(string)
	resource := scim.Resource{ID: id, Attributes: attributes}
	if external != "" {
		resource.ExternalID = optional.NewString(external)
	}
	return resource
}

func (d *directory) taken(attributes scim.ResourceAttributes, except string) bool {
	for id, other := range d.byID {
		if id != except && strings.EqualFold(fmt.Sprint(other[d.unique]), fmt.Sprint(attributes[d.unique])) {
			return true
		}
	}
	return false
}

// Create implements scim.ResourceHandler.
func (d *directory) Create(_ *http.Request, attributes scim.ResourceAttributes) (scim.Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.taken(attributes, "") {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	d.next++
	id := fmt.Sprintf("foreign-%d", d.next)
	d.byID[id], d.order = maps.Clone(attributes), append(d.order, id)
	return d.resource(id), nil
}

// Get implements scim.ResourceHandler.
func (d *directory) Get(_ *http.Request, id string) (scim.Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID[id] == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	return d.resource(id), nil
}

// GetAll implements scim.ResourceHandler.
func (d *directory) GetAll(_ *http.Request, p scim.ListRequestParams) (scim.Page, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	page := scim.Page{Resources: []scim.Resource{}}
	for _, id := range d.order {
		resource := d.resource(id)
		if p.FilterValidator != nil && p.FilterValidator.PassesFilter(resource.Attributes) != nil {
			continue
		}
		page.TotalResults++
		if page.TotalResults >= p.StartIndex && len(page.Resources) < p.Count {
			page.Resources = append(page.Resources, resource)
		}
	}
	return page, nil
}

// Replace implements scim.ResourceHandler.
func (d *directory) Replace(_ *http.Request, id string, attributes scim.ResourceAttributes) (scim.Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID[id] == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	if d.taken(attributes, id) {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	d.byID[id] = maps.Clone(attributes)
	return d.resource(id), nil
}

// Delete implements scim.ResourceHandler.
func (d *directory) Delete(_ *http.Request, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID[id] == nil {
		return errors.ScimErrorResourceNotFound(id)
	}
	delete(d.byID, id)
	d.order = slices.DeleteFunc(d.order, func(other string) bool { return other == id })
	return nil
}

// Patch implements scim.ResourceHandler. It supports attributes without sub-attributes, and members.
func (d *directory) Patch(_ *http.Request, id string, operations []scim.PatchOperation) (scim.Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID[id] == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	changed := maps.Clone(d.byID[id])
	for _, operation := range operations {
		if err := apply(changed, operation); err != nil {
			return scim.Resource{}, err
		}
	}
	d.byID[id] = changed
	return d.resource(id), nil
}

func apply(attributes scim.ResourceAttributes, o scim.PatchOperation) error {
	if o.Path == nil {
		values, ok := o.Value.(map[string]any)
		if !ok {
			return errors.ScimErrorInvalidValue
		}
		for name, value := range values {
			set(attributes, o.Op, name, value)
		}
		return nil
	}
	name := o.Path.AttributePath.AttributeName
	if o.Op != scim.PatchOperationRemove {
		set(attributes, o.Op, name, o.Value)
		return nil
	}
	chosen, isComparison := o.Path.ValueExpression.(*filter.AttributeExpression)
	switch {
	case isComparison: // members[value eq "…"]
		attributes[name] = without(attributes[name], []any{map[string]any{"value": chosen.CompareValue}})
	case o.Value != nil: // the form in which Okta removes several members
		attributes[name] = without(attributes[name], o.Value)
	default:
		delete(attributes, name)
	}
	return nil
}

func set(attributes scim.ResourceAttributes, op, name string, value any) {
	added, many := value.([]any)
	if before, list := attributes[name].([]any); many && list && op == scim.PatchOperationAdd {
		attributes[name] = append(without(before, added), added...)
		return
	}
	attributes[name] = value
}

// without returns a list without the elements whose value is that of an element of removed.
func without(list, removed any) []any {
	values := map[string]bool{}
	for _, member := range members(removed) {
		values[fmt.Sprint(member["value"])] = true
	}
	left := []any{}
	for _, member := range members(list) {
		if !values[fmt.Sprint(member["value"])] {
			left = append(left, member)
		}
	}
	return left
}

func members(list any) (result []map[string]any) {
	items, _ := list.([]any)
	for _, item := range items {
		if member, ok := item.(map[string]any); ok {
			result = append(result, member)
		}
	}
	return result
}
