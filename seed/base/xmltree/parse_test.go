package xmltree

import (
	"errors"
	"strings"
	"testing"
)

var testLimits = Limits{Depth: 40, Elements: 1000}

func TestParse(t *testing.T) {
	root, err := Parse([]byte("\ufeff<?xml version='1.0' encoding=\"UTF-8\" standalone='yes' ?>\r\n<!-- before -->"+
		"<a:r xmlns:a='urn:a' xmlns='urn:d' a:x='1' x=\"tab\there&#9;there\r\nnew\" xml:lang='en'>"+
		"one<!-- cut -->two<![CDATA[<&]]>\r\nthree&amp;&#x41;<e/><a:e xmlns=''><f/></a:e></a:r>\n<!-- behind -->"), testLimits)
	if err != nil {
		t.Fatal(err)
	}
	if !root.Is("urn:a", "r") || root.Attr("x") != "tab here\tthere new" || len(root.Attributes) != 3 {
		t.Errorf("%+v", root)
	}
	if x := root.Attributes[0]; x.Space != "urn:a" || x.Local != "x" || x.Value != "1" {
		t.Errorf("%+v", x)
	}
	if got := root.Children[0].Text; got != "onetwo<&\nthree&A" {
		t.Errorf("%q", got)
	}
	if root.Text() != "" {
		t.Error("an element with child elements has a text")
	}
	if root.Only("urn:d", "e") == nil || root.Only("urn:a", "e").Only("", "f") == nil || root.Only("", "e") != nil {
		t.Error("the default namespace is not resolved")
	}
	if got := string(root.Children[1].Element.Canonical(nil)); got != `<e xmlns="urn:d"></e>` {
		t.Error(got)
	}
}

func TestOnlyNeedsExactlyOneChild(t *testing.T) {
	root, err := Parse([]byte("<r><a/><a/><b>x</b></r>"), testLimits)
	if err != nil {
		t.Fatal(err)
	}
	if root.Only("", "a") != nil || len(root.All("", "a")) != 2 || root.Only("", "b").Text() != "x" {
		t.Errorf("%+v", root)
	}
	var none *Element
	if none.Only("", "a") != nil || none.All("", "a") != nil || none.Attr("x") != "" || none.Text() != "" || none.Is("", "") {
		t.Error("a nil element has content")
	}
}

func TestParseRejects(t *testing.T) {
	for text, want := range map[string]error{
		"":                 ErrMalformed,
		"text":             ErrMalformed,
		"<a>":              ErrMalformed,
		"<a></b>":          ErrMalformed,
		"<a></a><b/>":      ErrMalformed,
		"<a></a>text":      ErrMalformed,
		"<a b=c/>":         ErrMalformed,
		"<a b='1' b='2'/>": ErrMalformed,
		"<a b='1'c='2'/>":  ErrMalformed,
		"<a b='<'/>":       ErrMalformed,
		"<a xmlns:p='u' xmlns:q='u' p:x='' q:x=''/>": ErrMalformed, // the same attribute twice
		"<a xmlns:p='u' xmlns:p='v'/>":               ErrMalformed,
		"<p:a/>":                                     ErrMalformed,
		"<a p:b=''/>":                                ErrMalformed,
		"<a:b:c xmlns:a='u'/>":                       ErrMalformed,
		"<:a/>":                                      ErrMalformed,
		"<a: xmlns:a='u'/>":                          ErrMalformed,
		"<xmlns:a/>":                                 ErrMalformed,
		"<a xmlns:p=''/>":                            ErrMalformed,
		"<a xmlns:xml='u'/>":                         ErrMalformed,
		"<a xmlns:xmlns='u'/>":                       ErrMalformed,
		"<a xmlns='http://www.w3.org/2000/xmlns/'/>":          ErrMalformed,
		"<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>": ErrMalformed,
		"<1/>":                       ErrMalformed,
		"< a/>":                      ErrMalformed,
		"<a>&unknown;</a>":           ErrMalformed,
		"<a>&amp</a>":                ErrMalformed,
		"<a>&#0;</a>":                ErrMalformed,
		"<a>&#xD800;</a>":            ErrMalformed,
		"<a>&#x110000;</a>":          ErrMalformed,
		"<a>&#99999999999;</a>":      ErrMalformed,
		"<a>&#+65;</a>":              ErrMalformed,
		"<a>&#x4_1;</a>":             ErrMalformed,
		"<a>&x41;</a>":               ErrMalformed,
		"<a>&#X41;</a>":              ErrMalformed,
		"<a>]]></a>":                 ErrMalformed,
		"<a>\x01</a>":                ErrMalformed,
		"<a>\uffff</a>":              ErrMalformed,
		"<a>\xff</a>":                ErrMalformed,
		"<a><!-- -- --></a>":         ErrMalformed,
		"<a><!-- --->-</a>":          ErrMalformed,
		"<a><![CDATA[x</a>":          ErrMalformed,
		"<![CDATA[x]]>":              ErrMalformed,
		"<a/><![CDATA[x]]>":          ErrMalformed,
		"<!ELEMENT a ANY><a/>":       ErrMalformed,
		"<?xml version='1.1'?><a/>":  ErrMalformed,
		"<?xml?><a/>":                ErrInstruction,
		" <?xml version='1.0'?><a/>": ErrInstruction,
		"<?xml version='1.0' encoding='UTF-16'?><a/>":  ErrMalformed,
		"<?xml encoding='UTF-8' version='1.0'?><a/>":   ErrMalformed,
		"<?xml version='1.0' standalone='maybe'?><a/>": ErrMalformed,
		"<?xml-stylesheet href='x'?><a/>":              ErrInstruction,
		"<a><?php evil ?></a>":                         ErrInstruction,
		"<a/><?x?>":                                    ErrInstruction,
		"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>":     ErrDocumentType,
		"<a><!DOCTYPE a></a>":                          ErrDocumentType,
		strings.Repeat("<a>", 41):                      ErrTooDeep,
		"<r>" + strings.Repeat("<a/>", 1000) + "</r>":  ErrTooMany,
		"<r xmlns:a='u'" + many() + "/>":               ErrTooMany,
	} {
		if _, err := Parse([]byte(text), testLimits); !errors.Is(err, want) {
			t.Errorf("%.60q: %v, want %v", text, err, want)
		}
	}
}

// many returns maxAttributes attributes. The element that uses them also has a namespace declaration, which exceeds the
// limit.
func many() string {
	var b strings.Builder
	for n := range maxAttributes {
		b.WriteString(" a" + strings.Repeat("x", n) + "=''")
	}
	return b.String()
}
