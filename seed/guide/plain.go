package guide

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"time"
)

// plain returns a value in the form that its JSON would have after decoding: maps, lists, texts, numbers. Expressions read
// only such values. A detour over the text of the JSON takes several times as long.
func plain(v any) any { return plainValue(reflect.ValueOf(v)) }

var marshaler = reflect.TypeFor[json.Marshaler]()

func plainValue(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	if v.Type().Implements(marshaler) {
		return marshaled(v)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return plainValue(v.Elem())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return int(v.Int())
	case reflect.Struct:
		return plainStruct(v)
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plainValue(v.Index(i))
		}
		return list
	case reflect.Map:
		return plainMap(v)
	default:
		return marshaled(v)
	}
}

func plainMap(v reflect.Value) any {
	if v.IsNil() {
		return nil
	}
	m := make(map[string]any, v.Len())
	for entries := v.MapRange(); entries.Next(); {
		m[entries.Key().String()] = plainValue(entries.Value())
	}
	return m
}

func plainStruct(v reflect.Value) any {
	fields := fieldsOf(v.Type())
	m := make(map[string]any, len(fields))
	for _, f := range fields {
		if value := v.Field(f.index); !f.omitEmpty || !value.IsZero() {
			m[f.name] = plainValue(value)
		}
	}
	return m
}

// marshaled is the detour over JSON, for values that have their own form.
func marshaled(v reflect.Value) (decoded any) {
	if at, isTime := v.Interface().(time.Time); isTime {
		return at.Format(time.RFC3339Nano)
	}
	text, err := json.Marshal(v.Interface())
	if err != nil || json.Unmarshal(text, &decoded) != nil {
		return nil // the checks that read it are not met
	}
	return decoded
}

// jsonField is a field of a struct as its JSON names it.
type jsonField struct {
	index     int
	name      string
	omitEmpty bool
}

var structFields sync.Map // reflect.Type → []jsonField

func fieldsOf(t reflect.Type) []jsonField {
	if known, ok := structFields.Load(t); ok {
		return known.([]jsonField)
	}
	var fields []jsonField
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = field.Name
		}
		fields = append(fields, jsonField{index: i, name: name, omitEmpty: strings.Contains(options, "omit")})
	}
	structFields.Store(t, fields)
	return fields
}
