package script

import (
	"slices"
	"strconv"
	"strings"
)

// parseShot reads the name of a picture, or a mapping with its name and options.
func (r *reader) parseShot(value node) (shot Shot, err error) {
	shot.Line = value.line()
	if !value.isMapping() {
		shot.Name, err = value.scalar()
		return shot, r.checkPictureName(shot, err)
	}
	entries, err := value.mapping()
	if err != nil {
		return shot, err
	}
	for _, e := range entries {
		if err := r.shotField(&shot, e); err != nil {
			return shot, err
		}
	}
	return shot, r.checkPictureName(shot, nil)
}

func (r *reader) checkPictureName(shot Shot, err error) error {
	if err == nil && !pictureName.MatchString(shot.Name) {
		err = r.invalidPictureName(shot.Line, shot.Name)
	}
	return err
}

func (r *reader) invalidPictureName(line int, name string) error {
	return r.errorf(line, "invalid picture name %q: expected lowercase letters, digits and hyphens", name)
}

// shotField reads one option of a picture.
func (r *reader) shotField(shot *Shot, e entry) (err error) {
	switch e.key {
	case "name":
		shot.Name, err = e.value.scalar()
	case "width":
		shot.Width, err = r.pixels(e, 240, 3840)
	case "height":
		shot.Height, err = r.pixels(e, 40, 3840)
	case "bar":
		shot.Bar, err = r.onOff(e)
	case "animate":
		shot.Animate, err = e.value.boolean()
	case "padding":
		shot.Padding, err = r.pixels(e, 0, 400)
	case "crop":
		shot.Crop, err = e.value.strings()
	case "theme":
		if shot.Theme, err = e.value.scalar(); err == nil && shot.Theme != "light" && shot.Theme != "dark" {
			err = r.errorf(e.line, "invalid theme %q: expected light or dark", shot.Theme)
		}
	case "language":
		err = r.errorf(e.line, "remove the key language: the pages, their dates and their numbers are in English only")
	case "focus":
		shot.Focus, err = e.value.scalar()
	case "hover":
		shot.Hover, err = e.value.scalar()
	case "mark":
		shot.Marks, err = r.parseMarks(e.value)
	default:
		err = r.errorf(e.line, "%s", unknown("key", e.key))
	}
	return err
}

// onOff reads "on" or "off".
func (r *reader) onOff(e entry) (bool, error) {
	value, err := e.value.scalar()
	if err == nil && value != "on" && value != "off" {
		err = r.errorf(e.line, "invalid %s %q: expected on or off", e.key, value)
	}
	return value == "on", err
}

// pixels reads a whole number of CSS pixels within limits.
func (r *reader) pixels(e entry, least, most int) (int, error) {
	value, err := e.value.scalar()
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return 0, r.errorf(e.line, "invalid %s %q: expected a number of pixels from %d to %d", e.key, value, least, most)
	}
	return n, nil
}

// parseMarks reads labels of controls, or mappings such as {arrow: Save}, {box: Edit, in: Settings} and {text: "Here",
// at: Save}.
func (r *reader) parseMarks(value node) ([]Mark, error) {
	var marks []Mark
	for _, item := range value.list() {
		var m Mark
		var err error
		if item.isMapping() {
			m, err = r.parseMark(item)
		} else {
			m.Control, err = item.scalar()
		}
		if err != nil {
			return nil, err
		}
		marks = append(marks, m)
	}
	return marks, nil
}

// ParseMark reads one mark as it stands in a guide: Save, or {arrow: Save, in: Settings}.
func ParseMark(text string) (Mark, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return Mark{Control: text}, nil
	}
	r := &reader{file: "mark " + text}
	entries, err := r.parseYAML("mark: "+text, 1)
	if err != nil {
		return Mark{}, err
	}
	return r.parseMark(entries[0].value)
}

// parseMark reads a mark with its kind: {kind: control}, or {text: …, at: control}.
func (r *reader) parseMark(item node) (m Mark, err error) {
	entries, err := item.mapping()
	if err != nil {
		return m, err
	}
	for _, e := range entries {
		text, err := e.value.scalar()
		if err != nil {
			return m, err
		}
		kind := MarkKind(e.key)
		switch {
		case e.key == "in":
			m.In = text
		case e.key == "at" || e.key == "name":
			m.Control = text
		case kind == MarkText:
			m.Kind, m.Text = kind, text
		case slices.Contains([]MarkKind{MarkBadge, MarkBox, MarkArrow, MarkHighlight, MarkMask}, kind):
			m.Kind, m.Control = kind, text
		default:
			return m, r.errorf(e.line, "%s", unknown("mark", e.key))
		}
	}
	if m.Control == "" {
		return m, item.errorf("the mark points at no control: expected {box: Save}, or {text: …, at: Save}")
	}
	return m, nil
}
