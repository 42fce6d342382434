package lab_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"testing"

	"understudy/seed/base/problem"
	"understudy/seed/door/doortest"
)

// exported returns the database of an exported lab.
func exported(t testing.TB, r *doortest.Server) []byte {
	var file bytes.Buffer
	if err := r.Registry.Export(t.Context(), "demo", &file); err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// pack returns a database as the file of an exported lab.
func pack(t testing.TB, data []byte) io.Reader {
	var file bytes.Buffer
	zip, err := gzip.NewWriterLevel(&file, gzip.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	zip.Comment = "understudy lab 1"
	if _, err := zip.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return &file
}

// FuzzImport overwrites bytes of an exported lab, and removes its end. The import refuses the result with a sentence at the field
// of the file, or makes a lab whose pages work.
func FuzzImport(f *testing.F) {
	r := doortest.New(f, f.TempDir())
	r.Create("demo")
	plain := exported(f, r)
	f.Add(uint32(0), []byte{}, uint32(0), []byte{}, uint32(0))
	f.Add(uint32(0), []byte("garbage"), uint32(0), []byte{}, uint32(0))                    // the mark of SQLite
	f.Add(uint32(16), []byte{2, 0}, uint32(28), []byte{0xff, 0xff, 0xff, 0xff}, uint32(0)) // size and number of pages
	f.Add(uint32(18), []byte{1, 1}, uint32(52), []byte{0, 0, 0, 9}, uint32(0))             // without a journal; another kind of vacuum
	f.Add(uint32(100), []byte{0x0d, 0xff, 0xff}, uint32(0), []byte{}, uint32(0))           // the root of the schema
	f.Add(uint32(4096), []byte{5, 0, 0, 0}, uint32(8192), []byte{0xff, 0xff}, uint32(0))   // kinds of pages
	f.Add(uint32(0), []byte{}, uint32(0), []byte{}, uint32(5000))                          // cut off
	for _, word := range []string{"okta_users", "lab_about", "INTEGER", "CREATE TABLE", "ACTIVE", "starter", "001_lab.sql", `"username"`, "$2a$04$"} {
		if at := bytes.Index(plain, []byte(word)); at > 0 {
			f.Add(uint32(at), []byte("CREATE VIEW"), uint32(at+len(word)), []byte{}, uint32(0))
			f.Add(uint32(at), []byte{0, 0xff, '"'}, uint32(0), []byte{}, uint32(0))
		}
	}
	n := 0
	f.Fuzz(func(t *testing.T, at uint32, with []byte, at2 uint32, with2 []byte, cut uint32) {
		data := bytes.Clone(plain)
		copy(data[int(at)%len(data):], with)
		copy(data[int(at2)%len(data):], with2)
		data = data[:len(data)-int(cut)%len(data)]
		n++
		name := fmt.Sprintf("lab%d", n)
		err := r.Registry.Import(t.Context(), name, pack(t, data))
		if err != nil {
			if p := problem.As(err); p == nil || p.Kind != problem.Invalid || p.Fields[0].Name != "file" {
				t.Fatalf("the import fails with %v", err)
			}
			return
		}
		v := r.Browser()
		v.T = t
		for _, path := range []string{"/labs/" + name, "/okta/" + name + "/login/login.htm", "/sigma/" + name + "/login", "/labs/" + name + "/view"} {
			if status, body, _ := v.Get(path); status >= 500 {
				t.Errorf("%s answers %d: %.300s", path, status, body)
			}
		}
		if err := r.Registry.Delete(t.Context(), name); err != nil {
			t.Error(err)
		}
	})
}
