// Package static holds the style sheets, scripts, fonts and icons of all pages, embedded in the binary, and serves them.
//
//	GET /static/{hash}/kit.css ─▶ Handler ─▶ embedded file, gzipped if that is smaller
//
// The hash covers the content of all files. A browser can cache a file without a time limit, because a build with other
// content has another hash. Files refer to one another by relative paths. [Path] gives the URL path of a file.
//
// All pages work without JavaScript. The scripts only improve them:
//
//   - kit.js: loaded by every page; it loads copy.js, dialog.js, typeahead.js, drag.js, conditions.js and live.js
//   - autosubmit.js: submits the form of a page that forwards a SAML message
//   - guide.js, notice.js, traffic.js, workshop.js: update the guide panel, the workshop notice, the timeline and the
//     instructor's pages
//   - kit.css: the styles of all pages; okta.css, sigma.css and lab.css are the skins
//   - icons: Lucide (ISC licence, icons/LICENSE); fonts: Inter (SIL Open Font License, fonts/LICENSE)
//   - docs: documents for readers, not served
//
// Start reading at [Handler].
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed *.css *.js fonts icons
var files embed.FS

// asset is one file as it is sent to browsers.
type asset struct {
	contentType string
	plain       []byte
	gzipped     []byte // nil if compression does not make the file smaller
}

// assets maps a name, such as "kit.css" or "fonts/inter-latin.woff2", to its content. hash is the hash of all files. Neither
// changes after startup.
var assets, hash = load(files)

// Path returns the URL path of a file: "/static/{hash}/kit.css". The front door (seed/door) serves /static/ on every host.
func Path(name string) string { return "/static/" + hash + "/" + name }

// Icon returns the SVG elements inside an icon of Lucide, or "" if there is no icon with that name.
func Icon(name string) string {
	a, ok := assets["icons/"+name+".svg"]
	if !ok {
		return ""
	}
	_, inner, _ := strings.Cut(string(a.plain), ">")
	return strings.TrimSuffix(strings.TrimSpace(inner), "</svg>")
}

// Handler serves /static/{hash}/{name}. A request with the hash of another build gets the file of this build with
// Cache-Control: no-cache. An unknown name gets status 404.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		requestedHash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/static/"), "/")
		a, ok := assets[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r, requestedHash == hash)
	})
}

func (a asset) serve(w http.ResponseWriter, r *http.Request, current bool) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	if current {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	body := a.plain
	if a.gzipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.gzipped
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body)
}

// load reads and compresses all files. It returns them by name, with the first 12 hex digits of a SHA-256 over all of them.
func load(from fs.FS) (map[string]asset, string) {
	found := map[string]asset{}
	sum := sha256.New()
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		sum.Write([]byte(name))
		sum.Write(b)
		found[name] = asset{contentType: contentType(name), plain: b, gzipped: compress(name, b)}
		return nil
	})
	if err != nil {
		panic("static: embedded files are unreadable: " + err.Error())
	}
	return found, hex.EncodeToString(sum.Sum(nil))[:12]
}

// compress returns b in gzip format, or nil if that is not smaller.
func compress(name string, b []byte) []byte {
	if path.Ext(name) == ".woff2" {
		return nil // already compressed
	}
	var buf bytes.Buffer
	zw, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	_, _ = zw.Write(b)
	_ = zw.Close()
	if buf.Len() >= len(b) {
		return nil
	}
	return buf.Bytes()
}

// contentType lists the types of our files, because package mime reads the types of the system, which a minimal Debian does
// not have.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "text/plain; charset=utf-8"
}
