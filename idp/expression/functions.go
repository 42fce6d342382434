package expression

import "slices"

// valueType is what is known about a value before the evaluation.
type valueType int

const (
	anyType valueType = iota
	textType
	numberType
	boolType
	listType
	nullType
)

// function is a function or a method. A method gets its receiver as its first argument.
type function struct {
	least, most int // number of arguments; most is -1 for any number
	gives       valueType
	call        func(e *evaluation, args []any) (any, error)
	// check tells what is wrong with arguments that are literals; nil if there is nothing to tell.
	check func(args []*node) string
}

func (f function) takes(n int) bool { return n >= f.least && (f.most < 0 || n <= f.most) }

// namespaces are the words before the functions.
var namespaces = map[string]bool{"String": true, "Arrays": true, "Convert": true, "Iso3166Convert": true, "Time": true}

// functions holds the functions by name. Source: Okta's reference; see the package comment.
var functions map[string]function

// methods holds the methods of texts, lists and the user. Source: Spring Expression Language, which calls Java's methods.
var methods map[string]function

func init() { // not initializers, because functions evaluate expressions
	functions = map[string]function{}
	for _, table := range []map[string]function{textFunctions, listFunctions, convertFunctions, timeFunctions, groupFunctions,
		directoryFunctions} {
		for name, f := range table {
			functions[name] = f
		}
	}
	for _, name := range []string{"toLowerCase", "toUpperCase", "substringBefore", "substringAfter", "substring"} {
		functions[name] = textFunctions["String."+name] // Okta calls these names deprecated
	}
	methods = map[string]function{}
	for _, table := range []map[string]function{textMethods, listMethods, userMethods} {
		for name, f := range table {
			methods[name] = f
		}
	}
}

// names returns the names of a table, sorted.
func names(table map[string]function) (list []string) {
	for name := range table {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// pure adapts a function that can neither fail nor depend on the subject.
func pure(f func(args []any) any) func(*evaluation, []any) (any, error) {
	return func(_ *evaluation, args []any) (any, error) { return f(args), nil }
}

// texts adapts a function of texts.
func texts(f func(args []string) any) func(*evaluation, []any) (any, error) {
	return pure(func(args []any) any {
		list := make([]string, len(args))
		for i, arg := range args {
			list[i] = textOf(arg)
		}
		return f(list)
	})
}
