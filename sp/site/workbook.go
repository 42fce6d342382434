package site

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"understudy/seed/base/problem"
	"understudy/sp"
	"understudy/ui/sigma"
)

// workbook shows a document: its text, tables and charts.
func (r *request) workbook() error {
	book, err := r.org.Workbook(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.QueryParam("page"))
	if err != nil || number < 1 || number > len(book.Content.Pages) {
		number = 1
	}
	return r.render(book.Name, sigma.Workbook(sigma.WorkbookView{At: r.at(), Book: book, Page: number}))
}

// editWorkbook is edit mode.
func (r *request) editWorkbook() error {
	book, err := r.org.Workbook(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	if !book.Rights.Edit {
		return &problem.Error{Kind: problem.Forbidden, Code: "NO_EDIT", Message: refusedEdit(book)}
	}
	return r.render(book.Name, sigma.WorkbookEditor(sigma.WorkbookEditorView{At: r.at(), Book: book, Input: sp.WorkbookInput{
		Name: book.Name, Description: book.Description, Text: book.Content.Text, Data: book.Content.CSV(), Version: book.Version}}))
}

// refusedEdit says what stands in the way: the account type, or the right on the document.
func refusedEdit(book sp.Workbook) string {
	if len(book.Rights.Missing) == 0 {
		return "You may not edit this document. Ask its owner, " + book.OwnerName + ", to share it with you as Can edit."
	}
	names := make([]string, len(book.Rights.Missing))
	for i, p := range book.Rights.Missing {
		names[i] = p.Name()
	}
	return "Your account type lacks the permission " + strings.Join(names, ", ") + "."
}

// saveWorkbook saves edit mode.
func (r *request) saveWorkbook() error {
	version, _ := strconv.ParseInt(r.FormValue("version"), 10, 64) // 0 skips the check, as sp says
	in := sp.WorkbookInput{Name: r.text("name"), Description: r.text("description"), Text: r.FormValue("text"), Data: r.FormValue("data"), Version: version}
	err := r.org.UpdateWorkbook(r.ctx(), r.by(), r.Param("id"), in)
	if rejected(err) {
		book, loadErr := r.org.Workbook(r.ctx(), r.by(), r.Param("id"))
		if loadErr != nil {
			return loadErr
		}
		// Who has been told of the other change may publish over it: the next attempt starts from the present version.
		v := sigma.WorkbookEditorView{At: r.at(), Book: book, Input: in, Overtaken: in.Version != book.Version}
		v.Input.Version = book.Version
		return r.again(book.Name, err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.WorkbookEditor(v) })
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
	return r.showNewFile(newFile{title: "New workbook", path: "/new/workbook", placed: true}, "", r.QueryParam("folder"), nil)
}

// createWorkbook makes a workbook and opens it for editing.
func (r *request) createWorkbook() error {
	book, err := r.org.CreateWorkbook(r.ctx(), r.by(), r.FormValue("parent"), r.text("name"))
	if err != nil {
		return r.showNewFile(newFile{title: "New workbook", path: "/new/workbook", placed: true}, r.text("name"), r.FormValue("parent"), err)
	}
	return r.done("/workbook/"+book.URLID+"/edit", "The workbook was created.")
}

// newFolder is the form for a folder.
func (r *request) newFolder() error {
	if err := r.org.MayCreate(r.ctx(), r.by(), sp.KindFolder); err != nil {
		return err
	}
	return r.showNewFile(newFile{title: "New folder", path: "/new/folder", placed: true}, "", r.QueryParam("folder"), nil)
}

// createFolder makes a folder.
func (r *request) createFolder() error {
	folder, err := r.org.CreateFolder(r.ctx(), r.by(), r.FormValue("parent"), r.text("name"))
	if err != nil {
		return r.showNewFile(newFile{title: "New folder", path: "/new/folder", placed: true}, r.text("name"), r.FormValue("parent"), err)
	}
	return r.done("/folder/"+folder.ID, "The folder was created.")
}

// newWorkspace is the form for a workspace.
func (r *request) newWorkspace() error {
	if err := r.org.MayCreate(r.ctx(), r.by(), sp.KindWorkspace); err != nil {
		return err
	}
	return r.showNewFile(newFile{title: "Create Workspace", path: "/new/workspace"}, "", "", nil)
}

// createWorkspace makes a workspace.
func (r *request) createWorkspace() error {
	workspace, err := r.org.CreateWorkspace(r.ctx(), r.by(), r.text("name"), r.text("description"))
	if err != nil {
		return r.showNewFile(newFile{title: "Create Workspace", path: "/new/workspace"}, r.text("name"), "", err)
	}
	return r.done("/folder/"+workspace.ID, "The workspace was created.")
}

// newFile is which of the three forms for something new is shown.
type newFile struct {
	title, path string
	placed      bool // lies in a folder that is chosen
}

func (r *request) showNewFile(f newFile, name, parent string, problem error) error {
	v := sigma.NewFileView{At: r.at(), Title: f.title, Action: f.path, Name: name, Parent: parent, Description: r.FormValue("description"), Workspace: !f.placed}
	v.Cancel = "/home"
	if parent != "" {
		v.Cancel = "/folder/" + parent
	}
	if f.placed {
		places, err := r.org.Places(r.ctx(), r.by())
		if err != nil {
			return err
		}
		v.Places = places
	}
	if problem != nil {
		return r.again(f.title, problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.NewFile(v) })
	}
	return r.render(f.title, sigma.NewFile(v))
}
