package xmltree

import (
	"strings"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

func TestCanonical(t *testing.T) {
	for name, c := range map[string]struct {
		text, path string // path: local names of child elements, from the root
		inclusive  []string
		want       string
	}{
		// Exclusive XML Canonicalization 1.0, section 2.2: the same element in two contexts.
		"2.2 alone": {
			`<n1:elem2 xmlns:n0="http://a.example" xmlns:n1="http://b.example" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2>`,
			"", nil,
			`<n1:elem2 xmlns:n1="http://b.example" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>`},
		"2.2 within": {
			`<n0:pdu xmlns:n0="http://a.example"><n1:elem2 xmlns:n1="http://b.example" xml:lang="en">` +
				`<n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n0:pdu>`, "elem2", nil,
			`<n1:elem2 xmlns:n1="http://b.example" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>`},
		"white space in tags, empty elements, order": {"<e b = '2'\n a='1'  ><f ></f\t><g/></e >", "", nil,
			`<e a="1" b="2"><f></f><g></g></e>`},
		"attributes by namespace, then by name": {`<e xmlns:z="urn:a" xmlns:a="urn:z" a:x="4" z:y="3" z:x="2" x="1"/>`, "", nil,
			`<e xmlns:a="urn:z" xmlns:z="urn:a" x="1" z:x="2" z:y="3" a:x="4"></e>`},
		"escapes": {"<e a='&lt;&amp;&gt;\"&#9;&#10;&#13;'>&lt;&amp;&gt;\"&#9;&#10;&#13;</e>", "", nil,
			"<e a=\"&lt;&amp;>&quot;&#x9;&#xA;&#xD;\">&lt;&amp;&gt;\"\t\n&#xD;</e>"},
		"CDATA and comments":             {"<e>a<!-- b -->c<![CDATA[<d>]]></e>", "", nil, "<e>ac&lt;d&gt;</e>"},
		"unused namespaces are left out": {`<e xmlns:u="urn:u" xmlns="urn:d"><f/></e>`, "", nil, `<e xmlns="urn:d"><f></f></e>`},
		"declared again at each use": {`<e xmlns:u="urn:u"><u:f/><u:g><u:h/></u:g></e>`, "", nil,
			`<e><u:f xmlns:u="urn:u"></u:f><u:g xmlns:u="urn:u"><u:h></u:h></u:g></e>`},
		"the default namespace undeclared": {`<e xmlns="urn:d"><f xmlns=""><g/></f></e>`, "", nil,
			`<e xmlns="urn:d"><f xmlns=""><g></g></f></e>`},
		"no default namespace to undeclare": {`<e xmlns="urn:d"><f xmlns=""><g/></f></e>`, "f", nil, `<f><g></g></f>`},
		"a prefix that changes": {`<p:e xmlns:p="urn:1"><p:f xmlns:p="urn:2"/><p:g/></p:e>`, "", nil,
			`<p:e xmlns:p="urn:1"><p:f xmlns:p="urn:2"></p:f><p:g></p:g></p:e>`},
		"inclusive prefixes": {`<e xmlns:xs="urn:xs" xmlns="urn:d"><p:f xmlns:p="urn:p"/></e>`, "f",
			[]string{"xs", "#default", "none"}, `<p:f xmlns="urn:d" xmlns:p="urn:p" xmlns:xs="urn:xs"></p:f>`},
	} {
		root, err := Parse([]byte(c.text), testLimits)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for local := range strings.FieldsSeq(c.path) {
			for _, child := range root.Children {
				if child.Element != nil && child.Element.Local == local {
					root = child.Element
					break
				}
			}
		}
		if got := string(root.Canonical(nil, c.inclusive...)); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

func TestCanonicalLeavesAnElementOut(t *testing.T) {
	root, err := Parse([]byte("<e>a<s>b<s/></s>c<s/></e>"), testLimits)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(root.Canonical(root.Children[1].Element)); got != "<e>ac<s></s></e>" {
		t.Error(got)
	}
}

// FuzzParse checks that the canonical form equals that of goxmldsig, an independent implementation, and that parsing the
// canonical form and writing it again changes nothing.
func FuzzParse(f *testing.F) {
	f.Add(`<n0:pdu xmlns:n0="http://a.example"><n1:elem2 xmlns:n1="http://b.example" xml:lang="en" b="&quot;&#10;" a="'">` +
		`x &amp; &gt;<!-- c --><![CDATA[d]]></n1:elem2></n0:pdu>`)
	f.Add(`<e xmlns="urn:d" xmlns:u="urn:u" u:a="1"><f xmlns=""><u:g/></f></e>`)
	f.Add("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<e a='1'\r\n>\r\n</e>")
	f.Add(`<!DOCTYPE e><e>&x;</e>`)
	f.Fuzz(func(t *testing.T, text string) {
		root, err := Parse([]byte(text), testLimits)
		if err != nil {
			return
		}
		canonical := string(root.Canonical(nil))
		again, err := Parse([]byte(canonical), testLimits)
		if err != nil {
			t.Fatalf("%q was accepted, but its canonical form %q was rejected: %v", text, canonical, err)
		}
		if twice := string(again.Canonical(nil)); twice != canonical {
			t.Fatalf("%q: %q is not canonical: %q", text, canonical, twice)
		}
		other := etree.NewDocument()
		if err := other.ReadFromString(canonical); err != nil || other.Root() == nil {
			return // encoding/xml accepts fewer names
		}
		theirs, err := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("").Canonicalize(other.Root())
		if err != nil {
			return
		}
		if string(theirs) != canonical {
			t.Errorf("%q: canonical form\n%q, of goxmldsig\n%q", text, canonical, theirs)
		}
	})
}
