package site_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

func TestWorkbookByAccountType(t *testing.T) {
	l := newLab(t)
	carl := l.as("Carl")
	carl.visit("/home").click("All Members").click("Reports").click("Sales").sees("How sales went.", "Revenue by region", "North", "1200")
	if !carl.has("Edit") || !carl.has("Export") || carl.doc.Find("main svg[role=img] rect").Length() != 2 {
		t.Errorf("Edit %v, Export %v, %d bars", carl.has("Edit"), carl.has("Export"), carl.doc.Find("main svg[role=img] rect").Length())
	}
	carl.click("Edit").sees("Editing")
	carl.submit("Publish", "Title", "Sales", "Text", "Better now.", "Cells",
		"Region,Revenue\nNorth,50\nWest,\"1,000\"\n").sees("Published.", "Better now.", "West")

	vic := l.as("Vic")
	vic.click("All Members").click("Reports").click("Sales").sees("Better now.", "your account type lacks the permission")
	vic.sees("You cannot export this workbook: your account type Viewer lacks the permission Download.")
	if exports := vic.doc.Find("main *:contains(Export)").Filter("a, button, summary"); exports.Length() != 1 || exports.Filter("[disabled]").Length() != 1 {
		t.Errorf("Export is not disabled: %q", exports.Text())
	}
	if vic.has("Edit") || vic.has("Share") {
		t.Error("a Viewer is offered what the account type does not allow")
	}
	book := strings.TrimPrefix(vic.resp.Request.URL.String(), l.base)
	vic.visit(book + "/edit").status(http.StatusForbidden)
	vic.sees("Create, edit, and publish workbooks")
	vic.take(vic.client.PostForm(l.base+book+"/edit", map[string][]string{"name": {"Stolen"}, "data": {"a\n1\n"}}))
	vic.status(http.StatusForbidden)
	vic.visit(book + "/export?format=csv").status(http.StatusForbidden)
	vic.sees("Permission needed", "Download")

	ann := l.as("Ann")
	ann.visit("/admin/audit-log?type=EXPORTS&status=Failure").sees("Vic Viewer", "Download")
}

func TestExportFormats(t *testing.T) {
	l := newLab(t)
	carl := l.as("Carl")
	carl.click("All Members").click("Reports").click("Sales")
	for label, magic := range map[string]string{"CSV": "Region,Revenue", "Excel": "PK", "PDF": "%PDF-", "PNG": "\x89PNG", "JSON": "["} {
		b := &browser{lab: l, client: carl.client}
		b.visit(strings.TrimPrefix(carl.resp.Request.URL.String(), l.base)).click(label)
		b.status(http.StatusOK)
		if !bytes.HasPrefix(b.body, []byte(magic)) {
			t.Errorf("%s begins with %.20q", label, b.body)
		}
		if got := b.resp.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=") || !strings.Contains(got, "Sales") {
			t.Errorf("%s: %q", label, got)
		}
	}
	carl.visit("/workbook/nothing/export?format=csv").status(http.StatusNotFound)
}

func TestAccessDeniedAndRequestAccess(t *testing.T) {
	l := newLab(t)
	carl := l.as("Carl")
	carl.click("My Documents").click("Diary")
	diary := strings.TrimPrefix(carl.resp.Request.URL.String(), l.base)
	vic := l.as("Vic")
	vic.visit(diary).status(http.StatusForbidden)
	vic.sees("Access Denied")
	vic.seesNot("Diary")
	vic.submit("Request Access").sees("Request Sent")

	carl.click("Share").submit("Share", "Share with", optionOf(carl, "Vic Viewer"), "Permission", "1").sees("Shared.", "Vic Viewer", "Can view")
	vic.click("Shared with Me").click("Diary").sees("Can view")
	carl.submit("Remove").sees("No longer shared.")
	vic.visit(diary).status(http.StatusForbidden)
}

// optionOf is the value of the option whose label begins with a text.
func optionOf(b *browser, text string) string {
	b.lab.t.Helper()
	for _, o := range b.doc.Find("option").EachIter() {
		if strings.HasPrefix(strings.TrimSpace(o.Text()), text) {
			return o.AttrOr("value", "")
		}
	}
	b.lab.t.Fatalf("no option %q: %s", text, b.text())
	return ""
}

func TestCreateRenameMoveDeleteRecover(t *testing.T) {
	l := newLab(t)
	carl := l.as("Carl")
	carl.visit("/home").click("Folder").submit("Create", "Name", "")
	carl.status(http.StatusUnprocessableEntity)
	carl.submit("Create", "Name", "Plans & drafts").sees("The folder was created.", "Plans & drafts")
	carl.click("New workbook").submit("Create", "Name", "Forecast").sees("Editing")
	carl.submit("Publish", "Title", "Forecast 2").sees("Published.", "Forecast 2")
	carl.click("Rename").submit("Save", "Name", "Outlook").sees("Renamed.", "Outlook")
	carl.click("Move").submit("Move", "Move to", optionOf(carl, "All Members")).sees("Moved.", "All Members")
	carl.visit("/search?q=outl").click("Outlook").click("Delete").submit("Delete").sees("Deleted.")
	carl.visit("/trash").sees("Outlook").submit("Recover").sees("Recovered.")
	carl.visit("/search?q=outlook").click("Outlook").status(http.StatusOK)
	if l.as("Vic").has("Create New") {
		t.Error("a Viewer is offered Create New")
	}
}

func TestConcurrentEdits(t *testing.T) {
	l := newLab(t)
	carl, ann := l.as("Carl"), l.as("Ann")
	carl.click("All Members").click("Reports").click("Sales").click("Edit")
	ann.click("All Members").click("Reports").click("Sales").click("Edit").submit("Publish", "Text", "Ann was here.").sees("Ann was here.")
	carl.submit("Publish", "Text", "Carl was here.").status(http.StatusConflict)
	carl.sees("Ann Admin saved this workbook meanwhile", "Carl was here.", "See the workbook as it is now")
	carl.submit("Publish").sees("Published.", "Carl was here.")
}
