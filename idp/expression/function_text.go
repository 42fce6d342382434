package expression

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

var textFunctions = map[string]function{
	"String.append":          {2, 2, textType, joinTexts, nil},
	"String.join":            {1, -1, textType, joinWith, nil},
	"String.len":             {1, 1, numberType, lengthOf, nil},
	"String.removeSpaces":    {1, 1, textType, texts(func(a []string) any { return removeSpaces(a[0]) }), nil},
	"String.replace":         {3, 3, textType, replaceAll, nil},
	"String.replaceFirst":    {3, 3, textType, replaceFirst, nil},
	"String.startsWith":      {2, 2, boolType, texts(func(a []string) any { return strings.HasPrefix(a[0], a[1]) }), nil},
	"String.endsWith":        {2, 2, boolType, texts(func(a []string) any { return strings.HasSuffix(a[0], a[1]) }), nil},
	"String.stringContains":  {2, 2, boolType, texts(func(a []string) any { return strings.Contains(a[0], a[1]) }), nil},
	"String.stringSwitch":    {4, -1, textType, texts(stringSwitch), checkPairs},
	"String.substring":       {2, 3, textType, substring, nil},
	"String.substringAfter":  {2, 2, textType, texts(func(a []string) any { return after(a[0], a[1]) }), nil},
	"String.substringBefore": {2, 2, textType, texts(func(a []string) any { return before(a[0], a[1]) }), nil},
	"String.toLowerCase":     {1, 1, textType, texts(func(a []string) any { return strings.ToLower(a[0]) }), nil},
	"String.toUpperCase":     {1, 1, textType, texts(func(a []string) any { return strings.ToUpper(a[0]) }), nil},
	"String.trim":            {1, 1, textType, texts(func(a []string) any { return strings.TrimSpace(a[0]) }), nil},
}

var textMethods = map[string]function{
	"concat":           {2, 2, textType, joinTexts, nil},
	"endsWith":         textFunctions["String.endsWith"],
	"equals":           {2, 2, boolType, pure(func(args []any) any { return equal(args[0], args[1]) }), nil},
	"equalsIgnoreCase": {2, 2, boolType, texts(func(a []string) any { return strings.EqualFold(a[0], a[1]) }), nil},
	"indexOf":          {2, 2, numberType, texts(func(a []string) any { return indexOf(a[0], a[1]) }), nil},
	"length":           textFunctions["String.len"],
	"replace":          textFunctions["String.replace"],
	"split":            {2, 2, listType, texts(func(a []string) any { return anyList(strings.Split(a[0], a[1])) }), nil},
	"startsWith":       textFunctions["String.startsWith"],
	"substring":        textFunctions["String.substring"],
	"substringAfter":   textFunctions["String.substringAfter"],
	"substringBefore":  textFunctions["String.substringBefore"],
	"toLowerCase":      textFunctions["String.toLowerCase"],
	"toString":         {1, 1, textType, texts(func(a []string) any { return a[0] }), nil},
	"toUpperCase":      textFunctions["String.toUpperCase"],
	"trim":             textFunctions["String.trim"],
}

func joinTexts(e *evaluation, args []any) (any, error) { return e.join(args...) }

// joinWith joins texts, and the elements of lists, with the first argument between them.
func joinWith(e *evaluation, args []any) (any, error) {
	var parts []any
	for _, element := range flatten(args[1:]) {
		if len(parts) > 0 {
			parts = append(parts, args[0])
		}
		parts = append(parts, element)
	}
	if err := e.spend(len(parts)); err != nil {
		return nil, err
	}
	return e.join(parts...)
}

func lengthOf(_ *evaluation, args []any) (any, error) {
	return int64(utf8.RuneCountInString(textOf(args[0]))), nil
}

func removeSpaces(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

func replaceAll(e *evaluation, args []any) (any, error)   { return e.replace(args, -1) }
func replaceFirst(e *evaluation, args []any) (any, error) { return e.replace(args, 1) }

// replace replaces a text at most n times, -1 for everywhere. An empty text is not replaced.
func (e *evaluation) replace(args []any, n int) (any, error) {
	text, match, replacement := textOf(args[0]), textOf(args[1]), textOf(args[2])
	if match == "" {
		return text, nil
	}
	if n < 0 {
		n = strings.Count(text, match)
	}
	if len(text)+n*len(replacement) > maxText {
		return nil, errTooLong
	}
	return strings.Replace(text, match, replacement, n), nil
}

// stringSwitch returns the value behind the first key that the text contains, or the default.
func stringSwitch(args []string) any {
	for i := 2; i+1 < len(args); i += 2 {
		if strings.Contains(args[0], args[i]) {
			return args[i+1]
		}
	}
	return args[1]
}

func checkPairs(args []*node) string {
	if len(args)%2 != 0 {
		return "String.stringSwitch takes a text, a default, and pairs of key and value"
	}
	return ""
}

// substring returns the characters from one position, counted from 0, to the one before another. Positions outside the text
// are moved to its ends.
func substring(_ *evaluation, args []any) (any, error) {
	text := []rune(textOf(args[0]))
	position := func(v any) (int, error) {
		number, err := numberOf(v)
		return int(min(max(floatOf(number), 0), float64(len(text)))), err
	}
	start, err := position(args[1])
	if err != nil {
		return nil, errors.New("the position: " + err.Error())
	}
	end := len(text)
	if len(args) == 3 {
		if end, err = position(args[2]); err != nil {
			return nil, errors.New("the position: " + err.Error())
		}
	}
	if start >= end {
		return "", nil
	}
	return string(text[start:end]), nil
}

// before returns what is before the first occurrence of separator, or the whole text.
func before(text, separator string) string {
	text, _, _ = strings.Cut(text, separator)
	return text
}

// after returns what is behind the first occurrence of separator; empty if there is none.
func after(text, separator string) string {
	_, text, _ = strings.Cut(text, separator)
	return text
}

// indexOf returns the position of a text, counted from 0; -1 if it does not occur.
func indexOf(text, part string) int64 {
	i := strings.Index(text, part)
	if i < 0 {
		return -1
	}
	return int64(utf8.RuneCountInString(text[:i]))
}
