package scim

import (
	"net/http"
	"strings"
)

// discovery returns the handler of one of the three endpoints that describe the server (RFC 7644 section 4), or nil.
func (s *Server) discovery(segments []string) handler {
	var resources func(base string) []*Object
	switch segments[0] {
	case "ServiceProviderConfig":
		if len(segments) > 1 {
			return nil
		}
		return func(r *http.Request) (response, error) {
			o := s.providerConfig(s.base(r))
			return response{status: http.StatusOK, body: appendJSON(nil, o)}, rejectFilter(r)
		}
	case "ResourceTypes":
		resources = s.resourceTypes
	case "Schemas":
		resources = s.schemas
	default:
		return nil
	}
	return func(r *http.Request) (response, error) {
		all := resources(s.base(r))
		if len(segments) == 1 {
			return discoveryList(all), rejectFilter(r)
		}
		for _, o := range all {
			if len(segments) == 2 && strings.EqualFold(o.ID(), segments[1]) {
				return response{status: http.StatusOK, body: appendJSON(nil, o)}, nil
			}
		}
		return response{}, NotFound(strings.Join(segments[1:], "/"))
	}
}

// rejectFilter returns a 403 error if the request has a filter (RFC 7644 section 4). Otherwise a client could mistake
// the complete list for the filtered one.
func rejectFilter(r *http.Request) error {
	if r.URL.Query().Has("filter") {
		return NewError(http.StatusForbidden, "", "This endpoint cannot be filtered.")
	}
	return nil
}

func discoveryList(all []*Object) response {
	var rows []byte
	for i, o := range all {
		if i > 0 {
			rows = append(rows, ',')
		}
		rows = appendJSON(rows, o)
	}
	return response{status: http.StatusOK, body: listResponse(len(all), 1, len(all), rows)}
}

// providerConfig returns the resource of /ServiceProviderConfig (RFC 7643 section 5).
func (s *Server) providerConfig(base string) *Object {
	supported := func(yes bool) *Object { return NewObject("supported", yes) }
	o := NewObject("schemas", []string{ServiceProviderConfigSchema})
	o.SetText("documentationUri", s.config.DocumentationURI)
	o.Set("patch", supported(true))
	o.Set("bulk", supported(false).Set("maxOperations", 0).Set("maxPayloadSize", 0))
	o.Set("filter", supported(true).Set("maxResults", s.limits.MaxCount))
	o.Set("changePassword", supported(s.config.ChangePassword))
	o.Set("sort", supported(true))
	o.Set("etag", supported(true))
	o.Set("authenticationSchemes", []*Object{NewObject(
		"type", "oauthbearertoken",
		"name", "OAuth Bearer Token",
		"description", "A bearer token in the Authorization header.",
		"specUri", "https://www.rfc-editor.org/rfc/rfc6750",
		"primary", true,
	)})
	return o.Set("meta", NewObject("resourceType", "ServiceProviderConfig", "location", base+"/ServiceProviderConfig"))
}

// resourceTypes returns the resources of /ResourceTypes (RFC 7643 section 6).
func (s *Server) resourceTypes(base string) []*Object {
	var all []*Object
	for _, t := range s.types {
		o := NewObject("schemas", []string{ResourceTypeSchema}, "id", t.Name, "name", t.Name, "endpoint", t.Endpoint,
			"description", t.Description, "schema", t.Schema.ID)
		var extensions []*Object
		for _, ext := range t.Extensions {
			extensions = append(extensions, NewObject("schema", ext.Schema.ID, "required", ext.Required))
		}
		if len(extensions) > 0 {
			o.Set("schemaExtensions", extensions)
		}
		o.Set("meta", NewObject("resourceType", "ResourceType", "location", base+"/ResourceTypes/"+t.Name))
		all = append(all, o)
	}
	return all
}

// schemas returns the resources of /Schemas (RFC 7643 section 7), each once.
func (s *Server) schemas(base string) []*Object {
	var all []*Object
	seen := map[string]bool{}
	add := func(schema *Schema) {
		if seen[schema.ID] {
			return
		}
		seen[schema.ID] = true
		all = append(all, NewObject("schemas", []string{SchemaSchema}, "id", schema.ID, "name", schema.Name,
			"description", schema.Description, "attributes", attributeObjects(schema.Attributes),
			"meta", NewObject("resourceType", "Schema", "location", base+"/Schemas/"+schema.ID)))
	}
	for _, t := range s.types {
		add(&t.Schema)
		for i := range t.Extensions {
			add(&t.Extensions[i].Schema)
		}
	}
	return all
}
