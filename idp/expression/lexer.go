package expression

import (
	"strings"
	"unicode/utf8"
)

type tokenKind int

const (
	endToken tokenKind = iota
	nameToken
	numberToken
	textToken
	signToken
	wrongToken // a character that begins no token
)

// token is a word, a literal or a sign.
type token struct {
	kind tokenKind
	text string // as written; of a text: without its quotation marks
	at   int    // byte in the expression
}

// signs are the signs of the language, longer ones first.
var signs = []string{"==", "!=", "<=", ">=", "&&", "||", "?:", "??", "?.", "=", "<", ">", "!", "?", ":", "+", "-", "*", "/",
	"%", "(", ")", "{", "}", "[", "]", ",", "."}

// scan returns the token at a byte of text, and the byte behind it.
func scan(text string, at int) (t token, next int) {
	for at < len(text) && strings.IndexByte(" \t\r\n", text[at]) >= 0 {
		at++
	}
	if at == len(text) {
		return token{kind: endToken, at: at}, at
	}
	rest := text[at:]
	switch c := rest[0]; {
	case c == '"' || c == '\'':
		return scanText(text, at)
	case isLetter(c):
		return token{nameToken, rest[:length(rest, isWord)], at}, at + length(rest, isWord)
	case isDigit(c):
		n := length(rest, isDigit)
		if n+1 < len(rest) && rest[n] == '.' && isDigit(rest[n+1]) {
			n += 1 + length(rest[n+1:], isDigit)
		}
		return token{numberToken, rest[:n], at}, at + n
	}
	for _, sign := range signs {
		if strings.HasPrefix(rest, sign) {
			return token{signToken, sign, at}, at + len(sign)
		}
	}
	_, size := utf8.DecodeRuneInString(rest)
	return token{wrongToken, rest[:size], at}, at + size
}

// scanText reads a quoted text. A doubled quotation mark stands for itself, and a backslash has no meaning, as in Spring
// Expression Language. A text without an end is a wrong token.
func scanText(text string, at int) (t token, next int) {
	quote := text[at : at+1]
	for i := at + 1; i < len(text); i++ {
		if text[i] != quote[0] {
			continue
		}
		if i+1 < len(text) && text[i+1] == quote[0] {
			i++
			continue
		}
		return token{textToken, strings.ReplaceAll(text[at+1:i], quote+quote, quote), at}, i + 1
	}
	return token{wrongToken, quote, at}, len(text)
}

// length returns the number of bytes at the beginning of text that belong.
func length(text string, belongs func(byte) bool) (n int) {
	for n < len(text) && belongs(text[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) }
