package static_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"understudy/static"
)

func get(path, encoding string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return w
}

func TestFilesAreCachedUnderTheirHash(t *testing.T) {
	for name, kind := range map[string]string{
		"kit.css": "text/css; charset=utf-8", "kit.js": "text/javascript; charset=utf-8",
		"fonts/inter-latin.woff2": "font/woff2", "icons/search.svg": "image/svg+xml",
	} {
		w := get(static.Path(name), "gzip")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != kind {
			t.Errorf("%s: %d %s", name, w.Code, w.Header().Get("Content-Type"))
		}
		if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: not cached without a time limit", name)
		}
		compressed := w.Header().Get("Content-Encoding") == "gzip"
		if compressed != (kind != "font/woff2") {
			t.Errorf("%s: compressed is %v", name, compressed)
		}
	}
}

func TestPathWithOldHashIsNotCached(t *testing.T) {
	if w := get("/static/0123456789ab/kit.css", ""); w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("kit.css with an old hash: %d %s", w.Code, w.Header().Get("Cache-Control"))
	}
	if w := get("/static/0123456789ab/../static.go", ""); w.Code != http.StatusNotFound {
		t.Errorf("static.go is served: status %d", w.Code)
	}
}

func TestIconReturnsInnerMarkup(t *testing.T) {
	if inner := static.Icon("search"); !strings.HasPrefix(inner, "<path") || strings.Contains(inner, "svg") {
		t.Errorf("search: %q", inner)
	}
	if inner := static.Icon("no-such-icon"); inner != "" {
		t.Errorf("an unknown icon has markup: %q", inner)
	}
}
