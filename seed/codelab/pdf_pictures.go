package codelab

import (
	"bytes"
	"image"
	"image/color"
	imagedraw "image/draw"
	"image/jpeg"
	_ "image/png" // the format of the guides' pictures
	"os"
	"path/filepath"

	"golang.org/x/image/draw"
)

const (
	printWidth = 1240    // pixels of a printed picture: about 180 per inch
	printBytes = 7 << 19 // 3.5 MB: text and bookmarks of a long guide take another megabyte
)

// printQualities are the JPEG qualities to try, until all pictures together have at most printBytes.
var printQualities = []int{75, 60, 45, 30}

// copyForPrint copies the pictures of a guide into a folder, under the names that the text uses, small enough for print. It lists the
// pictures that are missing.
func copyForPrint(d *Document, pictures, dir string) (missing []string, err error) {
	if pictures == "" {
		return nil, nil
	}
	if err := os.MkdirAll(filepath.Join(dir, "assets"), 0o700); err != nil {
		return nil, err
	}
	if missing, err = CopyPictures(d, pictures, filepath.Join(dir, "assets")); err != nil {
		return missing, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "assets", "*"))
	if err != nil {
		return missing, err
	}
	for _, quality := range printQualities {
		total := 0
		for _, file := range files {
			size, err := shrink(file, quality)
			if err != nil {
				return missing, err
			}
			total += size
		}
		if total <= printBytes {
			break
		}
	}
	return missing, nil
}

// shrink replaces a picture by a JPEG if that is smaller, and returns the size of the file. Browsers recognize the format by the
// content, so the name stays. A file of another kind, such as SVG, stays as it is.
func shrink(file string, quality int) (int, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return len(data), nil // not a picture that Go reads: the browser may show it
	}
	bounds := picture.Bounds()
	width := min(bounds.Dx(), printWidth)
	small := image.NewRGBA(image.Rect(0, 0, width, max(1, bounds.Dy()*width/max(1, bounds.Dx()))))
	imagedraw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, imagedraw.Src)
	draw.ApproxBiLinear.Scale(small, small.Bounds(), picture, bounds, draw.Over, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
		return 0, err
	}
	if out.Len() >= len(data) {
		return len(data), nil
	}
	return out.Len(), os.WriteFile(file, out.Bytes(), 0o600)
}
