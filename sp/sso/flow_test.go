package sso_test

import (
	"compress/flate"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"understudy/sp"
)

type authnRequest struct {
	XMLName     xml.Name `xml:"urn:oasis:names:tc:SAML:2.0:protocol AuthnRequest"`
	ID          string   `xml:",attr"`
	Destination string   `xml:",attr"`
	ACS         string   `xml:"AssertionConsumerServiceURL,attr"`
	Issuer      string   `xml:"urn:oasis:names:tc:SAML:2.0:assertion Issuer"`
}

func readRequest(t testing.TB, location string) (authnRequest, url.Values) {
	t.Helper()
	u, err := url.Parse(location)
	must(t, err)
	raw, err := base64.StdEncoding.DecodeString(u.Query().Get("SAMLRequest"))
	must(t, err)
	text, err := io.ReadAll(flate.NewReader(strings.NewReader(string(raw))))
	must(t, err)
	var q authnRequest
	must(t, xml.Unmarshal(text, &q))
	return q, u.Query()
}

func requestID(t testing.TB, location string) string {
	t.Helper()
	q, _ := readRequest(t, location)
	return q.ID
}

func TestSignOnThroughTheIdentityProvider(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	w := l.do(http.MethodGet, sp.SSOStartPath+"?next=/workbook/abc", 2, nil)
	l.keepBrowser(w)
	q, query := readRequest(t, w.Header().Get("Location"))
	if !strings.HasPrefix(w.Header().Get("Location"), loginURL+"?") || q.Destination != loginURL || q.ACS != acs || q.Issuer != entityID ||
		query.Get("RelayState") != base+"/finish-login" || query.Has("Signature") {
		t.Errorf("request %+v to %s", q, w.Header().Get("Location"))
	}
	v, cookie, to := l.signedIn(l.post(l.response(q.ID), "whatever the identity provider sends back"))
	if v.Member.ID != l.ann.MemberID || v.Session.Via != "saml" {
		t.Errorf("signed in as %+v", v)
	}
	if cookie.Path != "/sigma/demo~2/" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode ||
		to != "/sigma/demo~2/finish-login?next=%2Fworkbook%2Fabc" {
		t.Errorf("cookie %v, on to %s", cookie, to)
	}
	w = l.do(http.MethodGet, "/finish-login?next=%2Fworkbook%2Fabc", 2, nil, cookie)
	if w.Header().Get("Location") != "/sigma/demo~2/workbook/abc" {
		t.Errorf("finish-login leads to %s", w.Header().Get("Location"))
	}
	if w = l.do(http.MethodGet, "/finish-login", 2, nil); w.Header().Get("Location") != "/sigma/demo~2/login" {
		t.Errorf("finish-login without a session leads to %s", w.Header().Get("Location"))
	}
}

func TestOneSignatureIsEnough(t *testing.T) {
	l := newLab(t, sp.MethodSAMLOrPassword)
	for _, assertion := range []bool{true, false} {
		r := l.response(l.begin(0, ""))
		r.SignAssertion, r.SignResponse = assertion, !assertion
		l.signedIn(l.post(r, ""))
	}
}

func TestIdentityProviderInitiated(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	for relay, want := range map[string]string{
		base + "/finish-login":                  "/sigma/demo~3/finish-login",
		base:                                    "/sigma/demo~3/finish-login",
		base + "/workbook/abc?page=2":           "/sigma/demo~3/finish-login?next=%2Fworkbook%2Fabc%3Fpage%3D2",
		"/sigma/demo~9/folder/x":                "/sigma/demo~3/finish-login?next=%2Ffolder%2Fx",
		"/workspaces":                           "/sigma/demo~3/finish-login?next=%2Fworkspaces",
		"https://evil.test/sigma/demo/x":        "/sigma/demo~3/finish-login",
		"http://lab.test/okta/demo/admin":       "/sigma/demo~3/finish-login",
		"http://lab.test/sigma/demoevil/x":      "/sigma/demo~3/finish-login",
		"//evil.test/x":                         "/sigma/demo~3/finish-login",
		"/\\evil.test":                          "/sigma/demo~3/finish-login",
		"/sigma/demo/../../okta":                "/sigma/demo~3/finish-login?next=%2Fokta", // within this half all the same
		"javascript:alert(1)":                   "/sigma/demo~3/finish-login",
		"http://lab.test@evil.test/sigma/demo/": "/sigma/demo~3/finish-login",
		base + "/api/v2/saml2/login":            "/sigma/demo~3/finish-login",
	} {
		_, cookie, to := l.signedIn(l.postIn(3, l.response("").encode(t), relay))
		if to != want || cookie.Path != "/sigma/demo~3/" {
			t.Errorf("RelayState %q leads to %s, want %s", relay, to, want)
		}
	}
	w := l.post(l.response(""), "")
	l.refusedBy(w, "RelayState")
	if page := plain(w.Body.String()); !strings.Contains(page, "RelayState missing: set Default Relay State in the IdP") {
		t.Errorf("the page does not name the fix: %s", page)
	}
}

