package address

import (
	"strings"
	"testing"
)

func TestURLsThatPeopleType(t *testing.T) {
	for text, want := range map[string]string{
		"https://idp.example/sso":                         "",
		"http://idp.example:8080/sso?tenant=1#part":       "",
		"HTTPS://IDP.example":                             "",
		"https://idp.example/a?note=Signature":            "",
		"":                                                "begins with http",
		"idp.example/sso":                                 "begins with http",
		"/app/sso":                                        "begins with http",
		"//idp.example/sso":                               "begins with http",
		"javascript:alert(1)":                             "begins with http",
		"ftp://idp.example":                               "begins with http",
		"mailto:ann@idp.example":                          "begins with http",
		"https://idp.example/s so":                        "valid URL",
		"https://idp.example/\n":                          "valid URL",
		"https://idp.example/%zz":                         "valid URL",
		"https:///sso":                                    "no host name",
		"https://:443/sso":                                "no host name",
		"https://ann:secret@idp.example":                  "user name or password",
		"https://idp.example:0/":                          "port",
		"https://idp.example:65536/":                      "port",
		"https://idp.example/?SAMLRequest=abc":            "(SAMLRequest)",
		"https://idp.example/?a=b&RelayState=":            "(RelayState)",
		"https://idp.example/?%53igAlg=x#top":             "(SigAlg)",
		"https://idp.example/?a&Signature":                "(Signature)",
		"https://idp.example/?SAMLResponse=abc&Other=1#x": "(SAMLResponse)",
	} {
		got := URLProblem(text)
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Only the addresses of a product's half are accepted of this server; other servers are not judged, also on this machine.
func TestURLOfThisServerLeadsToTheProductThatTheFieldIsAbout(t *testing.T) {
	at := Address{Origin: "http://127.0.0.1:8080", Reached: "http://localhost:8080", Prefix: "/okta/demo",
		Aliases: []Alias{{Public: "https://acme.okta.example", Real: "http://127.0.0.1:8080/okta/demo"}},
		Serves:  func(host string) bool { return host == "demo.okta.test:8080" || host == "training.example:8080" }}
	for text, half := range map[string]string{
		"http://127.0.0.1:8080/okta/demo/app/x/sso/saml":    "okta",
		"http://localhost:8080/okta/demo~2/app":             "okta",
		"http://127.0.0.2:8080//sigma/demo/scim/v2":         "sigma",
		"http://[::1]:8080/sigma/other/scim/v2":             "sigma",
		"http://training.example:8080/sigma/demo/scim/v2":   "sigma",
		"http://demo.okta.test:8080/app/x":                  "okta",
		"http://demo.okta.test:8080/sigma/demo/scim/v2":     "sigma",
		"https://acme.okta.example/app/x":                   "okta",
		"http://127.0.0.1:8080":                             "",
		"http://127.0.0.1:8080/control/v1/labs":             "",
		"http://LOCALHOST.:8080/control/v1/labs":            "",
		"http://training.example:8080/labs/demo":            "",
		"http://127.0.0.1:8080/okta/../control/v1/labs":     "",
		"http://127.0.0.1:8080/okta/%2e%2e/control/v1/labs": "",
		"http://127.0.0.1:8080/oktax":                       "",
		"http://127.0.0.1:8080/static/lab.css#/okta/":       "",
		"https://idp.example/control/v1/labs":               "any",
		"http://127.0.0.1:9090/scim":                        "any",
		"https://acme.sigmacomputing.com/x":                 "any",
	} {
		for _, field := range []string{"okta", "sigma"} {
			got, want := at.HalfProblem(text, field) == "", half == "any" || half == field
			if got != want {
				t.Errorf("%s in a field about %s: accepted %v, want %v", text, field, got, want)
			}
		}
	}
	if (Address{}).HalfProblem("http://127.0.0.1:8080/control/v1/labs", "okta") != "" {
		t.Error("a URL without a request is judged")
	}
}

// A browser does not send what follows "#", so the message comes before it. It replaces another message.
func TestMessageIsAddedToAURL(t *testing.T) {
	for target, want := range map[string]string{
		"https://idp.example/sso":                                 "https://idp.example/sso?SAMLRequest=x",
		"https://idp.example/sso?a=b":                             "https://idp.example/sso?a=b&SAMLRequest=x",
		"https://idp.example/sso?":                                "https://idp.example/sso?SAMLRequest=x",
		"https://idp.example/sso?a=b&":                            "https://idp.example/sso?a=b&SAMLRequest=x",
		"https://idp.example/sso#/login":                          "https://idp.example/sso?SAMLRequest=x#/login",
		"https://idp.example/sso?a=b#c?d":                         "https://idp.example/sso?a=b&SAMLRequest=x#c?d",
		"https://idp.example/#":                                   "https://idp.example/?SAMLRequest=x#",
		"https://idp.example/sso?SAMLRequest=old&a=%C3%A4+b;c":    "https://idp.example/sso?a=%C3%A4+b;c&SAMLRequest=x",
		"https://idp.example/?RelayState=&SigAlg=1&Signature=2#f": "https://idp.example/?SAMLRequest=x#f",
		"https://idp.example/?%53AMLRequest=old&SAMLRequest":      "https://idp.example/?SAMLRequest=x",
	} {
		if got := WithMessage(target, "SAMLRequest=x"); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
}

func TestURLsThatLeadToThisServer(t *testing.T) {
	a := Address{
		Origin: "https://labs.example.org", Reached: "http://192.168.1.20:8080", Aliases: []Alias{{Public: "http://app.sigma.example", Real: "x"}},
		Serves: func(host string) bool { return host == "demo.okta.test:8080" },
	}
	for text, want := range map[string]bool{
		"https://labs.example.org/okta/demo":   true,
		"http://192.168.1.20:8080/okta/demo":   true,
		"http://demo.okta.test:8080/sso":       true,
		"http://app.sigma.example/sso":         true,
		"http://localhost:9000/sso":            true,
		"http://demo.okta.localhost/sso":       true,
		"http://127.8.0.1/sso":                 true,
		"http://[::1]:8080/sso":                true,
		"http://labs.example.org/okta/demo":    false,
		"http://192.168.1.21:8080/okta/demo":   false,
		"http://localhost.example/sso":         false,
		"http://127.0.0.1.example/sso":         false,
		"http://app.sigma.example.org/sso":     false,
		"http://idp.example/?http://localhost": false,
	} {
		if got := a.Leads(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
