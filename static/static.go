// Package static holds the style sheets, scripts, fonts and icons of every page, embedded in the binary.
//
// Files are served under an address that carries a hash of their content, so a browser may keep them for ever and
// a new build is never mixed with an old one's files. References between the files are relative.
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

// asset is one file as it goes over the wire.
type asset struct {
	contentType string
	plain       []byte
	gzipped     []byte // nil when compression does not help
}

// assets maps a name such as "kit.css" or "fonts/inter-latin.woff2" to its bytes; built once, never changed.
var assets, hash = load(files)

// Path gives the address of a file: "/static/{hash}/kit.css". The front door serves /static/ at the root of every host.
func Path(name string) string { return "/static/" + hash + "/" + name }

// Icon gives the inner markup of an icon of Lucide (ISC licence), or "" when there is none of that name.
func Icon(name string) string {
	a, ok := assets["icons/"+name+".svg"]
	if !ok {
		return ""
	}
	_, inner, _ := strings.Cut(string(a.plain), ">")
	return strings.TrimSuffix(strings.TrimSpace(inner), "</svg>")
}

// Handler serves /static/{hash}/{name}. An address with another build's hash gets the present file, not to be kept.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		asked, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/static/"), "/")
		a, ok := assets[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r, asked == hash)
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

// load reads every file once and compresses what shrinks.
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
		found[name] = asset{contentType: contentType(name), plain: b, gzipped: shrink(name, b)}
		return nil
	})
	if err != nil {
		panic("static: embedded files are unreadable: " + err.Error())
	}
	return found, hex.EncodeToString(sum.Sum(nil))[:12]
}

func shrink(name string, b []byte) []byte {
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

// contentType is spelled out because a bare Debian has no table of types.
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
