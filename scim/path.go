package scim

import "strings"

// Path names an attribute (attrPath of RFC 7644 section 3.4.2.2): a schema URI, an attribute and a sub-attribute, the outer two of which may
// be empty. A path that is only a schema URI has no attribute.
type Path struct {
	Schema    string
	Attribute string
	Sub       string
}

// String writes the path as the RFC does.
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

// ParsePath reads an attribute's path. Whether a URI's last part is an attribute can only be said with the schemas at hand (the dot in
// "…:2.0:User" does not help), so it is taken for one when it can be one, and ResourceType.resolve decides.
func ParsePath(s string) (Path, error) {
	var p Path
	rest := s
	if isURN(s) {
		i := strings.LastIndexByte(s, ':')
		p.Schema, rest = s[:i], s[i+1:]
		if !validURN(s) {
			return Path{}, invalidPath("The path %q is not an attribute's name.", s)
		}
	}
	p.Attribute, p.Sub, _ = strings.Cut(rest, ".")
	valid := validName(p.Attribute) && (p.Sub == "" && !strings.Contains(rest, ".") || validName(p.Sub))
	if valid {
		return p, nil
	}
	if p.Schema != "" {
		return Path{Schema: s}, nil // a URI such as urn:example:2.0, whose last part is no name
	}
	return Path{}, invalidPath("The path %q is not an attribute's name.", s)
}

// validName follows ATTRNAME of RFC 7643 section 2.1, with the leading $ of "$ref".
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

// validURN is looser than RFC 8141, as are the URIs that services have made up.
func validURN(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"[]()\<>{}^|`, c) >= 0 {
			return false
		}
	}
	return !strings.HasSuffix(s, ":")
}

// PatchPath is the target of a PATCH operation (RFC 7644 section 3.5.2): an attribute, perhaps only those of its values that a filter selects, perhaps
// one sub-attribute.
type PatchPath struct {
	Path
	Filter Filter
}

// String writes the path as the RFC does.
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

// ParsePatchPath reads a PATCH operation's path: attrPath / valuePath [subAttr].
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
	p := parser{text: s, at: open, limits: limits, where: invalidFilter} // table 9: invalidFilter is also a path's filter
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
