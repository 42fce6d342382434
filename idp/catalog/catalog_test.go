package catalog_test

import (
	"testing"

	"understudy/idp/catalog"
	"understudy/idp/expression"
)

func TestEmbedded(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	sigma, found := c.Entry("sigmaonaws")
	if !found || sigma.SignOnMode != catalog.SAML2 || sigma.SAML == nil || sigma.SCIM == nil || sigma.Peer != "sigma" {
		t.Errorf("sigmaonaws: %t, %+v", found, sigma)
	}
	if _, found := c.Entry("unknown"); found {
		t.Error("an unknown key has an entry")
	}
	for _, e := range c.Search("", "") {
		switch {
		case e.Wizard:
			t.Errorf("%s is made by the wizard and is listed", e.Key)
		case e.Key == "" || e.Name == "" || e.Label == "" || e.Category == "" || len(e.Overview) == 0:
			t.Errorf("%s lacks a key, name, label, category or overview", e.Name)
		case e.SignOnMode == catalog.SAML2 && (e.SAML == nil || e.SAML.ACS == "" || e.SAML.Audience == ""):
			t.Errorf("%s signs on by SAML without an ACS or audience", e.Key)
		case e.SignOnMode == catalog.Bookmark && e.URL == "":
			t.Errorf("%s is a bookmark without a URL", e.Key)
		}
	}
}

func TestSearch(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	names := func(text, category string) (list string) {
		for _, e := range c.Search(text, category) {
			list += e.Name + "; "
		}
		return list
	}
	const three = "Sigma on AWS; Sigma on Azure; Sigma on GCP; "
	if got := names(" sigma ON ", ""); got != three {
		t.Errorf("%q", got)
	}
	if got := names("sigma on", "Generic"); got != "" {
		t.Errorf("in another category: %q", got)
	}
	all := 0
	for _, category := range c.Categories() {
		all += len(c.Search("", category))
	}
	if want := len(c.Search("", "")); all != want {
		t.Errorf("the categories hold %d entries, want %d", all, want)
	}
}

func TestShown(t *testing.T) {
	e := catalog.Entry{Fields: []catalog.Field{{Name: "url"}, {Name: "audience", WhenSet: true}}}
	if got := e.Shown(nil); len(got) != 1 || got[0].Name != "url" {
		t.Errorf("without a value: %+v", got)
	}
	if got := e.Shown(map[string]string{"audience": "urn:x"}); len(got) != 2 {
		t.Errorf("with a value: %+v", got)
	}
}

// The expressions of the entries are valid where they are used.
func TestExpressionsOfEntries(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	check := func(e catalog.Entry, text string) {
		checked++
		if err := expression.Validate(text, expression.Place{AppUser: e.Schema}); err != nil {
			t.Errorf("%s: %s is not valid %v", e.Key, text, err)
		}
	}
	wizard, found := c.Entry("custom_saml")
	if !found {
		t.Fatal("the wizard has no entry")
	}
	for _, e := range append(c.Search("", ""), wizard) {
		for _, attribute := range e.Schema {
			if attribute.Mapping != "" {
				check(e, attribute.Mapping)
			}
		}
		if e.SAML == nil {
			continue
		}
		for _, statement := range e.SAML.Attributes {
			if statement.Filter == "" {
				check(e, statement.Value)
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d expressions were found", checked)
	}
}