func TestUnknownPeopleBecomeMembers(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	r := l.response(l.begin(0, ""))
	r.NameID = "Nora@example.com"
	v, _, _ := l.signedIn(l.post(r, ""))
	if v.Member.Name() != "Nora New" || v.AccountType.Name != "Viewer" || v.Member.HomeFolderID == "" {
		t.Errorf("made %+v", v.Member)
	}
	r = l.response(l.begin(0, ""))
	r.NameID = "nora@EXAMPLE.com"
	if again, _, _ := l.signedIn(l.post(r, "")); again.Member.ID != v.Member.ID {
		t.Error("another case of the address made a second member")
	}
	r = l.response(l.begin(0, ""))
	r.NameID, r.Attributes = "full@example.com", map[string][]string{"fullName": {"Fay Full Name"}, "userRole": {"nope",
		"author"}, "userGroups": {"Red", "Unknown"}, "refreshTokenTimeoutSecs": {"3600"}}
	v, _, _ = l.signedIn(l.post(r, ""))
	v, err := l.org.Resume(t.Context(), token(t, l, "full@example.com"))
	must(t, err)
	d, err := l.org.Profile(t.Context(), v.Actor(sp.Client{}))
	must(t, err)
	if d.FirstName != "Fay" || d.LastName != "Full Name" || d.AccountType != "Creator" || len(d.Teams) != 1 || d.Teams[0].Name != "Red" {
		t.Errorf("profile %+v", d)
	}
	if length := v.Session.ExpiresAt.Sub(v.Session.CreatedAt); length != time.Hour {
		t.Errorf("the session lasts %s", length)
	}
	r = l.response(l.begin(0, ""))
	r.NameID, r.Attributes = "nameless@example.com", nil
	l.refusedBy(l.post(r, ""), "Member")
}

// token signs a member in again and returns the session token.
func token(t testing.TB, l *lab, email string) string {
	r := l.response(l.begin(0, ""))
	r.NameID, r.Attributes = email, map[string][]string{"refreshTokenTimeoutSecs": {"3600"}}
	_, cookie, _ := l.signedIn(l.post(r, ""))
	return cookie.Value
}

func TestSignedRequestVerifiesWithMetadata(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	l.authentication(sp.MethodSAML, true, signers()[0].pem())
	w := l.do(http.MethodGet, sp.SSOStartPath, 0, nil)
	_, rawQuery, _ := strings.Cut(w.Header().Get("Location"), "?")
	signedText, _, _ := strings.Cut(rawQuery, "&Signature=")
	query, err := url.ParseQuery(rawQuery)
	must(t, err)
	signature, err := base64.StdEncoding.DecodeString(query.Get("Signature"))
	must(t, err)
	_, certificate, err := l.org.SigningKey(t.Context())
	must(t, err)
	sum := sha256.Sum256([]byte(signedText))
	must(t, rsa.VerifyPKCS1v15(certificate.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], signature))
	for _, path := range []string{sp.EntityIDPath, sp.OldMetadataPath} {
		w = l.do(http.MethodGet, path, 0, nil)
		body := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(body, `entityID="`+entityID+`"`) || !strings.Contains(body, `Location="`+acs+`"`) ||
			!strings.Contains(body, base64.StdEncoding.EncodeToString(certificate.Raw)) {
			t.Errorf("%s answers %d %s", path, w.Code, body)
		}
		must(t, xml.Unmarshal([]byte(body), new(struct{ XMLName xml.Name })))
	}
}

