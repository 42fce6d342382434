package player

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html/atom"
)

// A mask hides the value of what it names: on a page to read, the value is beside the label.
func TestMaskHidesTheValueAndNotItsLabel(t *testing.T) {
	p, err := parsePage(&url.URL{Path: "/"}, strings.NewReader(`<main>
		<h2>Personal</h2>
		<dl><dt>Primary email</dt> <dd>ada@lab.example</dd> <dt>Empty</dt><dt>City</dt><dd>Bern</dd></dl>
		<table><thead><tr><th scope="col">Column</th></tr></thead>
		<tr><th scope="row">Issuer</th><td>http://issuer</td><td>copy</td></tr>
		<tr><th scope="row" data-label="Name">Bob Stone</th><td data-label="Email">bob@lab.example</td></tr></table>
		<label for="t">Token</label><input id="t" value="secret"><span>Label: </span><code>plain value</code>
		<section aria-label="Keys"><p>k1</p></section></main>`), false)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Primary email": "dd ada@lab.example", "City": "dd Bern", "Issuer": "td http://issuer", "Bob Stone": "th Bob Stone",
		"bob@lab.example": "td bob@lab.example", "Token": "input ", "plain value": "code plain value", "Keys": "section k1",
		"Empty": "", "Column": "", "Personal": "", "Nothing": "",
	} {
		n, err := p.valueTarget(nil, name, "")
		got := ""
		if err == nil {
			got = n.Data + " " + strings.TrimSpace(p.text(n))
			if n.DataAtom == atom.Input {
				got = "input "
			}
		}
		if got != want {
			t.Errorf("%s hides %q (%v), want %q", name, got, err, want)
		}
	}
}
