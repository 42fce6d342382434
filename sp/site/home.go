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
	return r.render("Home", sigma.Home(sigma.HomeView{At: r.at(), Home: home, Create: r.viewer.Can(sp.CreateWorkbooks)}))
}

// recents lists what the member opened last.
func (r *request) recents() error {
	files, err := r.org.Recents(r.ctx(), r.by(), 50)
	if err != nil {
		return err
	}
	return r.render("Recents", sigma.Files(sigma.FilesView{At: r.at(), Title: "Recents", Files: files,
		Empty: "Documents that you open appear here, the latest first."}))
}

// sharedWithMe lists what others granted to the member.
func (r *request) sharedWithMe() error {
	files, err := r.org.SharedWithMe(r.ctx(), r.by())
	if err != nil {
		return err
	}
	return r.render("Shared with Me", sigma.Files(sigma.FilesView{At: r.at(), Title: "Shared with Me", Files: files,
		Empty: "Documents and folders that somebody shares with you, or with one of your teams, appear here."}))
}

// workspaces lists the workspaces that the member may see.
func (r *request) workspaces() error {
	files, err := r.org.Workspaces(r.ctx(), r.by())
	if err != nil {
		return err
	}
	v := sigma.FilesView{At: r.at(), Title: "Workspaces", Files: files, Empty: "Workspaces that you may open appear here."}
	if r.viewer.Can(sp.CreateWorkspace) {
		v.CreateLabel, v.CreatePath = "Create Workspace", "/new/workspace"
	}
	return r.render("Workspaces", sigma.Files(v))
}

// trash lists what the member deleted.
func (r *request) trash() error {
	files, err := r.org.Trash(r.ctx(), r.by())
	if err != nil {
		return err
	}
	return r.render("Trash", sigma.Files(sigma.FilesView{At: r.at(), Title: "Trash", Files: files, Trash: true,
		Empty: "Deleted documents and folders of yours appear here and can be recovered."}))
}

// recoverFile takes a file out of the trash.
func (r *request) recoverFile() error {
	if err := r.org.RecoverFile(r.ctx(), r.by(), r.Param("id")); err != nil {
		return err
	}
	return r.done("/trash", "Recovered.")
}

// search finds documents by name.
func (r *request) search() error {
	query := r.QueryParam("q")
	files, err := r.org.SearchFiles(r.ctx(), r.by(), query, 100)
	if err != nil {
		return err
	}
	return r.render("Search", sigma.Files(sigma.FilesView{At: r.at(), Title: "Search", Files: files, Search: true, Query: query,
		Empty: "Nothing that you may open has this in its name."}))
}

// unbuilt answers for a page of Sigma that is not here yet.
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
	return r.render(title, sigma.Folder(sigma.FolderView{At: r.at(), Title: title, Folder: folder,
		CreateWorkbook: r.viewer.Can(sp.CreateWorkbooks) && folder.Rights.Edit,
		CreateFolder:   r.viewer.Can(sp.CreateFolders) && folder.Rights.Edit}))
}
