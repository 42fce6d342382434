package idp_test

import (
	"strings"
	"testing"

	"understudy/idp"
)

// Whatever an administrator enters about a service provider is kept, in every field of every entry of the catalog.
func TestTextsOfServiceProvidersAreKeptByteForByte(t *testing.T) {
	w := open(t)
	peer := func(name string) string { return "https://" + name + ".example" }
	wizard, found := w.Catalog().Entry("custom_saml")
	if !found {
		t.Fatal("the catalog has no entry of the wizard")
	}
	for _, entry := range append(w.Catalog().Search("", ""), wizard) {
		key := entry.Key
		for _, own := range []string{"https://x.example/a/", "https://x.example/a", "https://X.example/?a=%2F&b=/"} {
			fields := map[string]string{}
			for _, field := range entry.Fields {
				fields[field.Name] = own
			}
			app, err := w.AddApp(t.Context(), idp.System(idp.Client{}), idp.NewApp{CatalogKey: key, Label: key + own, Fields: fields})
			if err != nil {
				t.Fatal(key, err)
			}
			for name, kept := range app.General.Fields {
				if kept != own {
					t.Errorf("%s: %s is %q, want %q", key, name, kept, own)
				}
			}
			if entry.SAML == nil {
				continue
			}
			s := w.SAMLSettings(app, peer)
			for template, got := range map[string]string{entry.SAML.ACS: s.ACS, entry.SAML.Audience: s.Audience} {
				if strings.HasSuffix(template, "}") && got != own {
					t.Errorf("%s: %s gives %q, want %q", key, template, got, own)
				}
				if strings.Contains(strings.TrimPrefix(got, "https://"), "//") {
					t.Errorf("%s: %s gives %q", key, template, got)
				}
			}
		}
	}
}
