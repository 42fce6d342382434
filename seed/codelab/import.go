package codelab

import (
	"fmt"
	"regexp"
	"strings"
)

// Import takes a codelab guide without scripts and proposes one for each instruction: a sentence with names between
// back-ticks or asterisks, and the picture after it. The text itself stays as it is; scripts are put in before pictures, or
// after their paragraph. What is proposed is a beginning that can be read, for somebody to finish.
func Import(d *Document) string {
	if strings.Contains(d.Source(), "<!-- script") {
		return d.Source()
	}
	var out []string
	section, step := -1, 0
	taken := map[string]bool{}
	for i := 0; i < len(d.Lines); i++ {
		line := d.Lines[i]
		out = append(out, line)
		if m := heading.FindStringSubmatch(line); m != nil && d.kinds[i] == prose && len(m[1]) == 2 {
			section, step = section+1, 0
		}
		if d.kinds[i] != prose || section < 0 || !endsParagraph(d, i) {
			continue
		}
		verbs := proposal(paragraph(d, i))
		if len(verbs) == 0 {
			continue
		}
		step++
		out = append(out, "", fmt.Sprintf("<!-- script\nid: %d.%d\nas: okta-admin\ndo:", section, step))
		out = append(out, verbs...)
		if name := pictureAfter(d, i); name != "" && !taken[name] {
			taken[name] = true
			out = append(out, "shot: "+name)
		}
		out = append(out, "-->")
	}
	return strings.Join(out, "\n")
}

func endsParagraph(d *Document, i int) bool {
	return strings.TrimSpace(d.Lines[i]) != "" && (i+1 == len(d.Lines) || strings.TrimSpace(d.Lines[i+1]) == "")
}

// paragraph is the text that ends on a line.
func paragraph(d *Document, end int) string {
	begin := end
	for begin > 0 && d.kinds[begin-1] == prose && strings.TrimSpace(d.Lines[begin-1]) != "" {
		begin--
	}
	return strings.Join(d.Lines[begin:end+1], " ")
}

// pictureAfter is the picture that follows a paragraph, if one does.
func pictureAfter(d *Document, end int) string {
	for i := end + 1; i < len(d.Lines); i++ {
		if strings.TrimSpace(d.Lines[i]) == "" {
			continue
		}
		for _, image := range d.Images() {
			if image.Line == i && !decoration(image) && pictureName.MatchString(image.Name()) {
				return image.Name()
			}
		}
		return ""
	}
	return ""
}

var (
	pictureName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
	deed        = regexp.MustCompile("(?i)\\b(navigate to|open|click|choose|select|type|check|tick|enter|copy)\\b[^`*.]*?((?:`[^`]+`|\\*\\*[^*]+\\*\\*)(?:\\s*>\\s*(?:`[^`]+`|\\*\\*[^*]+\\*\\*))*)")
)

// proposal turns a paragraph's instructions into actions of a script.
func proposal(text string) (verbs []string) {
	for _, m := range deed.FindAllStringSubmatch(text, -1) {
		var names []string
		for _, n := range quoted.FindAllStringSubmatch(m[2], -1) {
			names = append(names, strings.TrimSpace(n[1]+n[2]))
		}
		verb := strings.ToLower(m[1])
		switch {
		case len(names) > 1 || verb == "navigate to" || verb == "open":
			verbs = append(verbs, "  - open: "+yamlText(strings.Join(names, " > ")))
		case verb == "check" || verb == "tick":
			verbs = append(verbs, "  - tick: "+yamlText(names[0]))
		case verb == "copy" || verb == "type" || verb == "enter":
			verbs = append(verbs, "  - see: "+yamlText(names[0])) // what is typed, and where, only a person knows
		default:
			verbs = append(verbs, "  - click: "+yamlText(names[0]))
		}
	}
	return verbs
}

// yamlText writes a name so that YAML takes it for a text, whatever is in it; braces would be variables.
func yamlText(name string) string {
	name = strings.NewReplacer("{", "(", "}", ")", "'", "''", "\n", " ").Replace(name)
	return "'" + name + "'"
}
