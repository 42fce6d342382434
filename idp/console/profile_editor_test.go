package console_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"understudy/idp/internal/orgtest"
)

func TestEnumeratedValuesAreEdited(t *testing.T) {
	lab, admin := open(t)
	app := sigma(t, lab)
	profile := admin.Get("/admin/universaldirectory").Want(http.StatusOK, "User (default)").Click("Sigma on AWS User")
	dialog := profile.Want(http.StatusOK, "Attributes", "User Type").Click("Edit User Type")
	for i, want := range []string{"Viewer", "Author", "Admin"} {
		if got := dialog.Field("Display name " + string(rune('1'+i))); got != want {
			t.Errorf("value %d is %q, want %q", i+1, got, want)
		}
	}
	more := dialog.Click("Add Another")
	more.Submit("Save Attribute", orgtest.Values{"Display name 4": "CreatorNoExport", "Value 4": "CreatorNoExport"}).
		Want(http.StatusOK, "was saved", "CreatorNoExport")
	schema, err := lab.Org.AppSchema(t.Context(), app.ID)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, a := range schema {
		if a.Title == "User Type" {
			for _, choice := range a.Enum {
				titles = append(titles, choice.Title)
			}
		}
	}
	if !slices.Equal(titles, []string{"Viewer", "Author", "Admin", "CreatorNoExport"}) {
		t.Errorf("values %q", titles)
	}
	form := admin.Get("/admin/groups").Click("Marketing").Click("Assign applications").Row("Sigma on AWS").Click("Assign")
	form.Submit("Save and Go Back", orgtest.Values{"User Type": "CreatorNoExport"}).Want(http.StatusOK, "Assigned")
}

func TestAttributeIsAddedAndDeleted(t *testing.T) {
	lab, admin := open(t)
	sigma(t, lab)
	profile := admin.Get("/admin/universaldirectory").Click("Sigma on AWS User")
	form := profile.Click("Add Attribute")
	form.Submit("Save Attribute", nil).Want(http.StatusUnprocessableEntity)
	form.Submit("Save Attribute", orgtest.Values{"Display name": "Team", "Variable name": "userType"}).
		Want(http.StatusUnprocessableEntity, "An attribute with this name already exists.")
	profile = form.Submit("Save Attribute", orgtest.Values{"Display name": "Team", "Variable name": "team",
		"External name": "team"})
	profile.Want(http.StatusOK, "The attribute Team was saved.", "Custom").Click("Delete Team").Click("Delete Attribute").
		Want(http.StatusOK, "The attribute Team was deleted.")
	admin.Get("/admin/universaldirectory/user").Want(http.StatusOK, "User (default)", "firstName").WantNot("Add Attribute")
}

// Only arrays can combine values. The form shows the error at the field.
func TestOnlyArraysCombineValues(t *testing.T) {
	lab, admin := open(t)
	sigma(t, lab)
	form := admin.Get("/admin/universaldirectory").Click("Sigma on AWS User").Click("Add Attribute")
	typed := orgtest.Values{"Display name": "Sites", "Variable name": "sites", "Combine values across groups": "on"}
	again := form.Submit("Save Attribute", typed).Want(http.StatusUnprocessableEntity)
	at := again.Doc.Find("fieldset:has(input[name=groupValues])").Text()
	if !strings.Contains(at,
		"Only an attribute of the data type string array can combine values.") {
		t.Errorf("at the field: %q", at)
	}
	page := again.Submit("Save Attribute", orgtest.Values{"Data type": "string array"}).Want(http.StatusOK, "Sites")
	edit := page.Click("Edit Sites").Want(http.StatusOK, "Combine values across groups")
	if edit.Doc.Find("input[name=groupValues][value=combine][checked]").Length() != 1 {
		t.Error("the form lost the choice")
	}
	page.Click("Edit User Type").WantNot("Combine values across groups")
}

func TestProfileLinksToItsMappings(t *testing.T) {
	lab, admin := open(t)
	sigma(t, lab)
	list := admin.Get("/admin/universaldirectory")
	list.Click("Sigma on AWS User").Click("Mappings").Want(http.StatusOK, "Configure API Integration")
	list.Click("User (default)").WantNot("Mappings")
}
