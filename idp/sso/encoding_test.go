package sso_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

// encodings lists the ways in which service providers write the same message as base64 text.
var encodings = map[string]func(xml string) string{
	"plain":                   encoded,
	"byte order mark":         func(xml string) string { return encoded("\ufeff" + xml) },
	"mark and white space":    func(xml string) string { return encoded("\ufeff\r\n " + xml) },
	"white space before":      func(xml string) string { return encoded("\r\n\t " + xml) },
	"lines":                   func(xml string) string { return wrapped(encoded(xml), "\r\n") },
	"indented by spaces":      func(xml string) string { return "\n    " + wrapped(encoded(xml), "\r\n    ") + "\n" },
	"indented by tabs":        func(xml string) string { return "\n\t" + wrapped(encoded(xml), "\n\t") + "\n" },
	"folded by single spaces": func(xml string) string { return wrapped(encoded(xml), " ") },
	"form feeds":              func(xml string) string { return wrapped(encoded(xml), "\f\v") },
	"no padding":              func(xml string) string { return strings.TrimRight(encoded(xml), "=") },
	"base64url":               func(xml string) string { return base64.URLEncoding.EncodeToString([]byte(xml)) },
	"UTF-16, little endian":   func(xml string) string { return encoded(inUTF16("\ufeff"+xml, binary.LittleEndian)) },
	"UTF-16, big endian, declared": func(xml string) string {
		return encoded(inUTF16("\ufeff<?xml version='1.0' encoding='utf-16'?>"+xml, binary.BigEndian))
	},
	"unescaped plus": func(xml string) string { return strings.ReplaceAll(encoded(xml), "+", " ") },
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func inUTF16(text string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func wrapped(text, between string) string {
	return regexp.MustCompile(`.{76}`).ReplaceAllString(text, "$0"+between)
}

func TestRequestIsReadInEachEncodingAndBinding(t *testing.T) {
	lab, app := open(t)
	b := lab.SignedIn(t, ada)
	n := 0
	for name, encode := range encodings {
		for binding, send := range map[string]func(form url.Values) *orgtest.Page{
			"Redirect": func(form url.Values) *orgtest.Page { return b.Get(app.SSOPath() + "?" + form.Encode()) },
			"POST":     func(form url.Values) *orgtest.Page { return b.Post(app.SSOPath(), form) },
		} {
			n++
			id := fmt.Sprintf("id-%d", n)
			// The characters ">>>???" make "+" and "/" likely in base64.
			request := fmt.Sprintf(plain, id, `ProviderName="ÿþ&gt;&gt;&gt;???~~~>>>???"`)
			message := string(delivered(t, send(url.Values{"SAMLRequest": {encode(request)}})))
			if !strings.Contains(message, `InResponseTo="`+id+`"`) {
				t.Errorf("%s, %s: the response does not answer the request", name, binding)
			}
		}
	}
}

func TestAuthnInstantIsTheTimeOfTheSignIn(t *testing.T) {
	lab, app := open(t)
	b := lab.SignedIn(t, ada)
	if err := lab.DB.SetClock(t.Context(), 47*time.Minute, time.Time{}); err != nil {
		t.Fatal(err)
	}
	for _, start := range []string{app.SSOPath(), app.SSOPath() + "?SAMLRequest=" + deflate(t, fmt.Sprintf(plain, "later", ""))} {
		message := delivered(t, b.Get(start))
		var response struct {
			Assertion struct {
				IssueInstant   time.Time `xml:",attr"`
				AuthnStatement struct {
					AuthnInstant time.Time `xml:",attr"`
				}
			}
		}
		if err := xml.Unmarshal(message, &response); err != nil {
			t.Fatal(err)
		}
		age := response.Assertion.IssueInstant.Sub(response.Assertion.AuthnStatement.AuthnInstant)
		if age < 46*time.Minute || age > 48*time.Minute {
			t.Errorf("%s: AuthnInstant is %v before the issue time, want 47 minutes", start, age)
		}
	}
}

// A service provider compares its address and its entity ID byte for byte (SAML core 2.5.1.4, profiles 4.1.4.2).
func TestServiceProviderFindsItsOwnAddressesInTheResponse(t *testing.T) {
	lab, _ := open(t)
	for _, own := range []string{
		"http://localhost:9/acs/", "http://localhost:9/acs", "http://localhost:9/a//b//", "http://LocalHost:9/Acs?x=1&y=%2f",
		"http://localhost:9", "http://localhost:9/", "http://localhost:9/acs#part", "http://localhost:9/%61cs/;v=1",
	} {
		entity := strings.Replace(own, "acs", "md", 1)
		app := addWizardApp(t, lab, "SP at "+own, own, entity)
		request := fmt.Sprintf(plain, "id-1", `AssertionConsumerServiceURL="`+strings.ReplaceAll(own, "&", "&amp;")+`"`)
		page := lab.SignedIn(t, ada).Get(app.SSOPath() + "?SAMLRequest=" + deflate(t, request))
		message := string(delivered(t, page))
		escaped := strings.ReplaceAll(own, "&", "&amp;")
		for _, want := range []string{`Destination="` + escaped + `"`, `Recipient="` + escaped + `"`,
			"<saml2:Audience>" + strings.ReplaceAll(entity, "&", "&amp;") + "</saml2:Audience>"} {
			if !strings.Contains(message, want) {
				t.Errorf("the response has no %s", want)
			}
		}
		if action, _ := page.Doc.Find("form#appForm").Attr("action"); action != own {
			t.Errorf("the form goes to %s, want %s", action, own)
		}
	}
}

// addWizardApp adds an app of Create App Integration and assigns it to ada.
func addWizardApp(t *testing.T, lab *orgtest.Lab, label, acs, audience string) idp.App {
	t.Helper()
	system := idp.System(idp.Client{})
	app, err := lab.Org.AddApp(lab.Context(t), system, idp.NewApp{CatalogKey: "custom_saml", Label: label,
		Fields: map[string]string{"acs": acs, "audience": audience}})
	if err != nil {
		t.Fatal(err)
	}
	user, err := lab.Org.User(lab.Context(t), ada)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lab.Org.AssignUser(lab.Context(t), system, app.ID, user.ID, idp.Assignment{}); err != nil {
		t.Fatal(err)
	}
	return app
}
