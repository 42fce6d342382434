package site

import (
	"fmt"
	"mime"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/ui/kit"
	"understudy/ui/sigma"
)

// workbook shows a workbook: its text, tables and charts.
func (r *request) workbook() error {
	book, err := r.org.Workbook(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.QueryParam("page"))
	if err != nil || number < 1 || number > len(book.Content.Pages) {
		number = 1
	}
	return r.render(book.Name, sigma.Workbook(sigma.WorkbookView{At: r.at(), File: fileView(book.File), Crumbs: crumbViews(book.Path),
		Description: book.Description, Text: book.Content.Text, Pages: pageViews(book.Content), Page: number,
		Formats: mapped(sp.Formats(), func(f sp.Format) kit.Option { return kit.Option{Value: string(f), Label: f.Label()} }),
		Edit:    book.Rights.Edit, Export: book.Rights.Export, NoExport: noExport(book, r.viewer.Member), Reduced: reducedAccess(book)}))
}

// noExport says why the member cannot export a workbook that the member can view; empty if the member can.
func noExport(book sp.Workbook, viewer sp.Member) string {
	if book.Rights.Export {
		return ""
	}
	return "You cannot export this workbook: your account type " + viewer.AccountType + " lacks the permission " + sp.Download.Name() + "."
}

// reducedAccess says why the member has less access than the owner granted; empty if the access is the same.
func reducedAccess(book sp.Workbook) string {
	rights := book.Rights
	if len(rights.Missing) == 0 {
		return ""
	}
	return fmt.Sprintf("This document is shared with you as %s, but your account type lacks the permission %s, so you have %s.",
		rights.Granted.Label(book.Kind), permissionNames(rights.Missing), rights.Access.Label(book.Kind))
}

// editWorkbook is edit mode.
func (r *request) editWorkbook() error {
	book, err := r.org.Workbook(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if !book.Rights.Edit {
		return &problem.Error{Kind: problem.Forbidden, Code: "NO_EDIT", Message: editRefusal(book)}
	}
	return r.render(book.Name, sigma.WorkbookEditor(r.editor(book, sp.WorkbookInput{Name: book.Name, Description: book.Description,
		Text: book.Content.Text, Data: book.Content.CSV(), Version: book.Version})))
}

// editor is edit mode of a workbook with its input.
func (r *request) editor(book sp.Workbook, in sp.WorkbookInput) sigma.WorkbookEditorView {
	return sigma.WorkbookEditorView{At: r.at(), Title: book.Name, Path: filePath(book.File), Crumbs: crumbViews(book.Path),
		Name: in.Name, Description: in.Description, Text: in.Text, Data: in.Data, Version: in.Version}
}

// editRefusal says what the member lacks: a permission of the account type, or access to the document.
func editRefusal(book sp.Workbook) string {
	if len(book.Rights.Missing) == 0 {
		return "You do not have the access Can edit to this document. Ask the owner, " + book.OwnerName + ", for it."
	}
	return "Your account type lacks the permission " + permissionNames(book.Rights.Missing) + "."
}

// saveWorkbook saves edit mode.
func (r *request) saveWorkbook() error {
	version, _ := strconv.ParseInt(r.FormValue("version"), 10, 64) // 0 skips the check for changes
	in := sp.WorkbookInput{Name: r.text("name"), Description: r.text("description"), Text: r.FormValue("text"),
		Data: r.FormValue("data"), Version: version}
	err := r.org.UpdateWorkbook(r.ctx(), r.by(), r.Param("id"), in)
	if rejected(err) {
		book, loadErr := r.org.Workbook(r.ctx(), r.by(), r.Param("id"))
		if loadErr != nil {
			return loadErr
		}
		// The form now shows the conflict, so the next attempt may replace the present version.
		v := r.editor(book, in)
		v.Changed, v.Version = in.Version != book.Version, book.Version
		return r.formErrors(book.Name, err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.WorkbookEditor(v) })
	}
	if err != nil {
		return err
	}
	return r.done("/workbook/"+r.Param("id"), "Published.")
}

