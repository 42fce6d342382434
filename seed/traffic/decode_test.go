package traffic

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const request = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"` +
	` xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r1" ForceAuthn="true"` +
	` AssertionConsumerServiceURL="https://sp.example/acs"><saml:Issuer>https://sp.example</saml:Issuer></samlp:AuthnRequest>`

func deflated(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUnwrapReadsEveryFormOfAMessage(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString([]byte(request))
	packed := base64.StdEncoding.EncodeToString(deflated(t, request))
	for name, pastedText := range map[string]string{
		"XML":                     "\n  " + request + "\n",
		"base64":                  plain,
		"base64 without padding":  strings.TrimRight(plain, "="),
		"base64 with line breaks": plain[:40] + "\r\n" + plain[40:80] + "\n  " + plain[80:],
		"XML with a mark":         "\ufeff" + request,
		"base64 of a mark":        base64.StdEncoding.EncodeToString([]byte("\ufeff" + request)),
		"deflated with a mark":    base64.StdEncoding.EncodeToString(deflated(t, "\ufeff"+request)),
		"base64url":               base64.RawURLEncoding.EncodeToString([]byte(request)),
		"percent-encoded":         url.QueryEscape(plain),
		"deflated":                packed,
		"deflated, encoded":       url.QueryEscape(packed),
		"URL":                     "https://idp.example/sso?SAMLRequest=" + url.QueryEscape(packed) + "&RelayState=%2Fhome#top",
		"query":                   "SAMLRequest=" + url.QueryEscape(packed) + "&RelayState=%2Fhome",
		"form body":               "RelayState=x&SAMLResponse=" + url.QueryEscape(plain),
		"form body, not encoded":  "SAMLRequest=" + packed,
	} {
		got, err := unwrap(pastedText)
		if err != nil || got.XML != request {
			t.Errorf("%s: %v, %q", name, err, got.XML)
		}
		if strings.Contains(pastedText, "%2Fhome") && got.RelayState != "/home" {
			t.Errorf("%s: RelayState %q", name, got.RelayState)
		}
	}
}

func TestUnwrapErrors(t *testing.T) {
	bomb := base64.StdEncoding.EncodeToString(deflated(t, strings.Repeat("<a>", maxMessage)))
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":       {"  ", errNothing},
		"a sentence":    {"please sign me in!", errUnwrap},
		"other base64":  {base64.StdEncoding.EncodeToString([]byte("hello")), errUnwrap},
		"a bomb":        {bomb, errInflated},
		"too long":      {strings.Repeat("A", maxPasted+1), errTooLong},
		"another query": {"https://idp.example/?a=b", errUnwrap},
	} {
		if _, err := unwrap(c.text); err != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadSAMLRejectsDangerousXML(t *testing.T) {
	for name, text := range map[string]string{
		"document type": `<!DOCTYPE a [<!ENTITY b "c">]><Response>&b;</Response>`,
		"nesting":       strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100),
		"not closed":    "<Response>",
		"empty":         "",
		"too long":      "<a>" + strings.Repeat("x", maxMessage) + "</a>",
	} {
		if m, err := readSAML(text); err == nil {
			t.Errorf("%s was accepted: %+v", name, m)
		}
	}
	m, err := readSAML(request)
	if err != nil || m.Kind != "AuthnRequest" || m.Issuer != "https://sp.example" || !m.ForceAuthn || m.ACS != "https://sp.example/acs" {
		t.Errorf("%v: %+v", err, m)
	}
}

// A message with missing parts is explained in complete sentences, and indentation cannot make a message larger than
// maxPretty.
func TestReadSAMLOfIncompleteAndDeepMessages(t *testing.T) {
	m, err := readSAML(`<Response><Issuer>me</Issuer><Assertion><Subject><NameID>a@b</NameID></Subject></Assertion></Response>`)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.sentences() {
		if strings.Contains(s, " .") || strings.Contains(s, "  ") || strings.Contains(s, " )") {
			t.Errorf("%q", s)
		}
	}
	deep := strings.Repeat("<a>", 55) + strings.Repeat("<a/>", 50_000) + strings.Repeat("</a>", 55)
	if m, err = readSAML(deep); err != nil || len(m.Pretty) > maxPretty {
		t.Error(len(m.Pretty), err)
	}
}

// FuzzDecode checks that no pasted text makes the decoder panic, exceed maxPasted or write an empty sentence.
func FuzzDecode(f *testing.F) {
	f.Add(request)
	f.Add("SAMLRequest=" + base64.StdEncoding.EncodeToString(deflated(f, request)))
	f.Add(`<Response><Status><StatusCode Value="x:y"/></Status><Assertion><Subject><NameID>a<!-- -->b</NameID></Subject></Assertion></Response>`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := unwrap(text)
		if err != nil {
			return
		}
		if len(p.XML) > maxPasted {
			t.Fatalf("the decoded message has %d bytes", len(p.XML))
		}
		m, err := readSAML(p.XML)
		if err != nil {
			return
		}
		for _, s := range m.sentences() {
			if strings.TrimSpace(s) == "" {
				t.Fatalf("an empty sentence for %q", p.XML)
			}
		}
		_ = m.summary(systemSigma, systemOkta)
	})
}

func TestLogoutMessagesAreExplained(t *testing.T) {
	const open = ` xmlns="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="x" ` +
		`IssueInstant="2026-11-02T09:00:00Z" InResponseTo="asked"><a:Issuer>https://sp.example</a:Issuer>`
	for message, want := range map[string]struct{ summary, sentence string }{
		"<LogoutRequest" + open + "<a:NameID>maya</a:NameID></LogoutRequest>": {
			"Wiki asks Okta to sign maya out", "The sender asks the receiver to end the session of “maya”."},
		"<LogoutResponse" + open + `<Status><StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></Status></LogoutResponse>`: {
			"Wiki responds to a logout request: Success", "It is the response to the request asked."},
	} {
		m, err := readSAML(message)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.summary("Wiki", "Okta"); got != want.summary {
			t.Errorf("summary %q, want %q", got, want.summary)
		}
		if got := m.sentences(); !slices.Contains(got, want.sentence) {
			t.Errorf("sentences %q, want %q", got, want.sentence)
		}
	}
}
