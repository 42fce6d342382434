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
//   - events.js: shares one event stream between the tabs of a browser; guide.js, traffic.js, workshop.js and projector.js use it
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
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed *.css *.js fonts icons
var files embed.FS

// asset is one file as it is sent to browsers. It is read and compressed when it is first requested: compressing all files
// takes longer than everything else that a start of the program does.
type asset struct {
	contentType string
	content     func() content
}

type content struct {
	plain   []byte
	gzipped []byte // nil if compression does not make the file smaller
}

// assets maps a name, such as "kit.css" or "fonts/inter-latin.woff2", to its content, and returns the hash of all files.
// Neither changes.
var assets = sync.OnceValues(func() (map[string]asset, string) { return load(files) })

// Path returns the URL path of a file: "/static/{hash}/kit.css". The front door (seed/door) serves /static/ on every host.
func Path(name string) string {
	_, hash := assets()
	return "/static/" + hash + "/" + name
}

// Icon returns the SVG elements inside an icon of Lucide, or "" if there is no icon with that name.
func Icon(name string) string {
	all, _ := assets()
	a, ok := all["icons/"+name+".svg"]
	if !ok {
		return ""
	}
	_, inner, _ := strings.Cut(string(a.content().plain), ">")
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
		all, hash := assets()
		a, ok := all[name]
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
	content := a.content()
	body := content.plain
	if content.gzipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = content.gzipped
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body)
}

// load lists all files by name, and returns the first 12 hex digits of a SHA-256 over all of them.
func load(from fs.FS) (map[string]asset, string) {
	found := map[string]asset{}
	sum, buffer := sha256.New(), make([]byte, 32<<10)
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		file, err := from.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // read only
		sum.Write([]byte(name))
		if _, err := io.CopyBuffer(sum, file, buffer); err != nil {
			return err
		}
		found[name] = asset{contentType: contentType(name), content: sync.OnceValue(func() content { return read(from, name) })}
		return nil
	})
	if err != nil {
		panic("static: embedded files are unreadable: " + err.Error())
	}
	return found, hex.EncodeToString(sum.Sum(nil))[:12]
}

func read(from fs.FS, name string) content {
	plain, err := fs.ReadFile(from, name)
	if err != nil {
		panic("static: an embedded file is unreadable: " + err.Error())
	}
	return content{plain: plain, gzipped: compress(name, plain)}
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
