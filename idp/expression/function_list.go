package expression

import (
	"slices"
	"strings"
)

var listFunctions = map[string]function{
	"Arrays.add": {2, 2, listType, pure(func(args []any) any {
		return append(slices.Clone(listOf(args[0])), args[1])
	}), nil},
	"Arrays.remove":      {2, 2, listType, pure(func(args []any) any { return without(listOf(args[0]), args[1]) }), nil},
	"Arrays.clear":       {1, 1, listType, pure(func([]any) any { return []any{} }), nil},
	"Arrays.get":         {2, 2, anyType, func(_ *evaluation, args []any) (any, error) { return index(args[0], args[1]) }, nil},
	"Arrays.flatten":     {1, -1, listType, pure(func(args []any) any { return flatten(args) }), nil},
	"Arrays.contains":    {2, 2, boolType, pure(func(args []any) any { return contains(listOf(args[0]), args[1]) }), nil},
	"Arrays.size":        {1, 1, numberType, pure(func(args []any) any { return int64(len(listOf(args[0]))) }), nil},
	"Arrays.isEmpty":     {1, 1, boolType, pure(func(args []any) any { return len(listOf(args[0])) == 0 }), nil},
	"Arrays.toCsvString": {1, 1, textType, toCSV, nil},
}

var listMethods = map[string]function{
	"contains": {2, 2, boolType, pure(func(args []any) any {
		if list, isList := args[0].([]any); isList {
			return contains(list, args[1])
		}
		return strings.Contains(textOf(args[0]), textOf(args[1]))
	}), nil},
	"isEmpty": {1, 1, boolType, pure(func(args []any) any {
		if list, isList := args[0].([]any); isList {
			return len(list) == 0
		}
		return isEmpty(args[0])
	}), nil},
	"size": listFunctions["Arrays.size"],
}

func without(list []any, v any) []any {
	return slices.DeleteFunc(slices.Clone(list), func(element any) bool { return equal(element, v) })
}

func contains(list []any, v any) bool {
	return slices.ContainsFunc(list, func(element any) bool { return equal(element, v) })
}

// flatten replaces the lists among values by their elements, at any depth.
func flatten(values []any) []any {
	list := []any{}
	for _, v := range values {
		if inner, isList := v.([]any); isList {
			list = append(list, flatten(inner)...)
		} else {
			list = append(list, v)
		}
	}
	return list
}

// toCSV joins elements with commas, and keeps the spaces around them.
func toCSV(e *evaluation, args []any) (any, error) {
	return joinWith(e, []any{",", listOf(args[0])})
}
