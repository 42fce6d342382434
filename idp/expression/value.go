package expression

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// A value is nil, string, int64, float64, bool, []any (a list) or object.

// object is a user, an app, a group, …: it gives the value of a property.
type object func(property string) any

// textOf returns a value as text: nil is empty, the elements of a list are joined with commas.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return numberText(v)
	case bool:
		return strconv.FormatBool(v)
	case []any:
		texts := make([]string, len(v))
		for i, element := range v {
			texts[i] = textOf(element)
		}
		return strings.Join(texts, ", ")
	}
	return ""
}

// numberText writes a number with at least one decimal, as Java's Double does.
func numberText(f float64) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.ContainsAny(text, ".IN") { // also not Inf and NaN
		text += ".0"
	}
	return text
}

// isEmpty reports whether a value is missing. Profiles do not distinguish an empty text from a missing one.
func isEmpty(v any) bool { return v == nil || v == "" }

// truth returns a value as true or false. The texts true and false count, because profiles hold texts. A missing value is
// false.
func truth(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		return strings.EqualFold(v, "true"), v == "" || strings.EqualFold(v, "true") || strings.EqualFold(v, "false")
	}
	return false, v == nil
}

// numberOf returns a number, or a text that is one, as int64 or float64.
func numberOf(v any) (number any, err error) {
	switch v := v.(type) {
	case int64, float64:
		return v, nil
	case string:
		text := strings.TrimSpace(v)
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
		if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f, nil
		}
	}
	if isEmpty(v) {
		return nil, errors.New("a missing value is not a number")
	}
	return nil, errors.New("“" + clip(textOf(v)) + "” is not a number")
}

// floatOf returns what [numberOf] gave as float64.
func floatOf(number any) float64 {
	if n, ok := number.(int64); ok {
		return float64(n)
	}
	f, _ := number.(float64)
	return f
}

// listOf returns a list. A missing value has no elements. A text is that of a profile's array, whose elements are separated by
// commas. Any other value is the only element.
func listOf(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case string:
		var list []any
		for element := range strings.SplitSeq(v, ",") {
			if element = strings.TrimSpace(element); element != "" {
				list = append(list, element)
			}
		}
		return list
	case nil:
		return nil
	}
	return []any{v}
}

func isNumber(v any) bool {
	switch v.(type) {
	case int64, float64:
		return true
	}
	return false
}

// equal compares two values. A number equals a text that is the same number, and so do true and false.
func equal(a, b any) bool {
	if isEmpty(a) || isEmpty(b) {
		return isEmpty(a) && isEmpty(b)
	}
	listA, isA := a.([]any)
	listB, isB := b.([]any)
	_, boolA := a.(bool)
	_, boolB := b.(bool)
	switch {
	case isA && isB:
		return equalLists(listA, listB)
	case isNumber(a) || isNumber(b):
		order, err := compare(a, b)
		return err == nil && order == 0
	case boolA || boolB:
		truthA, okA := truth(a)
		truthB, okB := truth(b)
		return okA && okB && truthA == truthB
	}
	return textOf(a) == textOf(b)
}

func equalLists(a, b []any) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// compare orders two values: as numbers if one of them is a number, and else as texts. The result is -1, 0 or 1.
func compare(a, b any) (int, error) {
	if !isNumber(a) && !isNumber(b) {
		return strings.Compare(textOf(a), textOf(b)), nil
	}
	a, err := numberOf(a)
	if err != nil {
		return 0, err
	}
	if b, err = numberOf(b); err != nil {
		return 0, err
	}
	whole, isA := a.(int64)
	other, isB := b.(int64)
	if isA && isB {
		return order(whole, other), nil
	}
	return order(floatOf(a), floatOf(b)), nil
}

func order[T int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// calculate applies + - * / % to numbers.
func calculate(sign string, a, b any) (any, error) {
	a, err := numberOf(a)
	if err != nil {
		return nil, err
	}
	if b, err = numberOf(b); err != nil {
		return nil, err
	}
	if floatOf(b) == 0 && (sign == "/" || sign == "%") {
		return nil, errors.New("a number cannot be divided by 0")
	}
	whole, isA := a.(int64)
	other, isB := b.(int64)
	if isA && isB {
		return calculateWhole(sign, whole, other), nil
	}
	x, y := floatOf(a), floatOf(b)
	return map[string]float64{"+": x + y, "-": x - y, "*": x * y, "/": x / y, "%": math.Mod(x, y)}[sign], nil
}

// calculateWhole applies a sign to integers. b is not 0 where it divides.
func calculateWhole(sign string, a, b int64) int64 {
	switch sign {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	}
	return a % b
}
