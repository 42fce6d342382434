package codelab

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

//go:embed page.css
var style string

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// webPage is the content of page.html.
type webPage struct {
	Title    string
	Authors  string
	Summary  string
	Minutes  minutes
	Style    template.CSS
	Intro    template.HTML // between the title and the first section
	Sections []*webSection
}

// webSection is one section of the page.
type webSection struct {
	ID, Title      string
	Heading, Body  template.HTML
	Number         int
	Minutes        minutes
	Page           int // in the PDF; 0 when it is not known
	Previous, Next *webSection

	body bytes.Buffer
}

// minutes is a duration; 0 is not shown.
type minutes int

// String returns a duration as people write it, such as "1 h 20 min".
func (m minutes) String() string {
	switch {
	case m >= 60 && m%60 == 0:
		return fmt.Sprintf("%d h", m/60)
	case m >= 60:
		return fmt.Sprintf("%d h %d min", m/60, m%60)
	}
	return fmt.Sprintf("%d min", int(m))
}

// HTML returns the guide as one HTML page with its style and without JavaScript, for reading and printing. It shows one section at a
// time, with a table of contents. Only the pictures are separate files.
func HTML(d *Document) (string, error) { return d.html(nil) }

// html returns the page. pages are the page numbers of the sections in the PDF, by their headings' IDs.
func (d *Document) html(pages map[string]int) (string, error) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Typographer),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()), goldmark.WithRendererOptions(gmhtml.WithUnsafe()))
	source := []byte(d.markdown(nil)) // with the durations
	values, _ := d.Meta()
	page := &webPage{Title: values["summary"], Authors: values["authors"], Summary: values["summary"], Style: template.CSS(style)}
	document := markdown.Parser().Parse(text.NewReader(source))
	var intro bytes.Buffer
	into := &intro
	settings := false // the next paragraph may be a duration or an environment
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		title, isHeading := node.(*ast.Heading)
		switch {
		case isHeading && title.Level == 1 && len(page.Sections) == 0:
			page.Title = plainText(title, source)
			continue
		case isHeading && title.Level == 2:
			section, err := newSection(markdown, title, source)
			if err != nil {
				return "", fmt.Errorf("export %s: %w", d.File, err)
			}
			page.add(section, pages)
			into, settings = &section.body, true
			continue
		}
		if settings = settings && page.setting(node, source); settings {
			continue
		}
		if err := markdown.Renderer().Render(into, source, node); err != nil {
			return "", fmt.Errorf("export %s: %w", d.File, err)
		}
	}
	page.Intro = template.HTML(intro.String())
	for _, section := range page.Sections {
		section.Body = template.HTML(section.body.String())
	}
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, page)
	return out.String(), err
}

// newSection begins the section of a heading.
func newSection(markdown goldmark.Markdown, title *ast.Heading, source []byte) (*webSection, error) {
	var heading bytes.Buffer
	for child := title.FirstChild(); child != nil; child = child.NextSibling() {
		if err := markdown.Renderer().Render(&heading, source, child); err != nil {
			return nil, err
		}
	}
	id, _ := title.AttributeString("id")
	name, _ := id.([]byte)
	return &webSection{ID: string(name), Title: plainText(title, source), Heading: template.HTML(heading.String())}, nil
}

// add appends a section and links it with the section before.
func (p *webPage) add(s *webSection, pages map[string]int) {
	if n := len(p.Sections); n > 0 {
		s.Previous = p.Sections[n-1]
		s.Previous.Next = s
	}
	p.Sections = append(p.Sections, s)
	s.Number, s.Page = len(p.Sections), pages[s.ID]
}

// setting reads a paragraph after the heading of a section, if it is a duration or an environment.
func (p *webPage) setting(node ast.Node, source []byte) bool {
	if _, is := node.(*ast.Paragraph); !is {
		return false
	}
	content := strings.TrimSpace(string(node.Lines().Value(source)))
	if !duration.MatchString(content) {
		return environment.MatchString(content)
	}
	last := p.Sections[len(p.Sections)-1]
	last.Minutes = readDuration(content)
	p.Minutes += last.Minutes
	return true
}

// readDuration reads a line "Duration: M", "M:SS" or "H:MM:SS", and rounds it up to minutes as claat does.
func readDuration(line string) minutes {
	parts := strings.Split(strings.TrimSpace(strings.TrimPrefix(line, "Duration:")), ":")
	numbers := make([]int, len(parts))
	for i, part := range parts {
		numbers[i], _ = strconv.Atoi(part) // digits only: the pattern duration has matched
	}
	switch len(numbers) {
	case 1:
		return minutes(numbers[0])
	case 2:
		return minutes(numbers[0] + (numbers[1]+59)/60)
	}
	return minutes(numbers[0]*60 + numbers[1] + (numbers[2]+59)/60)
}

// plainText is the text of inline nodes without emphasis, links and other markup.
func plainText(node ast.Node, source []byte) string {
	var b strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		switch n := child.(type) {
		case *ast.Text:
			b.WriteString(string(n.Segment.Value(source)))
			if n.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.WriteString(html.UnescapeString(string(n.Value))) // the typographer writes entities
		default:
			b.WriteString(plainText(child, source))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
