package codelab

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"understudy/seed/script/player"
)

// PDF prints an exported HTML file to the file target, with a browser of this machine. The error is
// [player.ErrNoBrowser] when the machine has none.
func PDF(ctx context.Context, htmlFile, target string) error {
	browser, err := player.FindBrowser("")
	if err != nil {
		return err
	}
	absolute, err := filepath.Abs(htmlFile)
	if err != nil {
		return err
	}
	allocator, stop := chromedp.NewExecAllocator(ctx, player.BrowserOptions(browser)...)
	defer stop()
	// chromedp logs events that its version does not know; they are harmless here.
	tab, stopTab := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	defer stopTab()
	var data []byte
	address := url.URL{Scheme: "file", Path: absolute}
	err = chromedp.Run(tab, chromedp.Navigate(address.String()), chromedp.ActionFunc(func(ctx context.Context) (err error) {
		data, _, err = page.PrintToPDF().WithPrintBackground(true).WithDisplayHeaderFooter(false).Do(ctx)
		return err
	}))
	if err != nil {
		return fmt.Errorf("print %s: %w", htmlFile, err)
	}
	return os.WriteFile(target, data, 0o644)
}
