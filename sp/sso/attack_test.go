package sso_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"understudy/sp"
)

// evil returns an unsigned copy of the assertion with the Admin as NameID.
func evil(doc *etree.Document, id string) *etree.Element {
	e := doc.FindElement("//Assertion").Copy()
	if s := e.FindElement("./Signature"); s != nil {
		e.RemoveChild(s)
	}
	e.CreateAttr("ID", id)
	e.FindElement(".//NameID").SetText("ann@example.com")
	return e
}

// asEve sets the NameID of a response to somebody other than the Admin.
func asEve(r *response) { r.NameID = "eve@example.com" }

func TestAttacksAreRefused(t *testing.T) {
	hour := time.Hour
	for name, c := range map[string]struct {
		check  string
		change func(*response)
	}{
		"unsigned":            {"Signature", func(r *response) { r.SignAssertion, r.SignResponse = false, false }},
		"foreign certificate": {"Signature", func(r *response) { r.Signer = signers()[1] }},
		"foreign key under our certificate": {"Signature", func(r *response) {
			r.Signer.key = signers()[1].key
		}},
		"altered after signing": {"Signature", func(r *response) {
			r.After = func(d *etree.Document) { d.FindElement("//NameID").SetText("ann@example.com") }
		}},
		"altered response attribute": {"Signature", func(r *response) {
			r.After = func(d *etree.Document) { d.Root().CreateAttr("Destination", "x") }
		}},
		"SHA-1":              {"Signature", func(r *response) { r.Method = dsig.RSASHA1SignatureMethod }},
		"wrong audience":     {"Audience", func(r *response) { r.Audience = base + "/api/v2/saml2/metadata.xml" }},
		"no audience":        {"Audience", func(r *response) { r.Before = remove("AudienceRestriction") }},
		"wrong recipient":    {"Recipient", func(r *response) { r.Recipient = acs + "2" }},
		"wrong destination":  {"Destination", func(r *response) { r.Destination = "https://other.test/acs" }},
		"expired":            {"Not on or after", func(r *response) { r.NotOnOrAfter = r.Issued.Add(-4 * time.Minute) }},
		"confirmation over":  {"Confirmation time", func(r *response) { r.Confirm = r.Issued.Add(-4 * time.Minute) }},
		"no confirmation":    {"Assertion", func(r *response) { r.Before = remove("SubjectConfirmation") }},
		"not yet valid":      {"Not before", func(r *response) { r.NotBefore = r.Issued.Add(4 * time.Minute) }},
		"issued in future":   {"Not before", func(r *response) { r.Issued = r.Issued.Add(hour) }},
		"unknown request":    {"InResponseTo", func(r *response) { r.InResponseTo = "_made_up" }},
		"missing Subject":    {"Assertion", func(r *response) { r.Before = remove("Subject") }},
		"missing Conditions": {"Assertion", func(r *response) { r.Before = remove("Conditions") }},
		"missing statement":  {"Assertion", func(r *response) { r.Before = remove("AuthnStatement") }},
		"missing NameID":     {"NameID", func(r *response) { r.Before = remove("NameID") }},
		"NameID no email":    {"NameID", func(r *response) { r.NameID = "ann" }},
		"NameID transient":   {"NameID", func(r *response) { r.Format = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient" }},
		"NameID display":     {"NameID", func(r *response) { r.NameID = "Ann &lt;ann@example.com&gt;" }},
		"inactive member":    {"Member", func(r *response) { r.NameID = "ina@example.com" }},
		"status":             {"Status", func(r *response) { r.Status = "urn:oasis:names:tc:SAML:2.0:status:Responder" }},
		"issuers differ": {"Issuer", func(r *response) {
			r.Before = func(d *etree.Document) { d.Root().FindElement("./Issuer").SetText("somebody else") }
		}},
		"two assertions": {"Structure", func(r *response) {
			r.Before = func(d *etree.Document) { d.Root().AddChild(evil(d, "second")) }
		}},
		"encrypted assertion": {"Structure", func(r *response) {
			r.After = func(d *etree.Document) {
				d.FindElement("//Assertion").CreateElement("saml2:EncryptedAssertion")
			}
		}},
		"not a response": {"Structure", func(r *response) { r.After = func(d *etree.Document) { d.Root().Tag = "LogoutResponse" } }},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, sp.MethodSAML)
			r := l.response(l.begin(0, ""))
			c.change(&r)
			l.refusedBy(l.post(r, base), c.check)
		})
	}
}

func remove(tag string) func(*etree.Document) {
	return func(d *etree.Document) {
		e := d.FindElement("//" + tag)
		e.Parent().RemoveChild(e)
	}
}

