package site

import (
	"strconv"

	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/sigma"
)

// fileTo is the file that the address names, be it a folder or a document, for those who may change it in this way.
func (r *request) fileTo(c sp.FileChange) (sp.File, error) {
	return r.org.FileTo(r.ctx(), r.by(), c, r.Param("id"))
}

// filePath is where a file opens.
func filePath(f sp.File) string {
	if f.Kind == sp.KindWorkbook {
		return "/workbook/" + f.URLID
	}
	return "/folder/" + f.ID
}

// renameForm is the form for a file's name.
func (r *request) renameForm() error {
	f, err := r.fileTo(sp.ToRename)
	if err != nil {
		return err
	}
	return r.render("Rename", sigma.Rename(sigma.RenameView{At: r.at(), File: f, Name: f.Name, Cancel: filePath(f)}))
}

// rename changes a file's name.
func (r *request) rename() error {
	f, err := r.fileTo(sp.ToRename)
	if err != nil {
		return err
	}
	v := sigma.RenameView{At: r.at(), File: f, Name: r.text("name"), Cancel: filePath(f)}
	if err := r.org.RenameFile(r.ctx(), r.by(), f.ID, v.Name); err != nil {
		return r.again("Rename", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Rename(v) })
	}
	return r.done(filePath(f), "Renamed.")
}

// moveForm asks where a file should go.
func (r *request) moveForm() error { return r.showMove(nil) }

// move puts a file into another folder.
func (r *request) move() error {
	f, err := r.fileTo(sp.ToMove)
	if err != nil {
		return err
	}
	if err := r.org.MoveFile(r.ctx(), r.by(), f.ID, r.FormValue("parent")); err != nil {
		return r.showMove(err)
	}
	return r.done(filePath(f), "Moved.")
}

func (r *request) showMove(problem error) error {
	f, err := r.fileTo(sp.ToMove)
	if err != nil {
		return err
	}
	places, err := r.org.Places(r.ctx(), r.by())
	if err != nil {
		return err
	}
	v := sigma.MoveView{At: r.at(), File: f, Places: places, Cancel: filePath(f)}
	if problem != nil {
		return r.again("Move", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Move(v) })
	}
	return r.render("Move", sigma.Move(v))
}

// deleteForm asks before a file goes to the trash.
func (r *request) deleteForm() error {
	f, err := r.fileTo(sp.ToDelete)
	if err != nil {
		return err
	}
	effect := "It goes to the trash of its owner, who can recover it."
	if f.Kind == sp.KindWorkspace {
		effect = "Its documents and folders move to a folder in your My Documents."
	}
	return r.render("Delete", sigma.Confirm(sigma.ConfirmView{At: r.at(), Question: "Delete " + f.Name + "?", Effects: []string{effect},
		Button: "Delete", Danger: true, Action: "/file/" + f.ID + "/delete", Cancel: filePath(f)}))
}

// deleteFile moves a file to the trash.
func (r *request) deleteFile() error {
	if err := r.org.DeleteFile(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/", "Deleted.")
}

// shareForm is the share dialog.
func (r *request) shareForm() error { return r.showShare(nil) }

// share gives a member, a team or everyone a right.
func (r *request) share() error {
	kind, id := splitGrantee(r.FormValue("grantee"))
	access, _ := strconv.Atoi(r.FormValue("access")) // 0 is no access, which the half refuses
	if err := r.org.Share(r.ctx(), r.by(), r.Param("id"), kind, id, sp.Access(access)); err != nil {
		return r.showShare(err)
	}
	return r.done("/file/"+r.Param("id")+"/share", "Shared.")
}

// unshare takes a right away.
func (r *request) unshare() error {
	kind, id := splitGrantee(r.FormValue("grantee"))
	if err := r.org.Unshare(r.ctx(), r.by(), r.Param("id"), kind, id); err != nil {
		return err
	}
	return r.done("/file/"+r.Param("id")+"/share", "No longer shared.")
}

// splitGrantee takes "team:abc" apart.
func splitGrantee(value string) (kind, id string) {
	for i, c := range value {
		if c == ':' {
			return value[:i], value[i+1:]
		}
	}
	return value, ""
}

func (r *request) showShare(problem error) error {
	f, err := r.fileTo(sp.ToShare)
	if err != nil {
		return err
	}
	grants, err := r.org.Grants(r.ctx(), r.by(), f.ID)
	if err != nil {
		return err
	}
	v := sigma.ShareView{At: r.at(), File: f, Grants: grants, Query: r.FormValue("q"), Chosen: r.FormValue("grantee"), Cancel: filePath(f)}
	members, err := r.org.FindMembers(r.ctx(), r.by(), v.Query, 200)
	if err != nil {
		return err
	}
	teams, err := r.org.Teams(r.ctx(), r.by(), sp.TeamQuery{Search: v.Query, Size: 200})
	if err != nil {
		return err
	}
	v.Members, v.Teams = members, teams.Items
	if problem != nil {
		return r.again("Share", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Share(v) })
	}
	return r.render("Share", sigma.Share(v))
}

// requestAccess mails the owner of a file that cannot be opened.
func (r *request) requestAccess() error {
	if err := r.org.RequestAccess(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/", "Request Sent")
}
