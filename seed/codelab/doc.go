// Package codelab treats a guide as a text: it finds faults in the text, exports the text for other readers, and adds
// proposed scripts to a text that has none.
//
// A guide is written in the Markdown of Google's codelabs, the input of the tool claat
// (github.com/googlecodelabs/tools). The scripts of its steps are in HTML comments, which claat ignores; package script
// parses them. This package works on lines, so that each finding has a line and the export keeps the author's text.
//
//	file ──Read──► Document ──Lint, Live──────────────────► []Finding
//	                  │
//	                  ├──Codelab, Markdown, HTML (PDF)────► text for claat, GitHub or a browser
//	                  └──Import───────────────────────────► text with proposed scripts
//
// Files:
//
//   - document.go: [Document], its lines, metadata and pictures; start reading here
//   - lint.go: [Lint] and the rules about the codelab format
//   - lint_names.go: the rules about names and groups in the text
//   - lint_steps.go: the rules about steps and their pictures
//   - lint_live.go: [Live] plays the guide and checks that the names in the text are on the pages
//   - export.go: [Codelab], [Markdown] and [HTML]; page.css is the style of the HTML page
//   - pdf.go: [PDF] prints the HTML page
//   - pictures.go: copies the pictures of a guide
//   - import.go: [Import] proposes scripts
package codelab
