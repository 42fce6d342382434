package okta

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func render(t *testing.T, page templ.Component) string {
	t.Helper()
	var html strings.Builder
	if err := page.Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	return html.String()
}

// Wrong credentials are one error of the whole form, so that the page does not reveal whether the username exists.
func TestSignInHidesWhichCredentialIsWrong(t *testing.T) {
	html := render(t, SignIn(SignInForm{Username: "eva.ember@example.com", BadCredentials: true}))
	if !strings.Contains(html, "Unable to sign in") {
		t.Error("the page does not say: Unable to sign in")
	}
	if strings.Contains(html, `aria-invalid="true"`) {
		t.Error("a field is marked as invalid")
	}
	if !strings.Contains(html, `value="eva.ember@example.com"`) {
		t.Error("the page does not show the typed username again")
	}
}

// The page for a SAML response posts both fields of the HTTP-POST binding to the service provider.
func TestPostSAMLResponseHasTheFieldsOfTheBinding(t *testing.T) {
	html := render(t, PostSAMLResponse(SAMLResponsePage{
		Action: "https://sp.example/acs", SAMLResponse: "PHg+", RelayState: "state & more",
	}))
	for _, want := range []string{
		`method="post" action="https://sp.example/acs"`,
		`name="SAMLResponse" value="PHg+"`,
		`name="RelayState" value="state &amp; more"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not contain %s", want)
		}
	}
}
