package codelab

import (
	"fmt"
	"regexp"
	"strings"
)

// Import adds proposed scripts to a guide without scripts, and does not change its text. Each paragraph with
// instructions gets a step: one action for each verb with a name in backticks or bold, and the picture after the
// paragraph. A writer must complete the steps. A guide that already has scripts is returned as it is.
func Import(d *Document) string {
	if strings.Contains(d.Source(), scriptMarker) {
		return d.Source()
	}
	var out []string
	section, step := -1, 0
	taken := map[string]bool{}
	for i, line := range d.Lines {
		out = append(out, line)
		if m := heading.FindStringSubmatch(line); m != nil && d.kinds[i] == prose && len(m[1]) == 2 {
			section, step = section+1, 0
		}
		if d.kinds[i] != prose || section < 0 || !endsParagraph(d, i) {
			continue
		}
		actions := proposeActions(paragraph(d, i))
		if len(actions) == 0 {
			continue
		}
		step++
		out = append(out, "", fmt.Sprintf(scriptMarker+"\nid: %d.%d\nas: okta-admin\ndo:", section, step))
		out = append(out, actions...)
		if name := pictureAfter(d, i); name != "" && !taken[name] {
			taken[name] = true
			out = append(out, "shot: "+name)
		}
		out = append(out, "-->")
	}
	return strings.Join(out, "\n")
}

// endsParagraph reports whether a line is the last one of its paragraph.
func endsParagraph(d *Document, i int) bool {
	return strings.TrimSpace(d.Lines[i]) != "" && (i+1 == len(d.Lines) || strings.TrimSpace(d.Lines[i+1]) == "")
}

// paragraph returns the text of the paragraph that ends on a line.
func paragraph(d *Document, end int) string {
	begin := end
	for begin > 0 && d.kinds[begin-1] == prose && strings.TrimSpace(d.Lines[begin-1]) != "" {
		begin--
	}
	return strings.Join(d.Lines[begin:end+1], " ")
}

// pictureAfter returns the name of the picture that follows a paragraph; empty when something else follows.
func pictureAfter(d *Document, end int) string {
	for i := end + 1; i < len(d.Lines); i++ {
		if strings.TrimSpace(d.Lines[i]) == "" {
			continue
		}
		for _, image := range d.Images() {
			if image.Line == i && !isDecoration(image) && pictureName.MatchString(image.Name()) {
				return image.Name()
			}
		}
		return ""
	}
	return ""
}

var (
	pictureName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

	// instruction matches a verb and the names after it, such as "open `A` > `B`". Submatches: verb, names.
	instruction = regexp.MustCompile("(?i)\\b(navigate to|open|click|choose|select|type|check|tick|enter|copy)\\b[^`*.]*?" +
		"((?:`[^`]+`|\\*\\*[^*]+\\*\\*)(?:\\s*>\\s*(?:`[^`]+`|\\*\\*[^*]+\\*\\*))*)")
)

// proposeActions turns the instructions of a paragraph into lines of a script.
func proposeActions(text string) (lines []string) {
	for _, m := range instruction.FindAllStringSubmatch(text, -1) {
		var names []string
		for _, n := range quoted.FindAllStringSubmatch(m[2], -1) {
			names = append(names, strings.TrimSpace(n[1]+n[2]))
		}
		verb := strings.ToLower(m[1])
		switch {
		case len(names) > 1 || verb == "navigate to" || verb == "open":
			lines = append(lines, "  - open: "+yamlText(strings.Join(names, " > ")))
		case verb == "check" || verb == "tick":
			lines = append(lines, "  - tick: "+yamlText(names[0]))
		case verb == "copy" || verb == "type" || verb == "enter":
			lines = append(lines, "  - see: "+yamlText(names[0])) // the field and the value are unknown
		default:
			lines = append(lines, "  - click: "+yamlText(names[0]))
		}
	}
	return lines
}

// yamlText writes a name as a quoted YAML string. It replaces braces, which would begin a variable of the script.
func yamlText(name string) string {
	name = strings.NewReplacer("{", "(", "}", ")", "'", "''", "\n", " ").Replace(name)
	return "'" + name + "'"
}
