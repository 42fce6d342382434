package site

import (
	"understudy/sp"
	"understudy/sp/web"
	"understudy/ui/sigma"
)

// home is the first page.
func (r *request) home() error {
	home, err := r.org.Home(r.ctx(), r.by())
	if err != nil {
		return err
	}
	return r.render("Home", sigma.Home(sigma.HomeView{At: r.at(), Recent: mapped(home.Recent, fileView),
		Folders: mapped(home.Folders, fileView), Workspaces: mapped(home.Workspaces, fileView),
		Create: r.viewer.Can(sp.CreateWorkbooks)}))
}

// showFiles shows a list of files; v has the parts that differ between the lists.
func (r *request) showFiles(v sigma.FilesView, files []sp.File) error {
	v.At, v.Files = r.at(), mapped(files, fileView)
	return r.render(v.Title, sigma.Files(v))
}

// recents lists the documents that the member opened, newest first.
func (r *request) recents() error {
	files, err := r.org.Recents(r.ctx(), r.by(), 50)
	if err != nil {
		return err
	}
	return r.showFiles(sigma.FilesView{Title: "Recents", Empty: "Documents that you open appear here, the latest first."}, files)
}

// sharedWithMe lists the files that others shared with the member.
func (r *request) sharedWithMe() error {
	files, err := r.org.SharedWithMe(r.ctx(), r.by())
	if err != nil {
		return err
	}
	return r.showFiles(sigma.FilesView{Title: "Shared with Me",
		Empty: "Documents and folders that somebody shares with you, or with one of your teams, appear here."}, files)
}

// workspaces lists the workspaces that the member can open.
func (r *request) workspaces() error {
	files, err := r.org.Workspaces(r.ctx(), r.by())
	if err != nil {
		return err
	}
	v := sigma.FilesView{Title: "Workspaces", Empty: "Workspaces that you can open appear here."}
	if r.viewer.Can(sp.CreateWorkspace) {
		v.CreateLabel, v.CreatePath = "Create Workspace", "/new/workspace"
	}
	return r.showFiles(v, files)
}

// trash lists the files that the member deleted.
func (r *request) trash() error {
	files, err := r.org.Trash(r.ctx(), r.by())
	if err != nil {
		return err
	}
	return r.showFiles(sigma.FilesView{Title: "Trash", Trash: true,
		Empty: "Deleted documents and folders of yours appear here. You can recover them."}, files)
}

// recoverFile takes a file out of the trash.
func (r *request) recoverFile() error {
	if err := r.org.RecoverFile(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/trash", "Recovered.")
}

// search lists files by name.
func (r *request) search() error {
	query := r.QueryParam("q")
	files, err := r.org.SearchFiles(r.ctx(), r.by(), query, 100)
	if err != nil {
		return err
	}
	return r.showFiles(sigma.FilesView{Title: "Search", Search: true, Query: query, Empty: "No documents or folders match."}, files)
}

// unbuilt answers for a page of Sigma that the stand-in does not have yet.
func (r *request) unbuilt() error { return web.NotBuilt }

// myDocuments is the member's own folder.
func (r *request) myDocuments() error {
	folder, err := r.org.MyDocuments(r.ctx(), r.by())
	if err != nil {
		return err
	}
	return r.showFolder(folder)
}

// folder is a workspace or folder.
func (r *request) folder() error {
	folder, err := r.org.Folder(r.ctx(), r.by(), r.Param("id"))
	if err != nil {
		return err
	}
	return r.showFolder(folder)
}

func (r *request) showFolder(folder sp.Folder) error {
	title := folder.Name
	if folder.Kind == sp.KindHome && folder.OwnerID == r.viewer.Member.ID {
		title = "My Documents"
	}
	return r.render(title, sigma.Folder(sigma.FolderView{At: r.at(), Title: title, Description: folder.Description,
		Folder: fileView(folder.File), Crumbs: crumbViews(folder.Path), Items: mapped(folder.Items, fileView),
		CreateWorkbook: r.viewer.Can(sp.CreateWorkbooks) && folder.Rights.Edit,
		CreateFolder:   r.viewer.Can(sp.CreateFolders) && folder.Rights.Edit}))
}
