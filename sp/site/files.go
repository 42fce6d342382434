package site

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"understudy/sp"
	"understudy/ui/sigma"
)

// fileFor returns the file whose id is in the URL. It returns an error if the member may not change the file in this way.
func (r *request) fileFor(c sp.FileChange) (sp.File, error) {
	return r.org.FileFor(r.ctx(), r.by(), c, r.Param("id"))
}

// renameForm is the form for a file's name.
func (r *request) renameForm() error {
	f, err := r.fileFor(sp.ToRename)
	if err != nil {
		return err
	}
	return r.render("Rename", sigma.Rename(sigma.RenameView{At: r.at(), File: fileView(f), Name: f.Name, Cancel: filePath(f)}))
}

// rename changes a file's name.
func (r *request) rename() error {
	f, err := r.fileFor(sp.ToRename)
	if err != nil {
		return err
	}
	v := sigma.RenameView{At: r.at(), File: fileView(f), Name: r.text("name"), Cancel: filePath(f)}
	if err := r.org.RenameFile(r.ctx(), r.by(), f.ID, v.Name); err != nil {
		return r.formErrors("Rename", err, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Rename(v) })
	}
	return r.done(filePath(f), "Renamed.")
}

// moveForm asks for the new location of a file.
func (r *request) moveForm() error { return r.showMove(nil) }

// move moves a file into another folder.
func (r *request) move() error {
	f, err := r.fileFor(sp.ToMove)
	if err != nil {
		return err
	}
	if err := r.org.MoveFile(r.ctx(), r.by(), f.ID, r.FormValue("parent")); err != nil {
		return r.showMove(err)
	}
	return r.done(filePath(f), "Moved.")
}

func (r *request) showMove(problem error) error {
	f, err := r.fileFor(sp.ToMove)
	if err != nil {
		return err
	}
	places, err := r.org.Places(r.ctx(), r.by())
	if err != nil {
		return err
	}
	v := sigma.MoveView{At: r.at(), File: fileView(f), Parent: f.ParentID, Places: placeOptions(places, f.ID), Cancel: filePath(f)}
	if problem != nil {
		return r.formErrors("Move", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Move(v) })
	}
	return r.render("Move", sigma.Move(v))
}

// deleteForm asks before a file is moved to the trash.
func (r *request) deleteForm() error {
	f, err := r.fileFor(sp.ToDelete)
	if err != nil {
		return err
	}
	effect := "The file moves to its owner's trash. The owner can recover it."
	if f.Kind == sp.KindWorkspace {
		effect = "The documents and folders in this workspace move to a folder in your My Documents."
	}
	return r.render("Delete", sigma.Confirm(sigma.ConfirmView{
		At: r.at(), Question: "Delete " + f.Name + "?", Effects: []string{effect},
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

// share gives a member, a team or everyone access.
func (r *request) share() error {
	kind, id := splitGrantee(r.FormValue("grantee"))
	access, _ := strconv.Atoi(r.FormValue("access")) // 0 for invalid input, which package sp refuses
	if err := r.org.Share(r.ctx(), r.by(), r.Param("id"), kind, id, sp.Access(access)); err != nil {
		return r.showShare(err)
	}
	return r.done("/file/"+r.Param("id")+"/share", "Shared.")
}

// unshare removes a grant.
func (r *request) unshare() error {
	kind, id := splitGrantee(r.FormValue("grantee"))
	if err := r.org.Unshare(r.ctx(), r.by(), r.Param("id"), kind, id); err != nil {
		return err
	}
	return r.done("/file/"+r.Param("id")+"/share", "No longer shared.")
}

// splitGrantee splits "team:abc" into kind and id.
func splitGrantee(value string) (kind, id string) {
	kind, id, _ = strings.Cut(value, ":")
	return kind, id
}

func (r *request) showShare(problem error) error {
	f, err := r.fileFor(sp.ToShare)
	if err != nil {
		return err
	}
	grants, err := r.org.Grants(r.ctx(), r.by(), f.ID)
	if err != nil {
		return err
	}
	query := r.FormValue("q")
	members, err := r.org.FindMembers(r.ctx(), r.by(), query, 200)
	if err != nil {
		return err
	}
	teams, err := r.org.Teams(r.ctx(), r.by(), sp.TeamQuery{Search: query, Size: 200})
	if err != nil {
		return err
	}
	v := sigma.ShareView{At: r.at(), File: fileView(f), Grants: mapped(grants, grantView(f.Kind)),
		Grantees: granteeOptions(teams.Items, members), Access: accessOptions(f.Kind), Query: query,
		Chosen: r.FormValue("grantee"), Cancel: filePath(f)}
	if problem != nil {
		return r.formErrors("Share", problem, func(e sigma.Errors) templ.Component { v.Errors = e; return sigma.Share(v) })
	}
	return r.render("Share", sigma.Share(v))
}

// requestAccess sends an email to the owner of a file that the member cannot open.
func (r *request) requestAccess() error {
	if err := r.org.RequestAccess(r.ctx(), r.by(), r.base(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/", "Request Sent")
}
