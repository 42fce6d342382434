package console_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"understudy/idp"
	"understudy/idp/internal/orgtest"
)

// certificatePEM returns a new certificate for a key, in PEM form.
func certificatePEM(t *testing.T, public, private any) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func rsaPEM(t *testing.T, bits int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return certificatePEM(t, key.Public(), key)
}

// wizard creates an app by Create App Integration and returns the page of its SAML Settings.
func wizard(t *testing.T, admin *orgtest.Browser) *orgtest.Page {
	t.Helper()
	page := admin.Get("/admin/apps/create").Submit("Next", nil).Submit("Next", orgtest.Values{"App name": "Wiki"})
	page = page.Submit("Finish", orgtest.Values{"Single sign-on URL": "https://wiki.example/acs/", "Audience URI (SP Entity ID)": "wiki"})
	return page.Want(http.StatusOK, "Wiki was created").Click("General").Want(http.StatusOK, "SAML Settings", "https://wiki.example/acs/")
}

// editPath is the address of SAML Settings in edit mode.
func editPath(page *orgtest.Page) string {
	return strings.TrimPrefix(strings.TrimSuffix(page.URL.Path, "general"), "/okta/demo") + "general/saml"
}

// formValues returns what the form with an action that ends so would send.
func formValues(page *orgtest.Page, action string) url.Values {
	form := page.Doc.Find("form").FilterFunction(func(_ int, f *goquery.Selection) bool {
		return strings.HasSuffix(f.AttrOr("action", ""), action)
	})
	sent := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, c *goquery.Selection) {
		name, kind := c.AttrOr("name", ""), c.AttrOr("type", "")
		_, checked := c.Attr("checked")
		switch {
		case name == "" || kind == "checkbox" && !checked:
		case goquery.NodeName(c) == "textarea":
			sent.Add(name, strings.TrimPrefix(c.Text(), "\n"))
		case goquery.NodeName(c) == "select":
			chosen := c.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = c.Find("option").First()
			}
			sent.Add(name, chosen.AttrOr("value", ""))
		default:
			sent.Add(name, c.AttrOr("value", ""))
		}
	})
	return sent
}

// Every field of Configure SAML is saved and shown again as it was typed. The test finds the fields on the page, so that a
// new field is tested, too.
func TestEveryFieldOfConfigureSAMLIsKept(t *testing.T) {
	lab, admin := open(t)
	path := editPath(wizard(t, admin))
	certificate := rsaPEM(t, 2048)
	own := map[string][]string{ // fields whose value must have a form
		"acs": {"https://wiki.example/other/"}, "recipient": {"https://wiki.example/r/"}, "destination": {"https://wiki.example/d/"},
		"otherUrl": {"https://wiki.example/1/", "https://wiki.example/2"}, "otherIndex": {"1", "65535"},
		"logoutUrl": {"https://wiki.example/out/"}, "logoutRequestUrl": {"https://wiki.example/slo/"},
		"encryptionCertificate": {certificate}, "signatureCertificate": {certificate},
		"attributeName": {"mail"}, "attributeFormat": {"basic"}, "attributeValue": {"user.email"},
		"groupName": {"groups"}, "groupFormat": {"uri"}, "groupFilter": {"REGEX"}, "groupFilterValue": {"^Mark.*"},
		"userNameFormat": {"custom"}, "userNameTemplate": {"user.email"}, "assertionSigned": {"unsigned"}, "responseSigned": {"signed"},
	}
	page := admin.Get(path)
	sent := url.Values{}
	page.Doc.Find("form[action$='general/saml']").Find("input, select, textarea").Each(func(_ int, c *goquery.Selection) {
		name := c.AttrOr("name", "")
		switch {
		case name == "" || name == "sameUrl" || name == "signedRequests": // exclude other fields; tested below
		case own[name] != nil:
			sent[name] = own[name]
		case c.AttrOr("type", "") == "checkbox":
			sent.Set(name, c.AttrOr("value", ""))
		case goquery.NodeName(c) == "select":
			sent.Set(name, c.Find("option").Last().AttrOr("value", ""))
		default:
			sent.Set(name, "text of "+name+"/")
		}
	})
	if len(sent) < 30 {
		t.Fatalf("the form has only the fields %v", sent)
	}
	admin.Post(path, sent).Want(http.StatusOK, "The SAML settings were saved", "https://wiki.example/r/", "AES128-CBC, RSA-1.5")
	shown := formValues(admin.Get(path), "general/saml")
	for name, want := range sent {
		for i, value := range want {
			if i >= len(shown[name]) || shown[name][i] != value {
				t.Errorf("%s: %q is shown as %q", name, want, shown[name])
				break
			}
		}
	}
	for _, name := range []string{"sameUrl", "signedRequests"} {
		if shown.Has(name) {
			t.Errorf("%s is on", name)
		}
	}
	// The Sign On tab keeps what it does not show.
	admin.Get(strings.Replace(path, "general/saml", "sign-on/edit", 1)).Submit("Save", nil).Want(http.StatusOK, "saved", "Matches regex ^Mark.*")
	if after := formValues(admin.Get(path), "general/saml"); after.Encode() != shown.Encode() {
		t.Errorf("the Sign On tab changed %v into %v", shown, after)
	}
	events, err := lab.Org.Log(t.Context(), idp.LogQuery{Text: `eventType eq "application.lifecycle.update"`})
	if err != nil || len(events.Events) != 2 {
		t.Errorf("%d events, %v", len(events.Events), err)
	}
}

