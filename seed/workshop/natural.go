package workshop

import (
	"cmp"
	"strings"
)

// compareNatural orders names as people do: a run of digits counts as a number, so that "lab-2" comes before "lab-10". Case does
// not matter unless the names are otherwise equal.
func compareNatural(a, b string) int {
	x, y := strings.ToLower(a), strings.ToLower(b)
	for x != "" && y != "" {
		textA, numberA, restA := leadingRun(x)
		textB, numberB, restB := leadingRun(y)
		if n := cmp.Or(strings.Compare(textA, textB), cmp.Compare(len(numberA), len(numberB)), strings.Compare(numberA, numberB)); n != 0 {
			return n
		}
		x, y = restA, restB
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// leadingRun cuts the text before the first number, and that number without its leading zeros, off a name.
func leadingRun(s string) (text, number, rest string) {
	const digits = "0123456789"
	begin := strings.IndexAny(s, digits)
	if begin < 0 {
		return s, "", ""
	}
	rest = strings.TrimLeft(s[begin:], digits)
	return s[:begin], strings.TrimLeft(s[begin:len(s)-len(rest)], "0"), rest
}
