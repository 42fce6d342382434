package scim

import "strings"

// Path is the path of an attribute (attrPath of RFC 7644 section 3.4.2.2). Schema, a URI, and Sub, the sub-attribute,
// may be empty. Attribute is empty only if the path is a schema URI.
type Path struct {
	Schema    string
	Attribute string
	Sub       string
}

// String returns the path in the notation of the RFC.
func (p Path) String() string {
	s := p.Attribute
	if p.Sub != "" {
		s += "." + p.Sub
	}
	if p.Schema == "" {
		return s
	}
	if s == "" {
		return p.Schema
	}
	return p.Schema + ":" + s
}

// ParsePath parses the path of an attribute. In a URI such as "urn:…:2.0:User", only the schemas can tell whether the
// last part is an attribute. ParsePath treats it as an attribute if it has the form of one; ResourceType.resolve
// decides.
func ParsePath(s string) (Path, error) {
	var p Path
	rest := s
	if isURN(s) {
		i := strings.LastIndexByte(s, ':')
		p.Schema, rest = s[:i], s[i+1:]
		if !validURN(s) {
			return Path{}, invalidPath("The path %q is not the name of an attribute.", s)
		}
	}
	p.Attribute, p.Sub, _ = strings.Cut(rest, ".")
	valid := validName(p.Attribute) && (p.Sub == "" && !strings.Contains(rest, ".") || validName(p.Sub))
	if valid {
		return p, nil
	}
	if p.Schema != "" {
		return Path{Schema: s}, nil // a URI such as urn:example:2.0, whose last part is not a name
	}
	return Path{}, invalidPath("The path %q is not the name of an attribute.", s)
}

// validName reports whether s is an ATTRNAME (RFC 7643 section 2.1), or has a leading $ as "$ref".
func validName(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		case c == '$' && i == 0 && len(s) > 1:
		case i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '_'):
		default:
			return false
		}
	}
	return true
}

// validURN accepts more than RFC 8141, because the schema URIs of some services are not valid URNs.
func validURN(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"[]()\<>{}^|`, c) >= 0 {
			return false
		}
	}
	return !strings.HasSuffix(s, ":")
}

// PatchPath is the path of a PATCH operation (RFC 7644 section 3.5.2). Filter, if set, selects values of the attribute;
// Sub, if set, is the sub-attribute of the selected values.
type PatchPath struct {
	Path
	Filter Filter
}

// String returns the path in the notation of the RFC.
func (p PatchPath) String() string {
	if p.Filter == nil {
		return p.Path.String()
	}
	s := Path{Schema: p.Schema, Attribute: p.Attribute}.String() + "[" + p.Filter.String() + "]"
	if p.Sub != "" {
		s += "." + p.Sub
	}
	return s
}

// ParsePatchPath parses the path of a PATCH operation: attrPath / valuePath [subAttr]. The error is a 400 invalidPath or
// invalidFilter.
func ParsePatchPath(s string, limits Limits) (PatchPath, error) {
	limits = limits.orDefault()
	s = strings.TrimSpace(s)
	if len(s) > limits.PathLength {
		return PatchPath{}, invalidPath("The path is longer than %d characters.", limits.PathLength)
	}
	open := strings.IndexByte(s, '[')
	if open < 0 {
		p, err := ParsePath(s)
		return PatchPath{Path: p}, err
	}
	path, err := ParsePath(strings.TrimRight(s[:open], " "))
	if err != nil {
		return PatchPath{}, err
	}
	p := parser{text: s, at: open, limits: limits, where: invalidFilter} // RFC 7644 table 9 uses invalidFilter for paths, too
	f, sub, err := p.brackets()
	if err != nil {
		return PatchPath{}, err
	}
	if p.space(); p.at < len(s) {
		return PatchPath{}, invalidPath("Unexpected text in the path %q.", s)
	}
	if path.Sub != "" {
		return PatchPath{}, invalidPath("The path %q has a filter on a sub-attribute.", s)
	}
	path.Sub = sub
	return PatchPath{Path: path, Filter: f}, nil
}