func TestConfigureSAMLRefusesWithTheTypedValuesAtTheField(t *testing.T) {
	_, admin := open(t)
	path := editPath(wizard(t, admin))
	good := formValues(admin.Get(path), "general/saml")
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certificate, huge, elliptical := rsaPEM(t, 2048), longKey(t), certificatePEM(t, ec.Public(), ec)
	for _, tt := range []struct {
		change          map[string]string
		field, sentence string
	}{
		{map[string]string{"acs": ""}, "acs", "Single sign-on URL is required."},
		{map[string]string{"acs": "wiki.example/acs"}, "acs", "must be a URL"},
		{map[string]string{"acs": "javascript:alert(1)"}, "acs", "must be a URL"},
		{map[string]string{"recipient": "x", "sameUrl": ""}, "recipient", "must be a URL"},
		{map[string]string{"destination": "https://x.example/ ", "sameUrl": ""}, "destination", "white space"},
		{map[string]string{"recipient": "https://x.example/" + strings.Repeat("a", 1024), "sameUrl": ""}, "recipient", "too long"},
		{map[string]string{"responseSigned": "unsigned", "assertionSigned": "unsigned"}, "assertionSigned", "Sign the response"},
		{map[string]string{"nameIdFormat": "urn:own"}, "nameIdFormat", "Choose one"},
		{map[string]string{"userNameFormat": "custom"}, "userNameTemplate", "Enter the expression"},
		{map[string]string{"signedRequests": "true"}, "signatureCertificate", "needs the certificate"},
		{map[string]string{"signatureCertificate": "hello"}, "signatureCertificate", "not a certificate"},
		{map[string]string{"signatureCertificate": certificate[:300]}, "signatureCertificate", "incomplete"},
		{map[string]string{"signatureCertificate": certificate + certificate}, "signatureCertificate", "several"},
		{map[string]string{"signatureCertificate": "-----BEGIN RSA PRIVATE KEY-----"}, "signatureCertificate", "private key"},
		{map[string]string{"signatureCertificate": huge}, "signatureCertificate", "has 16384 bits"},
		{map[string]string{"signatureCertificate": keyOf(t, 1023)}, "signatureCertificate", "has 1023 bits. Use a key of 1024 to 8192 bits."},
		{map[string]string{"encryptionCertificate": elliptical}, "encryptionCertificate", "no RSA key"},
		{map[string]string{"assertionEncryption": "encrypted"}, "encryptionCertificate", "needs the certificate"},
		{map[string]string{"logoutFromApp": "true", "signatureCertificate": certificate}, "logoutUrl", "required"},
		{map[string]string{"logoutFromApp": "true", "logoutUrl": "https://x.example", "logoutIssuer": "x"}, "signatureCertificate", "Single Logout needs"},
		{map[string]string{"logoutFromOkta": "true"}, "logoutRequestUrl", "required"},
		{map[string]string{"otherUrl": "https://x.example", "otherIndex": "one"}, "otherUrls", "number from 0"},
		{map[string]string{"otherUrl": "https://x.example", "otherIndex": "70000"}, "otherUrls", "number from 0"},
		{map[string]string{"otherUrl": "", "otherIndex": "1"}, "otherUrls", "Enter the URL"},
		{map[string]string{"otherUrl": "https://x.example", "otherIndex": "1", "signedRequests": "true", "signatureCertificate": certificate},
			"otherUrls", "read from each request"},
		{map[string]string{"groupName": "g", "groupFilterValue": ""}, "groupAttributes", "compares with"},
		{map[string]string{"groupName": "g", "groupFilter": "REGEX", "groupFilterValue": "("}, "groupAttributes", "not valid"},
		{map[string]string{"groupName": "", "groupFilterValue": "x"}, "groupAttributes", "needs a name"},
		{map[string]string{"attributeName": "", "attributeValue": "user.email"}, "attributes", "needs a name"},
	} {
		form := url.Values{}
		for name, values := range good {
			form[name] = values
		}
		for name, value := range tt.change {
			form[name] = []string{value}
		}
		page := admin.Post(path, form).Want(http.StatusUnprocessableEntity, tt.sentence)
		if at := page.Doc.Find(fmt.Sprintf("#field-%s-error, [id*='%s'][id$='-error']", tt.field, tt.field)); !strings.Contains(at.Text(), tt.sentence) {
			t.Errorf("%v: %q is not at the field %s", tt.change, tt.sentence, tt.field)
		}
		typed := formValues(page, "general/saml")
		for name, value := range tt.change {
			if value != "" && typed.Get(name) != value && name != "nameIdFormat" {
				t.Errorf("%v: %s is shown as %.60q", tt.change, name, typed.Get(name))
			}
		}
	}
}