// The eight forms of signature wrapping of "On Breaking SAML: Be Whoever You Want to Be" (2012), and two more.
func TestSignatureWrapping(t *testing.T) {
	wrap := map[string]struct {
		response bool
		attack   func(*etree.Document)
	}{
		"XSW1: original Response inside the signature of a forged Response": {true, func(d *etree.Document) {
			original := d.Root().Copy()
			original.RemoveChild(original.FindElement("./Signature"))
			d.Root().CreateAttr("ID", "forged")
			d.FindElement("//NameID").SetText("ann@example.com")
			d.Root().FindElement("./Signature").AddChild(original)
		}},
		"XSW2: original Response before the signature of a forged Response": {true, func(d *etree.Document) {
			original := d.Root().Copy()
			original.RemoveChild(original.FindElement("./Signature"))
			d.Root().CreateAttr("ID", "forged")
			d.FindElement("//NameID").SetText("ann@example.com")
			d.Root().InsertChildAt(d.Root().FindElement("./Signature").Index(), original)
		}},
		"XSW3: forged assertion before the original": {false, func(d *etree.Document) {
			d.Root().InsertChildAt(d.FindElement("//Assertion").Index(), evil(d, "forged"))
		}},
		"XSW4: original inside the forged assertion": {false, func(d *etree.Document) {
			forged, original := evil(d, "forged"), d.FindElement("//Assertion")
			d.Root().RemoveChild(original)
			forged.AddChild(original)
			d.Root().AddChild(forged)
		}},
		"XSW5: original without its signature behind, signature in the forged one": {false, func(d *etree.Document) {
			original := d.FindElement("//Assertion")
			copied := original.Copy()
			copied.RemoveChild(copied.FindElement("./Signature"))
			original.CreateAttr("ID", "forged")
			original.FindElement(".//NameID").SetText("ann@example.com")
			d.Root().AddChild(copied)
		}},
		"XSW6: original inside the signature of the forged assertion": {false, func(d *etree.Document) {
			original := d.FindElement("//Assertion")
			copied := original.Copy()
			copied.RemoveChild(copied.FindElement("./Signature"))
			original.CreateAttr("ID", "forged")
			original.FindElement(".//NameID").SetText("ann@example.com")
			original.FindElement("./Signature").AddChild(copied)
		}},
		"XSW7: forged assertion in Extensions": {false, func(d *etree.Document) {
			extensions := etree.NewElement("saml2p:Extensions")
			extensions.AddChild(evil(d, "forged"))
			d.Root().InsertChildAt(d.FindElement("//Assertion").Index(), extensions)
		}},
		"XSW8: original in an Object of the forged assertion's signature": {false, func(d *etree.Document) {
			original := d.FindElement("//Assertion")
			copied := original.Copy()
			copied.RemoveChild(copied.FindElement("./Signature"))
			original.CreateAttr("ID", "forged")
			original.FindElement(".//NameID").SetText("ann@example.com")
			original.FindElement("./Signature").CreateElement("ds:Object").AddChild(copied)
		}},
		"the same ID twice": {false, func(d *etree.Document) {
			d.Root().CreateAttr("ID", d.FindElement("//Assertion").SelectAttrValue("ID", ""))
		}},
		"signature moved to another element": {false, func(d *etree.Document) {
			s := d.FindElement("//Assertion/Signature")
			d.FindElement("//Subject").AddChild(s)
		}},
	}
	for name, c := range wrap {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, sp.MethodSAML)
			r := l.response(l.begin(0, ""))
			asEve(&r)
			r.SignResponse, r.SignAssertion, r.After = c.response, !c.response, c.attack
			l.refusedBy(l.post(r, base), "Structure")
		})
	}
	t.Run("reference to another element", func(t *testing.T) {
		l := newLab(t, sp.MethodSAML)
		r := l.response(l.begin(0, ""))
		r.SignResponse, r.After = false, func(d *etree.Document) {
			d.FindElement("//Assertion").CreateAttr("ID", "forged")
		}
		l.refusedBy(l.post(r, base), "Signature")
	})
}

func TestCommentInNameIDDoesNotTruncate(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	r := l.response(l.begin(0, ""))
	r.NameID = "ann@example.com.evil.test"
	r.After = func(d *etree.Document) {
		e := d.FindElement("//NameID")
		e.SetText("ann@example.com")
		e.CreateComment("")
		e.CreateText(".evil.test")
	}
	v, _, _ := l.signedIn(l.post(r, ""))
	if v.Member.Email != "ann@example.com.evil.test" || v.Member.ID == l.ann.MemberID {
		t.Fatalf("signed in as %s", v.Member.Email)
	}
}

