package shots

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"os"
	"path/filepath"
	"slices"

	"understudy/seed/script"
)

//go:embed sheet.html
var sheetText string

var sheet = template.Must(template.New("sheet").Parse(sheetText))

// Old returns the name of the file that holds the picture as it was before the run.
func (r Result) Old() string { return r.Name + "-old" + filepath.Ext(r.File) }

// withEarlier completes the report of a run of some pictures with the earlier results of the others, if the directory has a report
// of the same guide. The pictures have the order of the guide.
func withEarlier(dir string, guideScript *script.Script, report Report) Report {
	text, err := os.ReadFile(filepath.Join(dir, reportFile))
	if err != nil {
		return report
	}
	var earlier Report
	if json.Unmarshal(text, &earlier) != nil || earlier.Guide != report.Guide {
		return report
	}
	results := map[string]Result{}
	for _, r := range slices.Concat(earlier.Results, report.Results) {
		results[r.Name] = r
	}
	report.Results = nil
	for _, step := range guideScript.Steps() {
		for _, shot := range step.Shots() {
			if r, known := results[shot.Name]; known {
				report.Results = append(report.Results, r)
			}
		}
	}
	return report
}

const reportFile = "report.json"

// writeReport writes report.json and the contact sheet index.html into the directory of the pictures. The contact sheet
// can be opened without a server.
func writeReport(dir string, report Report) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, reportFile), append(text, '\n'), 0o644); err != nil {
		return err
	}
	type row struct {
		Result
		HasOld, Difference bool
	}
	view := struct {
		Guide, Disclaimer          string
		Same, Changed, New, Failed int
		Rows                       []row
	}{report.Guide, disclaimer, report.Count(Same), report.Count(Changed), report.Count(New), report.Count(Failed), nil}
	exists := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, changesDir, name))
		return err == nil
	}
	// Failed and changed pictures come first.
	for _, status := range []Status{Failed, Changed, New, Same} {
		for _, r := range report.Results {
			if r.Status == status {
				changed := status == Changed
				view.Rows = append(view.Rows, row{r, changed && exists(r.Old()),
					changed && exists(r.Name+"-difference.png")})
			}
		}
	}
	var page bytes.Buffer
	if err := sheet.Execute(&page, view); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "index.html"), page.Bytes(), 0o644)
}
