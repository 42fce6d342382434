// Package textlimit bounds the YAML and the Markdown that people write: their size, nesting and number of entries. The parsers of
// both take much time and memory for texts that nobody writes, such as a hundred thousand opening brackets.
//
// Every text is checked before it is parsed: [ParseYAML] parses, and [Markdown] is called before goldmark.
package textlimit

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The limits of a text.
const (
	maxBytes  = 2 << 20 // a scenario with the apps that it uses; an uploaded file has a smaller limit
	maxDepth  = 16
	maxIndent = 64 // columns before the sign of a list or quote
	maxTokens = 150_000
	maxKeys   = 1_000 // of one mapping; the parser's time grows with the square
	maxItems  = 3_000 // of one list

	maxLines      = 30_000
	maxBlockSigns = 600    // signs of Markdown in lines without an empty line between them; the parser's time grows with the square
	maxSigns      = 30_000 // signs of Markdown in a text
)

// Error says which limit a text exceeds.
type Error struct {
	Line, Column int // 1 is the first
	Text         string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

func tooLarge() *Error {
	return &Error{1, 1, fmt.Sprintf("the text is larger than %d kB; make it smaller", maxBytes>>10)}
}

// ParseYAML parses a text that is within the limits. Otherwise the error is an [*Error]; other errors are those of the parser.
func ParseYAML(text string) (file *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil { // the parser has panicked on malformed input
			file, err = nil, &Error{1, 1, "invalid YAML"}
		}
	}()
	if len(text) > maxBytes {
		return nil, tooLarge()
	}
	tokens := lexer.Tokenize(text)
	if wrong := checkTokens(tokens); wrong != nil {
		return nil, wrong
	}
	return parser.Parse(tokens, 0)
}

// level is a list or mapping that is not complete yet.
type level struct {
	column      int // 0 in brackets
	keys, items int
}

// nesting is the lists and mappings around a token.
type nesting struct{ levels []level }

// at returns the level of a list or mapping that is written in lines and begins at a column.
func (n *nesting) at(column int) *level {
	for len(n.levels) > 0 && n.top().column > column {
		n.levels = n.levels[:len(n.levels)-1]
	}
	if len(n.levels) == 0 || n.top().column < column {
		n.levels = append(n.levels, level{column: column})
	}
	return n.top()
}

func (n *nesting) top() *level { return &n.levels[len(n.levels)-1] }

// inBrackets reports whether a token is between brackets.
func (n *nesting) inBrackets() bool { return len(n.levels) > 0 && n.top().column == 0 }

// add counts a token.
func (n *nesting) add(t, previous *token.Token) {
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		n.levels = append(n.levels, level{})
	case token.SequenceEndType, token.MappingEndType:
		if n.inBrackets() {
			n.levels = n.levels[:len(n.levels)-1]
		}
	case token.CollectEntryType:
		if n.inBrackets() {
			n.top().items++
		}
	case token.SequenceEntryType:
		if !n.inBrackets() {
			n.at(t.Position.Column).items++
		}
	case token.MappingKeyType, token.MappingValueType:
		if t.Type == token.MappingValueType && previous != nil {
			t = previous // the key
		}
		if n.inBrackets() {
			n.top().keys++
		} else {
			n.at(t.Position.Column).keys++
		}
	}
}

// checkTokens counts without recursion.
func checkTokens(tokens token.Tokens) *Error {
	around := &nesting{}
	var previous *token.Token
	for i, t := range tokens {
		wrong := func(format string, args ...any) *Error {
			return &Error{t.Position.Line, t.Position.Column, fmt.Sprintf(format, args...)}
		}
		around.add(t, previous)
		previous = t
		switch {
		case i >= maxTokens:
			return wrong("the text has more than %d words and signs; make it shorter", maxTokens)
		case len(around.levels) > maxDepth:
			return wrong("lists and mappings are nested more than %d deep; nest less", maxDepth)
		case len(around.levels) == 0:
		case around.top().keys > maxKeys:
			return wrong("this mapping has more than %d keys; use fewer", maxKeys)
		case around.top().items > maxItems:
			return wrong("this list has more than %d entries; list fewer", maxItems)
		}
	}
	return nil
}

// markers matches the signs of quotes and lists with which a line begins.
var markers = regexp.MustCompile(`^[ \t]*(?:(?:>|(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$))[ \t]*)+`)

var marker = regexp.MustCompile(`>|[-+*]|\d+[.)]`)

// signs are what Markdown gives a meaning within a line.
const signs = "*_[]`<!&|\\~"

// Markdown returns an [*Error] for a text that exceeds a limit; nil for others.
func Markdown(text []byte) *Error {
	if len(text) > maxBytes {
		return tooLarge()
	}
	inBlock, inText, number := 0, 0, 0
	for line := range strings.Lines(string(text)) {
		number++
		wrong := func(format string, args ...any) *Error { return &Error{number, 1, fmt.Sprintf(format, args...)} }
		if number > maxLines {
			return wrong("the text has more than %d lines; make it shorter", maxLines)
		}
		content := strings.TrimSpace(line)
		if content == "" {
			inBlock = 0
			continue
		}
		if before := markers.FindString(strings.TrimRight(line, "\r\n")); before != "" {
			if len(marker.FindAllString(before, maxDepth+1)) > maxDepth || len(before) > maxIndent {
				return wrong("quotes and lists are nested more than %d deep; nest less", maxDepth)
			}
		}
		found := 0
		for _, c := range []byte(content) {
			if strings.IndexByte(signs, c) >= 0 {
				found++
			}
		}
		inBlock, inText = inBlock+found, inText+found
		switch {
		case inBlock > maxBlockSigns:
			return wrong("this block has more than %d of the signs %s; put an empty line between its parts", maxBlockSigns, signs)
		case inText > maxSigns:
			return wrong("the text has more than %d of the signs %s; make it shorter", maxSigns, signs)
		}
	}
	return nil
}
