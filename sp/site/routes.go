package site

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// Register adds the pages to the Sigma half.
func Register(e *echo.Echo) {
	for _, r := range publicRoutes {
		e.Add(r.method, r.path, r.handle.serve())
	}
	for _, r := range memberRoutes {
		e.Add(r.method, r.path, signedIn(r.handle).serve())
	}
	for _, r := range adminRoutes {
		e.Add(r.method, r.path, signedIn(administrator(r.handle)).serve())
	}
}

// route is a line of a route table. A form and its target have the same path.
type route struct {
	method string
	path   string
	handle handler
}

// publicRoutes are open to everybody.
var publicRoutes = []route{
	{get, "/login", (*request).signInPage},
	{post, "/login", (*request).signIn},
	{post, "/logout", (*request).signOut},
	{get, "/invitation/:token", (*request).invitation},
	{post, "/invitation/:token", (*request).acceptInvitation},
	{get, "/forgot-password", (*request).forgotPassword},
	{post, "/forgot-password", (*request).requestReset},
	{get, "/reset-password/:token", (*request).choosePassword},
	{post, "/reset-password/:token", (*request).savePassword},
}

// memberRoutes are for signed-in members. Other people are sent to the sign-in page and return afterwards.
var memberRoutes = []route{
	{get, "/", (*request).home},
	{get, "/home", (*request).home},
	{get, "/recents", (*request).recents},
	{get, "/shared", (*request).sharedWithMe},
	{get, "/my-documents", (*request).myDocuments},
	{get, "/workspaces", (*request).workspaces},
	{get, "/trash", (*request).trash},
	{post, "/trash/:id/recover", (*request).recoverFile},
	{get, "/search", (*request).search},
	{get, "/favorites", (*request).unbuilt},
	{get, "/connections", (*request).unbuilt},
	{get, "/templates", (*request).unbuilt},

	{get, "/new/workbook", (*request).newWorkbook},
	{post, "/new/workbook", (*request).createWorkbook},
	{get, "/new/folder", (*request).newFolder},
	{post, "/new/folder", (*request).createFolder},
	{get, "/new/workspace", (*request).newWorkspace},
	{post, "/new/workspace", (*request).createWorkspace},

	{get, "/folder/:id", (*request).folder},
	{get, "/file/:id/rename", (*request).renameForm},
	{post, "/file/:id/rename", (*request).rename},
	{get, "/file/:id/move", (*request).moveForm},
	{post, "/file/:id/move", (*request).move},
	{get, "/file/:id/delete", (*request).deleteForm},
	{post, "/file/:id/delete", (*request).deleteFile},
	{get, "/file/:id/share", (*request).shareForm},
	{post, "/file/:id/share", (*request).share},
	{post, "/file/:id/unshare", (*request).unshare},
	{post, "/file/:id/request-access", (*request).requestAccess},

	{get, "/workbook/:id", (*request).workbook},
	{get, "/workbook/:id/edit", (*request).editWorkbook},
	{post, "/workbook/:id/edit", (*request).saveWorkbook},
	{get, "/workbook/:id/export", (*request).export},

	{get, "/teams/:id", (*request).team},
	{get, "/teams/:id/edit", (*request).editTeam},
	{post, "/teams/:id/edit", (*request).saveTeam},
	{get, "/teams/:id/delete", (*request).confirmDeleteTeam},
	{post, "/teams/:id/delete", (*request).deleteTeam},
	{get, "/teams/:id/members/add", (*request).teamCandidates},
	{post, "/teams/:id/members/add", (*request).addToTeam},
	{post, "/teams/:id/members/:member/remove", (*request).removeFromTeam},
	{post, "/teams/:id/members/:member/team-admin", (*request).setTeamAdmin},

	{get, "/profile", (*request).profile},
	{get, "/profile/edit", (*request).editProfile},
	{post, "/profile/edit", (*request).saveProfile},
}

