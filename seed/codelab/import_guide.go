package codelab

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// importer builds a guide from a text.
type importer struct {
	*Imported
	reader        instructionReader
	taken         map[string]bool // names of pictures
	section, step int
	open          int // HTML elements that are not closed: a script in them could not be played
}

// textLine is a line of the text with its line in the original, from 0.
type textLine struct {
	text string
	from int
}

func (p *importer) note(line int, format string, args ...any) {
	p.Notes = append(p.Notes, Finding{p.File, line + 1, "imported", fmt.Sprintf(format, args...)})
}

// guide reads the text block by block, as Markdown parsers do.
func (p *importer) guide(d *Document) {
	p.taken = map[string]bool{}
	lines := p.head(d)
	blocks := topBlocks(lines)
	for i, b := range blocks {
		switch {
		case b.heading == 1 && i > 0 && blocks[:i].titled() || b.heading == 2:
			p.sectionHead(lines, blocks, i)
			continue
		case b.isSetting && !b.isEnvironmentAfter(blocks[i-1]):
			p.escapeSetting(lines, b)
		}
		if b.dropped {
			continue
		}
		p.lines = append(p.lines, plainLines(lines[b.from:b.to])...)
		if b.isHTML {
			p.open = max(0, p.open+openElements(lines[b.from:b.to]))
		}
		if b.instructs && p.section > 0 && p.open == 0 {
			p.propose(d, lines, b)
		}
	}
	p.addPeople()
}

func plainLines(lines []textLine) (list []importedLine) {
	for _, line := range lines {
		list = append(list, importedLine{text: line.text})
	}
	return list
}

var containerTag = regexp.MustCompile(`(?i)<(/?)(ul|ol|table|details|div|aside|form|blockquote)\b`)

// openElements counts the elements that lines open and do not close.
func openElements(lines []textLine) (n int) {
	for _, line := range lines {
		for _, m := range containerTag.FindAllStringSubmatch(line.text, -1) {
			if m[1] == "" {
				n++
			} else {
				n--
			}
		}
	}
	return n
}

// head returns the lines of the text, beginning with metadata that claat reads, and the title.
func (p *importer) head(d *Document) (lines []textLine) {
	title := slices.IndexFunc(d.Lines, func(line string) bool { return strings.HasPrefix(line, "# ") })
	for i, line := range d.Lines {
		if title >= 0 && i < title && (d.kinds[i] == code || heading.MatchString(line)) {
			title = -1 // the metadata ends before the first title
		}
	}
	values, at := d.Meta()
	var ignored, moved []textLine
	end := 0 // of the metadata
	for _, line := range at {
		end = max(end, line+1)
	}
	if _, bare := at[strings.ToLower(strings.TrimSpace(firstWord(d.Lines)))]; bare {
		end = max(end, 1)
	}
	for i, line := range d.Lines[:end] {
		key, value, _ := strings.Cut(line, ":")
		key = strings.ToLower(strings.TrimSpace(key))
		switch {
		case strings.TrimSpace(line) == "":
		case key == "author" && values["authors"] == "":
			lines = append(lines, textLine{"authors:" + value, i})
			p.note(i, "The metadata key “author” is now “authors”, which claat reads.")
		case slices.Contains(knownMeta, key):
			lines = append(lines, textLine{line, i})
		default:
			ignored = append(ignored, textLine{line, i})
			p.note(i, "The metadata “%s” is in a comment now, because claat ignores it.", strings.TrimSpace(line))
		}
	}
	if values["id"] == "" {
		lines = append([]textLine{{"id: " + slug(strings.TrimSuffix(filepath.Base(d.File), filepath.Ext(d.File))), 0}}, lines...)
		p.note(0, "The metadata has an id now, from the name of the file.")
	}
	if len(ignored) > 0 {
		lines = append(lines, textLine{"", 0}, textLine{"<!-- Metadata that claat ignores:", 0})
		for _, line := range ignored {
			lines = append(lines, textLine{strings.ReplaceAll(line.text, "--", "–"), line.from})
		}
		lines = append(lines, textLine{"-->", 0})
	}
	lines = append(lines, textLine{"", 0})
	rest := end
	if title >= end {
		for i := end; i < title; i++ { // pictures and text before the title are text of the guide
			moved = append(moved, textLine{d.Lines[i], i})
		}
		lines, rest = append(lines, textLine{d.Lines[title], title}, textLine{"", title}), title+1
	} else {
		name := values["summary"]
		if strings.TrimSpace(name) == "" {
			name = strings.TrimSuffix(filepath.Base(d.File), filepath.Ext(d.File))
		}
		lines = append(lines, textLine{"# " + name, end}, textLine{"", end})
		p.note(end, "The guide has a title now.")
	}
	lines = append(lines, moved...)
	for i := rest; i < len(d.Lines); i++ {
		lines = append(lines, textLine{d.Lines[i], i})
	}
	return lines
}

