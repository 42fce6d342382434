package codelab

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"understudy/seed/script/player"
)

// PDF prints a guide to the file target, with a browser of this machine: a table of contents with page numbers, bookmarks, and
// margins. pictures is the folder that contains the pictures, or "". PDF makes the pictures small enough for a file to send; it lists
// the missing ones. The error is [player.ErrNoBrowser] when the machine has no browser.
func PDF(ctx context.Context, d *Document, pictures, target string) (missing []string, err error) {
	browser, err := player.FindBrowser("")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "understudy-pdf-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // only copies
	if missing, err = copyForPrint(d, pictures, dir); err != nil {
		return missing, err
	}
	allocator, stop := chromedp.NewExecAllocator(ctx, player.BrowserOptions(browser)...)
	defer stop()
	// chromedp logs events that its version does not know; they are harmless here.
	tab, stopTab := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	defer stopTab()
	file := filepath.Join(dir, "index.html")
	data, err := printPDF(tab, d, file, nil)
	if err != nil {
		return missing, fmt.Errorf("print %s: %w", d.File, err)
	}
	// Only the printed pages tell on which page a section begins: a second print has the numbers in the table of contents.
	if data, err = printPDF(tab, d, file, sectionPages(data)); err != nil {
		return missing, fmt.Errorf("print %s: %w", d.File, err)
	}
	return missing, os.WriteFile(target, data, 0o644)
}

// Page sizes and margins in inches: A4, with space for the title above and the page number below.
const (
	a4Width, a4Height               = 8.27, 11.69
	marginTop, marginBottom, margin = 0.85, 0.8, 0.75
)

// printPDF writes the guide as HTML to a file and prints it. pages are the page numbers in the table of contents.
func printPDF(tab context.Context, d *Document, file string, pages map[string]int) (data []byte, err error) {
	text, err := d.html(pages)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	const line = `<div style="width:100%%;margin:0 0.75in;font:8pt system-ui,sans-serif;color:#55606e;text-align:%s">%s</div>`
	print := page.PrintToPDF().WithPrintBackground(true).WithPaperWidth(a4Width).WithPaperHeight(a4Height).
		WithMarginTop(marginTop).WithMarginBottom(marginBottom).WithMarginLeft(margin).WithMarginRight(margin).
		WithDisplayHeaderFooter(true).
		WithHeaderTemplate(fmt.Sprintf(line, "left", html.EscapeString(d.title()))).
		WithFooterTemplate(fmt.Sprintf(line, "right", `<span class="pageNumber"></span> / <span class="totalPages"></span>`)).
		WithGenerateTaggedPDF(true).WithGenerateDocumentOutline(true)
	address := url.URL{Scheme: "file", Path: file}
	err = chromedp.Run(tab, chromedp.Navigate(address.String()), chromedp.ActionFunc(func(ctx context.Context) (err error) {
		data, _, err = print.Do(ctx)
		return err
	}))
	return data, err
}
