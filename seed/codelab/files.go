package codelab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"understudy/seed/script/player"
)

// CopyPictures copies the pictures that a guide shows from one folder to another, and tells which are not there. Nothing
// is copied from no folder.
func CopyPictures(d *Document, from, to string) (missing []string, err error) {
	if from == "" {
		return nil, nil
	}
	done := map[string]bool{}
	for _, image := range d.Images() {
		name := filepath.Base(image.Src)
		if done[name] {
			continue
		}
		done[name] = true
		err := copyFile(filepath.Join(from, name), filepath.Join(to, name))
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
		} else if err != nil {
			return missing, fmt.Errorf("copy %s: %w", name, err)
		}
	}
	return missing, nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // read only
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}

// PDF prints an exported page with a browser of this machine. [player.ErrNoBrowser] when there is none.
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
	tab, stopTab := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {})) // events that chromedp does not know yet
	defer stopTab()
	var data []byte
	err = chromedp.Run(tab, chromedp.Navigate((&url.URL{Scheme: "file", Path: absolute}).String()), chromedp.ActionFunc(func(ctx context.Context) (err error) {
		data, _, err = page.PrintToPDF().WithPrintBackground(true).WithDisplayHeaderFooter(false).Do(ctx)
		return err
	}))
	if err != nil {
		return fmt.Errorf("print %s: %w", htmlFile, err)
	}
	return os.WriteFile(target, data, 0o644)
}