func firstWord(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	word, _, _ := strings.Cut(lines[0], ":")
	return word
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slug makes an identifier of a text.
func slug(name string) string {
	if name = strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-"); name != "" {
		return name
	}
	return "guide"
}

// block is a block of the text: the lines from to before to. It includes the empty lines after the block.
type block struct {
	from, to  int
	heading   int // level; 0 for other blocks
	title     string
	isHTML    bool
	isSetting bool // a paragraph that begins with Duration: or Environment:
	instructs bool // a paragraph or a list: it may hold instructions
	dropped   bool // its content is elsewhere in the guide
	content   string
}

type blockList []*block

func (l blockList) titled() bool {
	return slices.ContainsFunc(l, func(b *block) bool { return b.heading == 1 })
}

// isEnvironmentAfter reports whether a block limits a section to an environment: it follows the heading or the duration.
func (b *block) isEnvironmentAfter(before *block) bool {
	return environment.MatchString(strings.TrimSpace(b.content)) && (before.heading == 2 || before.dropped)
}

// topBlocks lists the top-level blocks of a text. Together they have all its lines.
func topBlocks(lines []textLine) (blocks blockList) {
	var source bytes.Buffer
	var starts []int
	for _, line := range lines {
		starts = append(starts, source.Len())
		source.WriteString(line.text + "\n")
	}
	lineOf := func(offset int) int {
		at, found := slices.BinarySearch(starts, offset)
		if !found {
			at--
		}
		return at
	}
	blocks = append(blocks, &block{})
	document := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(source.Bytes()))
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		offset := firstByte(node)
		if offset < 0 {
			continue // belongs to the block before
		}
		b := &block{from: lineOf(offset)}
		switch n := node.(type) {
		case *ast.Heading:
			b.heading, b.title = n.Level, plainText(n, source.Bytes())
		case *ast.FencedCodeBlock:
			b.from--
		case *ast.HTMLBlock:
			b.isHTML = true
		case *ast.Paragraph:
			b.content = string(n.Lines().Value(source.Bytes()))
			b.isSetting = strings.HasPrefix(b.content, "Duration:") || strings.HasPrefix(b.content, "Environment:")
			b.instructs = !b.isSetting
		case *ast.List:
			b.instructs = true
		}
		if last := blocks[len(blocks)-1]; b.from > last.from || len(blocks) == 1 {
			last.to, blocks = b.from, append(blocks, b)
		}
	}
	blocks[len(blocks)-1].to = len(lines)
	return blocks
}

// firstByte returns the position of the first text in a block, or -1 when it has none.
func firstByte(node ast.Node) int {
	if node.Type() == ast.TypeBlock && node.Lines() != nil && node.Lines().Len() > 0 {
		return node.Lines().At(0).Start
	}
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if t, is := child.(*ast.Text); is {
			return t.Segment.Start
		}
		if at := firstByte(child); at >= 0 {
			return at
		}
	}
	return -1
}