// export sends a workbook, or one element of it, as a file.
func (r *request) export() error {
	format := r.QueryParam("format")
	known := false
	for _, f := range sp.Formats() {
		known = known || string(f) == format
	}
	if !known {
		return problem.New(problem.Invalid, "There is no such export format.")
	}
	file, err := r.org.Export(r.ctx(), r.by(), r.Param("id"), r.QueryParam("element"), sp.Format(format))
	if err != nil {
		return err
	}
	r.Response().Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	r.Response().Header().Set("X-Content-Type-Options", "nosniff")
	return r.Blob(http.StatusOK, file.ContentType, file.Body)
}

// newWorkbook is the form behind Create New > Workbook.
func (r *request) newWorkbook() error {
	if err := r.org.MayCreate(r.ctx(), r.by(), sp.KindWorkbook); err != nil {
		return err
	}
	return r.showNewFile(workbookForm, "", r.QueryParam("folder"), nil)
}

// createWorkbook creates a workbook and opens edit mode.
func (r *request) createWorkbook() error {
	book, err := r.org.CreateWorkbook(r.ctx(), r.by(), r.FormValue("parent"), r.text("name"))
	if err != nil {
		return r.showNewFile(workbookForm, r.text("name"), r.FormValue("parent"), err)
	}
	return r.done("/workbook/"+book.URLID+"/edit", "The workbook was created.")
}

// newFolder is the form for a folder.
func (r *request) newFolder() error {
	if err := r.org.MayCreate(r.ctx(), r.by(), sp.KindFolder); err != nil {
		return err
	}
	return r.showNewFile(folderForm, "", r.QueryParam("folder"), nil)
}

// createFolder creates a folder.
func (r *request) createFolder() error {
	folder, err := r.org.CreateFolder(r.ctx(), r.by(), r.FormValue("parent"), r.text("name"))
	if err != nil {
		return r.showNewFile(folderForm, r.text("name"), r.FormValue("parent"), err)
	}
	return r.done("/folder/"+folder.ID, "The folder was created.")
}

// newWorkspace is the form for a workspace.
func (r *request) newWorkspace() error {
	if err := r.org.MayCreate(r.ctx(), r.by(), sp.KindWorkspace); err != nil {
		return err
	}
	return r.showNewFile(workspaceForm, "", "", nil)
}

// createWorkspace creates a workspace.
func (r *request) createWorkspace() error {
	workspace, err := r.org.CreateWorkspace(r.ctx(), r.by(), r.text("name"), r.text("description"))
	if err != nil {
		return r.showNewFile(workspaceForm, r.text("name"), "", err)
	}
	return r.done("/folder/"+workspace.ID, "The workspace was created.")
}

// newFile is one of the forms behind Create New.
type newFile struct {
	title, path string
	located     bool // the form asks for a folder
}

var (
	workbookForm  = newFile{title: "New workbook", path: "/new/workbook", located: true}
	folderForm    = newFile{title: "New folder", path: "/new/folder", located: true}
	workspaceForm = newFile{title: "Create Workspace", path: "/new/workspace"}
)

func (r *request) showNewFile(f newFile, name, parent string, problem error) error {
	v := sigma.NewFileView{At: r.at(), Title: f.title, Action: f.path, Name: name, Parent: parent,
		Description: r.FormValue("description"), Workspace: !f.located, Cancel: "/home"}
	if parent != "" {
		v.Cancel = "/folder/" + parent
	}
	if f.located {
		places, err := r.org.Places(r.ctx(), r.by())
		if err != nil {
			return err
		}
		v.Places = placeOptions(places, "")
	}
	if problem != nil {
		return r.formErrors(f.title, problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.NewFile(v) })
	}
	return r.render(f.title, sigma.NewFile(v))
}
