// Package expression is Okta Expression Language: one parser and one evaluator for custom username formats, attribute
// statements, attribute mappings and group rules.
//
//	user.firstName + " " + user.lastName
//	String.stringContains(user.email, "@") ? String.substringBefore(user.email, "@") : user.email
//	user.department == "Sales" AND NOT isMemberOfGroupName("Contractors")
//
// The life of an expression:
//
//	[Parse]            grammar, length and depth; the error has a position
//	[Expression.Check] names, functions and arguments at a [Place]; every form calls it before it saves
//	[Expression.Value] evaluation for a [Subject], bounded in steps and in the length of values
//	[Evaluate]         the three for what is stored already: what cannot be evaluated is empty, as in Okta
//
// The package is pure: a [Subject] holds all that an expression can name. Parsing and checking take time linear in the
// length of the text. static/docs/expressions.md lists what is supported; a test executes each of its examples.
//
// Source: Okta's "Okta Expression Language overview", and Spring Expression Language for what it leaves open.
//
//	expression.go       Parse, Expression, Subject, Value, Evaluate
//	error.go            Error: position, reason, hint
//	lexer.go, parser.go the text becomes nodes
//	check.go, names.go  Place, Check: names and types at a place
//	evaluate.go         nodes become values; operators; limits
//	value.go            conversions and comparisons of values
//	functions.go        the table of functions and methods
//	function_*.go       their implementations: texts, lists, conversions, times, groups
//	regex.go            regular expressions for names of groups, and their limits
//	statement.go        AttributeStatement: an attribute of a SAML assertion
package expression
