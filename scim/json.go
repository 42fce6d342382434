package scim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// maxMembers limits the members of one JSON object, because the search for a repeated name compares all earlier names.
const maxMembers = 1000

// decoder reads JSON into Objects and enforces limits. encoding/json checks the syntax.
type decoder struct {
	tokens *json.Decoder
	depth  int // greatest nesting
	list   int // greatest length of a list
	// lenient accepts several members with the same name and keeps the last one. Otherwise they are an error, because two
	// programs could understand the body differently (RFC 8259 section 4).
	lenient bool
}

// decodeObject reads the body of a request.
func decodeObject(data []byte, limits Limits) (*Object, error) {
	if !utf8.Valid(data) {
		return nil, invalidSyntax("The request body is not valid UTF-8.")
	}
	if err := checkSyntax(data); err != nil {
		return nil, err
	}
	d := decoder{tokens: json.NewDecoder(bytes.NewReader(data)), depth: limits.Depth, list: limits.List}
	d.tokens.UseNumber()
	v, err := d.value(1)
	if err != nil {
		return nil, err
	}
	o, ok := v.(*Object)
	if !ok {
		return nil, invalidSyntax("The request body must be a JSON object.")
	}
	return o, nil
}

// checkSyntax checks that data is JSON (RFC 8259), and reports the position of an error.
func checkSyntax(data []byte) error {
	if json.Valid(data) {
		return nil
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return invalidSyntax("The request has no body.")
	}
	var raw json.RawMessage
	var at *json.SyntaxError
	if err := json.Unmarshal(data, &raw); errors.As(err, &at) {
		return invalidSyntax("The request body is not JSON: %s at byte %d.", at.Error(), at.Offset)
	}
	return invalidSyntax("The request body is not JSON.")
}

func (d *decoder) value(depth int) (any, error) {
	token, err := d.tokens.Token()
	if err != nil {
		return nil, invalidSyntax("The request body is not JSON: %s.", err)
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth > d.depth {
		return nil, invalidSyntax("The request body is nested deeper than %d levels.", d.depth)
	}
	if delim == '{' {
		return d.object(depth)
	}
	return d.array(depth)
}

func (d *decoder) object(depth int) (*Object, error) {
	o := &Object{}
	for d.tokens.More() {
		token, err := d.tokens.Token()
		if err != nil {
			return nil, invalidSyntax("The request body is not JSON: %s.", err)
		}
		name, _ := token.(string)
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		switch i := o.find(name); {
		case i < 0:
			o.members = append(o.members, member{name, v})
		case d.lenient:
			o.members[i] = member{name, v}
		default:
			return nil, invalidSyntax("The attribute %q occurs twice in one object.", name)
		}
		if len(o.members) > maxMembers {
			return nil, invalidSyntax("An object in the request body has more than %d attributes.", maxMembers)
		}
	}
	_, err := d.tokens.Token()
	return o, err
}

func (d *decoder) array(depth int) ([]any, error) {
	list := []any{}
	for d.tokens.More() {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if list = append(list, v); len(list) > d.list {
			return nil, NewError(http.StatusRequestEntityTooLarge, "", "A list in the request has more than %d values.", d.list)
		}
	}
	_, err := d.tokens.Token()
	return list, err
}

// UnmarshalJSON implements json.Unmarshaler. If several members have the same name, it keeps the last one.
func (o *Object) UnmarshalJSON(data []byte) error {
	d := decoder{tokens: json.NewDecoder(bytes.NewReader(data)), depth: 1000, list: 1 << 30, lenient: true}
	d.tokens.UseNumber()
	v, err := d.value(1)
	if err != nil {
		return err
	}
	read, ok := v.(*Object)
	if !ok {
		return fmt.Errorf("expected a JSON object")
	}
	*o = *read
	return nil
}

// MarshalJSON implements json.Marshaler. It writes the members in their order.
func (o *Object) MarshalJSON() ([]byte, error) {
	return appendJSON(nil, o), nil
}

// appendJSON writes a value of the types that an Object holds.
func appendJSON(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendString(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case json.Number:
		return append(b, v...)
	case *Object:
		if v == nil {
			return append(b, "null"...)
		}
		b = append(b, '{')
		for i, m := range v.members {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, m.name), ':')
			b = appendJSON(b, m.value)
		}
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, v[i])
		}
		return append(b, ']')
	}
	return append(b, "null"...)
}

// appendString writes a JSON string. encoding/json would escape <, > and &, which SCIM services do not.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	if isPlain(s) {
		return append(append(b, s...), '"')
	}
	for _, r := range s { // range yields U+FFFD for an invalid byte
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// isPlain reports whether a JSON string contains a text as it is, because the text is printable ASCII without quotes and
// backslashes.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
