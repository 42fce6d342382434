package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"understudy/idp"
)

// badURLs are texts that no field for a URL accepts, with a part of what the field says.
var badURLs = map[string]string{
	"wiki.example/path":                    "begins with http",
	"javascript:alert(1)":                  "begins with http",
	"ftp://wiki.example/":                  "begins with http",
	"https:///path":                        "no host name",
	"https://ann:secret@wiki.example/":     "user name or password",
	"https://wiki.example:70000/":          "port",
	"https://wiki.example/a b":             "valid URL",
	"https://wiki.example/?SAMLRequest=ab": "SAML message",
	"https://wiki.example/?Signature=ab#x": "SAML message",
	"{origin}/control/v1/labs":             "does not belong to Sigma",
	"{origin}/okta/demo/app":               "does not belong to Sigma",
}

// Every field for a URL has the same rule, says at the field what is wrong, and keeps what was typed. The test finds the fields by
// their labels, so that a new field is tested, too.
func TestEveryFieldForAURLHasTheSameRule(t *testing.T) {
	lab, admin := open(t)
	configure := editPath(wizard(t, admin))
	app := sigma(t, lab)
	bookmark, err := lab.Org.AddApp(lab.Context(t), idp.System(idp.Client{}), idp.NewApp{CatalogKey: "bookmark",
		Label: "Wiki page", Fields: map[string]string{"url": "https://wiki.example/"}})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, page := range []struct{ path, action string }{
		{configure, "general/saml"},
		{"/admin/app/sigmaonaws/instance/" + app.ID + "/general/edit", "general/edit"},
		{"/admin/app/bookmark/instance/" + bookmark.ID + "/general/edit", "general/edit"},
	} {
		good := formValues(admin.Get(page.path), page.action)
		admin.Get(page.path).Doc.Find("form[action$='" + page.action + "']").Find("input[type=text], input[type=url], input:not([type]), textarea").
			Each(func(_ int, c *goquery.Selection) {
				name := c.AttrOr("name", "")
				if !isURLField(admin.Get(page.path).Doc, c) {
					return
				}
				found++
				for text, want := range badURLs {
					text = strings.Replace(text, "{origin}", lab.URL, 1)
					if name == "url" && strings.HasPrefix(text, lab.URL) {
						continue // the tile of a bookmark may open any page
					}
					form := url.Values{}
					for key, values := range good {
						form[key] = values
					}
					form.Del("sameUrl")
					form.Set(name, text)
					if name == "otherUrl" {
						form.Set("otherIndex", "1")
					}
					after := admin.Post(page.path, form)
					if after.Status != http.StatusUnprocessableEntity || !strings.Contains(after.Body, want) {
						t.Errorf("%s, %s = %q: %d without %q", page.path, name, text, after.Status, want)
					}
					if typed := formValues(after, page.action).Get(name); typed != text {
						t.Errorf("%s, %s = %q is shown as %q", page.path, name, text, typed)
					}
				}
			})
	}
	if found < 8 {
		t.Errorf("the test has found only %d fields", found)
	}
}

// isURLField reports whether the label of a field says that it takes a URL or an address.
func isURLField(doc *goquery.Document, c *goquery.Selection) bool {
	label := c.AttrOr("aria-label", "") + doc.Find("label[for='"+c.AttrOr("id", "-")+"']").Text()
	return (strings.Contains(label, "URL") || strings.Contains(label, "address")) && !strings.Contains(label, "URI")
}