// adminRoutes are Administration, for members with the account type Admin.
var adminRoutes = []route{
	{get, "/admin", (*request).adminHome},
	{get, "/admin/account", (*request).account},
	{get, "/admin/account/edit", (*request).editAccount},
	{post, "/admin/account/edit", (*request).saveAccount},

	{get, "/admin/authentication", (*request).authentication},
	{get, "/admin/authentication/edit", (*request).editAuthentication},
	{post, "/admin/authentication/edit", (*request).saveAuthentication},
	{get, "/admin/authentication/provisioning/setup", (*request).setupStart},
	{post, "/admin/authentication/provisioning/setup", (*request).setupUnderstood},
	{get, "/admin/authentication/provisioning/token", (*request).setupToken},
	{post, "/admin/authentication/provisioning/token", (*request).setupDone},
	{get, "/admin/authentication/provisioning/tokens/:id/revoke", (*request).confirmRevoke},
	{post, "/admin/authentication/provisioning/tokens/:id/revoke", (*request).revokeToken},
	{get, "/admin/authentication/provisioning/disable", (*request).confirmDisable},
	{post, "/admin/authentication/provisioning/disable", (*request).disableProvisioning},
	{post, "/admin/authentication/provisioning/enable", (*request).enableProvisioning},

	{get, "/admin/people", (*request).people},
	{get, "/admin/people/invite", (*request).inviteForm},
	{post, "/admin/people/invite", (*request).invite},
	{get, "/admin/people/:id", (*request).person},
	{get, "/admin/people/:id/edit", (*request).editPerson},
	{post, "/admin/people/:id/edit", (*request).savePerson},
	{get, "/admin/people/:id/account-type", (*request).personType},
	{post, "/admin/people/:id/account-type", (*request).savePersonType},
	{post, "/admin/people/:id/resend-invite", (*request).resendInvite},
	{get, "/admin/people/:id/revoke-invite", (*request).confirmRevokeInvite},
	{post, "/admin/people/:id/revoke-invite", (*request).revokeInvite},
	{post, "/admin/people/:id/reset-password", (*request).resetPassword},
	{get, "/admin/people/:id/deactivate", (*request).confirmDeactivate},
	{post, "/admin/people/:id/deactivate", (*request).deactivate},
	{post, "/admin/people/:id/reactivate", (*request).reactivate},

	{get, "/admin/teams", (*request).teams},
	{get, "/admin/teams/new", (*request).newTeam},
	{post, "/admin/teams/new", (*request).createTeam},
	{get, "/admin/teams/:id", (*request).team},
	{get, "/admin/teams/:id/edit", (*request).editTeam},
	{post, "/admin/teams/:id/edit", (*request).saveTeam},
	{get, "/admin/teams/:id/delete", (*request).confirmDeleteTeam},
	{post, "/admin/teams/:id/delete", (*request).deleteTeam},
	{get, "/admin/teams/:id/members/add", (*request).teamCandidates},
	{post, "/admin/teams/:id/members/add", (*request).addToTeam},
	{post, "/admin/teams/:id/members/:member/remove", (*request).removeFromTeam},
	{post, "/admin/teams/:id/members/:member/team-admin", (*request).setTeamAdmin},

	{get, "/admin/account-types", (*request).accountTypes},
	{post, "/admin/account-types/default", (*request).saveInvitationDefault},
	{get, "/admin/account-types/new", (*request).newAccountType},
	{post, "/admin/account-types/new", (*request).createAccountType},
	{get, "/admin/account-types/:id", (*request).accountType},
	{get, "/admin/account-types/:id/edit", (*request).editAccountType},
	{post, "/admin/account-types/:id/edit", (*request).saveAccountType},
	{post, "/admin/account-types/:id/duplicate", (*request).duplicateAccountType},
	{get, "/admin/account-types/:id/members/add", (*request).typeCandidates},
	{post, "/admin/account-types/:id/members/add", (*request).assignType},
	{get, "/admin/account-types/:id/delete", (*request).confirmDeleteType},
	{post, "/admin/account-types/:id/delete", (*request).deleteAccountType},

	{get, "/admin/audit-log", (*request).auditLog},

	{get, "/admin/:section", (*request).unbuiltSection},
}