// longKey returns a certificate whose RSA key is so long that a signature would take seconds.
func longKey(t *testing.T) string { return keyOf(t, 16384) }

// keyOf returns a certificate with an RSA key of any length.
func keyOf(t *testing.T, bits int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	modulus := new(big.Int).SetBit(big.NewInt(1), bits-1, 1)
	return certificatePEM(t, &rsa.PublicKey{N: modulus, E: 65537}, key)
}

// The first step of the wizard keeps what was typed in the second.
func TestPreviousKeepsConfigureSAML(t *testing.T) {
	_, admin := open(t)
	page := admin.Get("/admin/apps/create").Submit("Next", nil).Submit("Next", orgtest.Values{"App name": "Wiki"})
	page = page.Submit("Previous", orgtest.Values{"Single sign-on URL": "https://wiki.example/acs/", "Name ID format": "Persistent",
		"Use this for Recipient URL and Destination URL": "off", "Recipient URL": "https://wiki.example/r",
		"Filter": "Contains", "Filter value": "Mark"}).Want(http.StatusOK, "General Settings")
	page = page.Submit("Next", orgtest.Values{"App name": "Other wiki"})
	for label, want := range map[string]string{"Single sign-on URL": "https://wiki.example/acs/", "Recipient URL": "https://wiki.example/r",
		"Name ID format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "Filter": "CONTAINS", "Filter value": "Mark"} {
		if got := page.Field(label); got != want {
			t.Errorf("%s is %q, want %q", label, got, want)
		}
	}
}

// A refused form creates nothing, whatever was wrong.
func TestRefusedWizardCreatesNoApp(t *testing.T) {
	lab, admin := open(t)
	page := admin.Get("/admin/apps/create").Submit("Next", nil).Submit("Next", orgtest.Values{"App name": "Wiki"})
	page = page.Submit("Finish", orgtest.Values{"Single sign-on URL": "https://wiki.example/acs", "Audience URI (SP Entity ID)": "wiki",
		"Application username": "Custom"}).Want(http.StatusUnprocessableEntity, "Enter the expression")
	if apps, err := lab.Org.Apps(t.Context(), idp.AppQuery{}); err != nil || len(apps) != 0 {
		t.Fatalf("%d apps, %v", len(apps), err)
	}
	page.Submit("Finish", orgtest.Values{"Custom username expression": "user.email"}).Want(http.StatusOK, "Wiki was created")
}

func TestGroupAttributeStatementSendsTheMatchingGroups(t *testing.T) {
	lab, admin := open(t)
	app := sigma(t, lab)
	path := "/admin/app/sigmaonaws/instance/" + app.ID + "/sign-on/"
	page := admin.Get(path + "edit")
	form := formValues(page, "sign-on/edit")
	form["groupName"], form["groupFormat"] = []string{"userGroups", ""}, []string{"unspecified", "unspecified"}
	form["groupFilter"], form["groupFilterValue"] = []string{"STARTS_WITH", "EQUALS"}, []string{"Mark", ""}
	admin.Post(path+"edit", form).Want(http.StatusOK, "userGroups", "Starts with Mark")
	eva, err := lab.Org.User(t.Context(), orgtest.EvaLogin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lab.Org.AssignUser(lab.Context(t), idp.System(idp.Client{}), app.ID, eva.ID, idp.Assignment{}); err != nil {
		t.Fatal(err)
	}
	preview := admin.Get(path + "preview").Want(http.StatusOK).Doc.Find("textarea, pre").Text()
	if !strings.Contains(preview, `Name="userGroups"`) || !strings.Contains(preview, ">Marketing<") {
		t.Errorf("the preview has no group: %s", preview)
	}
}

func TestSetupInstructionsShowTheSingleLogoutURL(t *testing.T) {
	lab, admin := open(t)
	path := editPath(wizard(t, admin))
	form := formValues(admin.Get(path), "general/saml")
	for name, value := range map[string]string{"logoutFromApp": "true", "logoutUrl": "https://wiki.example/out", "logoutIssuer": "wiki",
		"signatureCertificate": rsaPEM(t, 2048)} {
		form.Set(name, value)
	}
	admin.Post(path, form).Want(http.StatusOK, "saved")
	apps, err := lab.Org.Apps(t.Context(), idp.AppQuery{})
	if err != nil || len(apps) != 1 {
		t.Fatal(apps, err)
	}
	want := lab.URL + "/okta/demo" + apps[0].SLOPath()
	for _, tab := range []string{"sign-on", "sign-on/instructions"} {
		page := admin.Get(strings.Replace(path, "general/saml", tab, 1)).Want(http.StatusOK)
		if !strings.Contains(page.Body, want) {
			t.Errorf("%s does not show %s", tab, want)
		}
	}
}