// sectionHead writes the heading of a section with its duration directly after it.
func (p *importer) sectionHead(lines []textLine, blocks blockList, i int) {
	b := blocks[i]
	p.section, p.step, p.open = p.section+1, 0, 0
	first := lines[b.from]
	if written := heading.FindStringSubmatch(first.text); b.heading == 2 && written != nil {
		p.lines = append(p.lines, importedLine{text: first.text})
	} else {
		p.lines = append(p.lines, importedLine{text: "## " + b.title})
		p.note(first.from, "The heading “%s” begins a section now: “## %s”.", b.title, b.title)
	}
	after := lines[b.from+1 : b.to]
	for len(after) > 0 && (strings.TrimSpace(after[0].text) == "" || isUnderline(after[0].text)) {
		after = after[1:]
	}
	length := ""
	for j := i + 1; j < len(blocks) && (blocks[j].isHTML || blocks[j].isSetting); j++ {
		if !strings.HasPrefix(blocks[j].content, "Duration:") {
			continue
		}
		line, _, glued := strings.Cut(strings.TrimSpace(blocks[j].content), "\n")
		if duration.MatchString(line) {
			length = line
		}
		// The rest of the paragraph stays; the duration is written after the heading.
		if blocks[j].from++; !glued {
			blocks[j].dropped = true
		}
		if length == "" {
			p.note(lines[blocks[j].from-1].from, "“%s” is not a duration in minutes.", line)
		}
		break
	}
	if length == "" {
		length = fmt.Sprintf("Duration: %d", estimate(lines, blocks[i+1:]))
		p.note(first.from, "The section “%s” has the estimated “%s” now.", b.title, length)
	}
	p.lines = append(p.lines, importedLine{text: length}, importedLine{text: ""})
	p.lines = append(p.lines, plainLines(after)...)
}

var underline = regexp.MustCompile(`^ {0,3}(=+|-+)\s*$`)

// isUnderline reports whether a line is the second line of a heading in the other notation of Markdown.
func isUnderline(line string) bool { return underline.MatchString(line) }

// estimate returns the minutes that a section takes: 150 words a minute, and half a minute for each picture.
func estimate(lines []textLine, blocks blockList) int {
	words, pictures := 0, 0
	for _, b := range blocks {
		if b.heading == 1 || b.heading == 2 {
			break
		}
		for _, line := range lines[b.from:b.to] {
			words += len(strings.Fields(line.text))
			pictures += strings.Count(line.text, "<img") + strings.Count(line.text, "![")
		}
	}
	return max(1, words/150+pictures/2)
}

// escapeSetting keeps a paragraph that claat would read as metadata: with an escaped colon, Markdown shows it as it was.
func (p *importer) escapeSetting(lines []textLine, b *block) {
	line := &lines[b.from]
	if b.from >= b.to || b.dropped {
		return
	}
	line.text = strings.Replace(line.text, ":", "\\:", 1)
	p.note(line.from, "The colon is escaped, because claat would remove the paragraph “%s”.", excerpt(strings.TrimSpace(line.text)))
}

// propose adds a step after a block, if the block has instructions.
func (p *importer) propose(d *Document, lines []textLine, b *block) {
	at := len(p.lines)
	for at > 0 && strings.TrimSpace(p.lines[at-1].text) == "" {
		at--
	}
	var content []string
	for i, line := range lines[b.from:b.to] {
		if i+b.from < len(lines) && d.isText(line.from) {
			content = append(content, d.withoutComments(line.from))
		}
	}
	picture := pictureFollowing(lines, b.to)
	step := p.reader.read(strings.Join(content, "\n"), picture)
	if step == nil {
		return
	}
	p.step++
	step.ID, step.Line = fmt.Sprintf("%d.%d", p.section, p.step), lines[b.from].from
	if picture != "" && !p.taken[picture] {
		p.taken[picture], step.Shot = true, picture
	}
	p.Steps = append(p.Steps, step)
	after := slices.Clone(p.lines[at:])
	if len(after) == 0 {
		after = []importedLine{{}}
	}
	p.lines = append(append(p.lines[:at], importedLine{}, importedLine{step: step}), after...)
}

// pictureFollowing returns the name of the picture in the first line with text from a line on, or "".
func pictureFollowing(lines []textLine, from int) string {
	for _, line := range lines[from:] {
		if strings.TrimSpace(line.text) == "" {
			continue
		}
		for _, image := range Read("", line.text).Images() {
			if !isDecoration(image) && pictureName.MatchString(image.Name()) {
				return image.Name()
			}
		}
		return ""
	}
	return ""
}

// addPeople defines the visitor, if a step needs one, before the first section.
func (p *importer) addPeople() {
	if !slices.ContainsFunc(p.Steps, func(s *Proposal) bool { return s.As == visitor }) {
		return
	}
	for i, line := range p.lines {
		if strings.HasPrefix(line.text, "# ") {
			comment := []importedLine{{}, {text: scriptMarker}, {text: "vars:"}, {text: "  " + visitor + ": {name: A visitor}"}, {text: "-->"}}
			p.lines = slices.Insert(p.lines, i+1, comment...)
			return
		}
	}
}