func TestResponseIsAcceptedOnce(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	field := l.response(l.begin(0, "")).encode(t)
	l.signedIn(l.postIn(0, field, ""))
	l.refusedBy(l.postIn(0, field, ""), "InResponseTo")
	unasked := l.response("").encode(t)
	l.signedIn(l.postIn(0, unasked, base))
	l.refusedBy(l.postIn(0, unasked, base), "One-time use")
	l.now = l.now.Add(4 * time.Minute)
	l.refusedBy(l.postIn(0, unasked, base), "One-time use")
	slow := l.begin(0, "")
	l.now = l.now.Add(31 * time.Minute)
	l.refusedBy(l.post(l.response(slow), ""), "InResponseTo")
}

func TestResponseCannotDropInResponseTo(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	r := l.response(l.begin(0, ""))
	r.SignResponse = false
	r.After = func(d *etree.Document) { d.Root().RemoveAttr("InResponseTo") }
	l.refusedBy(l.post(r, base), "InResponseTo")
}

func TestLabClockDecides(t *testing.T) {
	for _, years := range []int{-3, 0, 5} {
		l := newLab(t, sp.MethodSAML)
		must(t, l.db.SetClock(t.Context(), time.Duration(years)*365*24*time.Hour, time.Time{}))
		id := l.begin(0, "")
		l.now = l.now.AddDate(0, 0, years*365)
		r := l.response(id)
		l.now = l.now.AddDate(0, 0, -years*365)
		l.signedIn(l.post(r, ""))
	}
	l := newLab(t, sp.MethodSAML)
	old, err := newSigner(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC))
	must(t, err)
	l.authentication(sp.MethodSAML, false, old.pem())
	r := l.response(l.begin(0, ""))
	r.Signer = old
	l.refusedBy(l.post(r, ""), "Certificate validity")
	r = l.response(l.begin(0, ""))
	r.NotBefore, r.NotOnOrAfter, r.Confirm = l.now.Add(2*time.Minute), l.now.Add(-2*time.Minute), l.now.Add(-2*time.Minute)
	l.authentication(sp.MethodSAML, false, signers()[0].pem())
	l.signedIn(l.post(r, "")) // within the skew
}

func TestMalformedResponses(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	encode := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	good := l.response("").text()
	entities := `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	var bomb bytes.Buffer
	w, err := flate.NewWriter(&bomb, flate.BestCompression)
	must(t, err)
	_, err = w.Write(bytes.Repeat([]byte("<a>"), 10<<20))
	must(t, err)
	must(t, w.Close())
	for name, field := range map[string]string{
		"nothing":                "",
		"not base64":             "%%%",
		"not XML":                encode("hello"),
		"cut":                    encode(good[:len(good)-20]),
		"entity expansion":       encode(strings.Replace(good, "?>", "?>"+entities, 1)),
		"external entity":        encode(strings.Replace(good, "?>", `?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, 1)),
		"processing instruction": encode(strings.Replace(good, "?>", `?><?xml-stylesheet href="x"?>`, 1)),
		"round trip":             encode(strings.Replace(good, "<saml2:Subject>", `<saml2:Subject x::="y">`, 1)),
		"compressed bomb":        base64.StdEncoding.EncodeToString(bomb.Bytes()),
		"deep":                   encode(strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000)),
		"wide":                   encode("<a>" + strings.Repeat("<b/>", 50000) + "</a>"),
		"too long":               encode("<a>" + strings.Repeat("x", 300<<10) + "</a>"),
		"huge":                   strings.Repeat("A", 5<<20),
		"other encoding":         encode(strings.Replace(good, "UTF-8", "UTF-7", 1)),
	} {
		t.Run(name, func(t *testing.T) {
			l.t = t
			l.refusedBy(l.postIn(0, field, ""), "Well-formed")
		})
	}
	l.t = t
	l.refusedBy(l.do(http.MethodGet, sp.ACSPath+"?SAMLResponse="+url.QueryEscape(encode(good)), 0, nil), "Well-formed")
}

func TestErrorPageStaysInWindow(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	r := l.response(l.begin(4, ""))
	r.Audience = "x"
	w := l.post(r, "")
	l.refusedBy(w, "Audience")
	if !strings.Contains(w.Body.String(), `href="/sigma/demo~4/login"`) {
		t.Error("the link to sign-in leaves the window")
	}
	if strings.Count(plain(w.Body.String()), "passed") < 10 {
		t.Errorf("the list does not show what passed: %s", plain(w.Body.String()))
	}
}
