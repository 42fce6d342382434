package sso_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/crewjam/saml"

	"understudy/sp"
)

// foreign is an identity provider made with crewjam/saml.
type foreign struct {
	t  testing.TB
	sp *saml.EntityDescriptor
}

// GetServiceProvider implements saml.ServiceProviderProvider.
func (f foreign) GetServiceProvider(_ *http.Request, id string) (*saml.EntityDescriptor, error) {
	if id != f.sp.EntityID {
		return nil, os.ErrNotExist
	}
	return f.sp, nil
}

// MakeAssertion implements saml.AssertionMaker. It adds the format of NameID that Sigma needs.
func (f foreign) MakeAssertion(q *saml.IdpAuthnRequest, s *saml.Session) error {
	if err := (saml.DefaultAssertionMaker{}).MakeAssertion(q, s); err != nil {
		return err
	}
	q.Assertion.Subject.NameID.Format = string(saml.EmailAddressNameIDFormat)
	return nil
}

func TestCrewjamIdentityProvider(t *testing.T) {
	l := newLab(t, sp.MethodSAML)
	l.now = time.Now() // the library knows no other clock
	var metadata saml.EntityDescriptor
	must(t, xml.Unmarshal(l.do(http.MethodGet, sp.EntityIDPath, 0, nil).Body.Bytes(), &metadata))
	sso, err := url.Parse(loginURL)
	must(t, err)
	f := foreign{t, &metadata}
	idp := saml.IdentityProvider{Key: signers()[0].key, Certificate: signers()[0].certificate, MetadataURL: *sso, SSOURL: *sso,
		ServiceProviderProvider: f, AssertionMaker: f, SignatureMethod: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"}

	started := l.do(http.MethodGet, sp.SSOStartPath, 0, nil)
	l.keepBrowser(started)
	location := started.Header().Get("Location")
	q, err := saml.NewIdpAuthnRequest(&idp, httptest.NewRequest(http.MethodGet, location, nil))
	must(t, err)
	must(t, q.Validate())
	must(t, f.MakeAssertion(q, &saml.Session{NameID: "ann@example.com", Index: "1", CreateTime: l.now}))
	form, err := q.PostBinding()
	must(t, err)
	if form.URL != acs {
		t.Errorf("the response goes to %s", form.URL)
	}
	v, _, _ := l.signedIn(l.postIn(0, form.SAMLResponse, form.RelayState))
	if v.Member.ID != l.ann.MemberID {
		t.Errorf("signed in as %s", v.Member.Email)
	}
}
