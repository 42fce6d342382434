// Package codelab treats a guide as a text: it finds problems in the text, exports the text for other readers, and adds
// proposed scripts to a text that has none.
//
// A guide is written in the Markdown of Google's codelabs, the input of the tool claat. The scripts of its steps are in
// HTML comments, which claat ignores; package script parses them. This package works on lines, so that each finding has a
// line and the export keeps the author's text.
//
//	file ──Read──► Document ──Lint, Live──────────────────► []Finding
//	                  │
//	                  ├──Codelab, Markdown, HTML (PDF)────► text for claat, GitHub or a browser
//	                  └──Import───────────────────────────► text with proposed scripts
//
// # What claat does
//
// The lint rules and the export rely on the following facts. They were measured with claat at commit 873fe39 of
// github.com/googlecodelabs/tools; its Markdown parser is in claat/parser/md.
//
//   - The metadata is the first paragraph. The key id is required. Unknown keys are dropped, among them author and
//     lastUpdated, which guides often contain.
//   - A level-2 heading begins a step (here: a section). The line after it may be "Duration: M", "M:SS" or "H:MM:SS". A
//     single number is in minutes; a missing duration counts as 0.
//   - "Environment: name" in its own paragraph limits a step to an environment. Directly after "Duration:", both
//     lines are misread. A paragraph of text that begins with one of the two words is dropped, or hides its step.
//   - A picture whose width is not a number is dropped, and so is one with a URL in its alternative text. Double quotes
//     in an alternative text are escaped twice.
//   - An info box is <aside class="positive"> or "negative"; other classes count as positive. Markdown in it is rendered
//     only after an empty line. The older form, ": text" after "Positive" or "Negative", is printed as text.
//   - <details> is not supported: its content is always visible.
//   - HTML comments are removed, also between steps and before "Duration:".
//
// Files:
//
//   - document.go: [Document], its lines and metadata; start reading here
//   - image.go: the pictures of a text, in Markdown and in HTML
//   - lint.go: [Lint] and the rules about the codelab format
//   - lint_names.go: the rules about names and groups in the text
//   - lint_text.go: the rules about slips of the pen, lists and copied lines
//   - lint_steps.go: the rules about steps and their pictures
//   - lint_live.go: [Live] plays the guide and checks that the names in the text are on the pages
//   - export.go: [Codelab] and [Markdown]
//   - html.go: [HTML]; page.html is its template, page.css its style
//   - pdf.go, pdf_pages.go, pdf_pictures.go: [PDF] prints the HTML page, with page numbers and smaller pictures
//   - pictures.go: copies the pictures of a guide
//   - import.go: [Import] proposes scripts; import_guide.go makes a guide of the text, import_read.go and import_actions.go
//     recognize instructions, import_trial.go plays them and keeps what works
package codelab