func TestMethodPasswordHasNoSingleSignOn(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	r := l.response(l.begin(0, ""))
	l.authentication(sp.MethodPassword, false, "")
	l.refusedBy(l.post(r, ""), "Authentication method")
	if w := l.do(http.MethodGet, sp.SSOStartPath, 0, nil); w.Code != http.StatusForbidden {
		t.Errorf("start answers %d", w.Code)
	}
}

func BenchmarkValidateResponse(b *testing.B) {
	l := newLab(b, sp.MethodSAML)
	fields := make([]string, 0, b.N)
	for range b.N {
		fields = append(fields, l.response("").encode(b))
	}
	b.ResetTimer()
	for _, f := range fields {
		if w := l.postIn(0, f, base); w.Code != http.StatusSeeOther {
			b.Fatal(plain(w.Body.String()))
		}
	}
}

// During a rotation, responses may be signed with either of the two certificates that were pasted.
func TestBothCertificatesOfARotationAreTrusted(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	current, next := signers()[0], signers()[1]
	third, err := newSigner(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC))
	must(t, err)
	send := func(by signer, signResponse, signAssertion bool) int {
		r := l.response(l.begin(0, ""))
		r.Signer, r.SignResponse, r.SignAssertion = by, signResponse, signAssertion
		return l.post(r, "").Code
	}
	if code := send(next, false, true); code != http.StatusForbidden {
		t.Fatalf("before the rotation the next certificate answers %d", code)
	}
	l.authentication(sp.MethodSAML, false, current.pem()+next.pem())
	for name, by := range map[string]signer{"current": current, "next": next} {
		for _, parts := range [][2]bool{{true, false}, {false, true}, {true, true}} {
			if code := send(by, parts[0], parts[1]); code != http.StatusSeeOther {
				t.Errorf("%s, Response signed %t, Assertion signed %t: %d", name, parts[0], parts[1], code)
			}
		}
	}
	if code := send(third, true, true); code != http.StatusForbidden {
		t.Errorf("a third certificate answers %d", code)
	}
	expired, err := newSigner(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC))
	must(t, err)
	l.authentication(sp.MethodSAML, false, expired.pem()+next.pem())
	if code := send(expired, true, true); code != http.StatusForbidden {
		t.Errorf("the expired certificate answers %d", code)
	}
	if code := send(next, true, true); code != http.StatusSeeOther {
		t.Errorf("beside an expired certificate the next one answers %d", code)
	}
	l.authentication(sp.MethodSAML, false, next.pem())
	if code := send(current, true, true); code != http.StatusForbidden {
		t.Errorf("after the rotation the old certificate answers %d", code)
	}
}

// One message may be encoded in several ways (RFC 2045 section 6.8; XML 1.0 section 4.3.3).
func TestEncodingsOfAResponse(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	for name, change := range map[string]func(raw []byte) string{
		"byte order mark": func(raw []byte) string { return base64.StdEncoding.EncodeToString(append([]byte("\ufeff"), raw...)) },
		"indented lines": func(raw []byte) string {
			return "\n    " + strings.Join(lines(base64.StdEncoding.EncodeToString(raw)), "\r\n    ")
		},
		"tabs": func(raw []byte) string {
			return "\t" + strings.Join(lines(base64.StdEncoding.EncodeToString(raw)), "\n\t")
		},
		"no padding":            base64.RawStdEncoding.EncodeToString,
		"the alphabet for URLs": base64.URLEncoding.EncodeToString,
		"plus not escaped": func(raw []byte) string {
			return strings.ReplaceAll(base64.StdEncoding.EncodeToString(raw), "+", " ")
		},
		"white space before XML": func(raw []byte) string { return base64.StdEncoding.EncodeToString(append([]byte("\r\n  "), raw...)) },
	} {
		raw, err := base64.StdEncoding.DecodeString(l.response(l.begin(0, "")).encode(t))
		must(t, err)
		if w := l.postIn(0, change(raw), ""); w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

// lines cuts base64 into lines of 76 characters, as MIME does.
func lines(text string) (list []string) {
	for len(text) > 76 { // until the rest fits into one line
		list, text = append(list, text[:76]), text[76:]
	}
	return append(list, text)
}
