package codelab

import (
	"bytes"
	"regexp"
)

var (
	pdfPage        = regexp.MustCompile(`(?m)^(\d+) 0 obj\n<</Type /Page\n`)
	pdfDestination = regexp.MustCompile(`/([A-Za-z0-9_-]+) \[(\d+) 0 R /XYZ`)
)

// sectionPages finds the page of each named destination in a PDF that Chromium printed: the IDs of the headings that links lead to.
// Chromium writes the objects of pages and destinations as text, in the order of the pages.
func sectionPages(data []byte) map[string]int {
	number := map[string]int{} // object → page
	for i, m := range pdfPage.FindAllSubmatch(data, -1) {
		number[string(m[1])] = i + 1
	}
	pages := map[string]int{}
	for _, m := range pdfDestination.FindAllSubmatch(data, -1) {
		if page := number[string(bytes.TrimSpace(m[2]))]; page > 0 {
			pages[string(m[1])] = page
		}
	}
	return pages
}
