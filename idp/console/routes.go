package console

import "net/http"

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes lists the pages of the Admin Console without Applications, which routes_app.go lists. A form is shown and
// submitted at the same path.
var routes = []route{
	{get, "/admin", (*request).enter},
	{get, "/admin/dashboard", (*request).dashboard},
	{get, tasksPath, (*request).tasks},
	{post, tasksPath + "/retry", (*request).retryTasks},
	{post, tasksPath + "/done", (*request).dismissTasks},
	{get, "/admin/search", (*request).search},
	{get, "/admin/search/suggest", (*request).suggest},

	{get, authenticatorsPath, (*request).authenticators},
	{get, passwordPath, (*request).password},
	{get, passwordPath + "/edit", (*request).editPassword},
	{post, passwordPath + "/edit", (*request).savePassword},

	{get, "/admin/users", (*request).people},
	{get, "/admin/users/new", (*request).newPerson},
	{post, "/admin/users/new", (*request).addPerson},
	{get, peoplePath + "/reset-passwords", notBuilt("People", "Reset passwords")},
	{get, peoplePath + "/import-csv", notBuilt("People", "Import users from CSV")},
	{get, "/admin/user/profile/view/:id", (*request).person},
	{get, "/admin/user/profile/view/:id/:tab", (*request).person},
	{get, "/admin/user/profile/view/:id/profile/edit", (*request).editProfile},
	{post, "/admin/user/profile/view/:id/profile/edit", (*request).saveProfile},
	{get, "/admin/user/profile/view/:id/lifecycle/:action", (*request).confirmLifecycle},
	{post, "/admin/user/profile/view/:id/lifecycle/:action", (*request).changeLifecycle},
	{get, "/admin/user/profile/view/:id/assign-apps", (*request).personApps},
	{get, "/admin/user/profile/view/:id/assign-apps/:app", (*request).personAppForm},
	{post, "/admin/user/profile/view/:id/assign-apps/:app", (*request).assignPersonApp},
	{get, "/admin/user/profile/view/:id/apps/:app/edit", (*request).editPersonApp},
	{post, "/admin/user/profile/view/:id/apps/:app/edit", (*request).savePersonApp},
	{get, "/admin/user/profile/view/:id/apps/:app/remove", (*request).confirmRemovePersonApp},
	{post, "/admin/user/profile/view/:id/apps/:app/remove", (*request).removePersonApp},
	{get, "/admin/user/profile/view/:id/assign-groups", (*request).personGroups},
	{post, "/admin/user/profile/view/:id/assign-groups", (*request).addPersonToGroup},
	{post, "/admin/user/profile/view/:id/groups/:group/remove", (*request).removePersonFromGroup},

	{get, "/admin/groups", (*request).groups},
	{get, rulesPath, (*request).groupRules},
	{get, rulesPath + "/new", (*request).newGroupRule},
	{post, rulesPath + "/new", (*request).saveGroupRule},
	{get, rulesPath + "/:rule/edit", (*request).editGroupRule},
	{post, rulesPath + "/:rule/edit", (*request).saveGroupRule},
	{get, rulesPath + "/:rule/preview", (*request).previewGroupRule},
	{post, rulesPath + "/:rule/preview", (*request).previewGroupRule},
	{post, rulesPath + "/:rule/activate", (*request).activateGroupRule},
	{post, rulesPath + "/:rule/deactivate", (*request).deactivateGroupRule},
	{get, rulesPath + "/:rule/delete", (*request).confirmDeleteGroupRule},
	{post, rulesPath + "/:rule/delete", (*request).deleteGroupRule},
	{get, "/admin/groups/new", (*request).newGroup},
	{post, "/admin/groups/new", (*request).addGroup},
	{get, "/admin/group/:id", (*request).group},
	{get, "/admin/group/:id/:tab", (*request).group},
	{get, "/admin/group/:id/profile/edit", (*request).editGroup},
	{post, "/admin/group/:id/profile/edit", (*request).saveGroup},
	{get, "/admin/group/:id/delete", (*request).confirmDeleteGroup},
	{post, "/admin/group/:id/delete", (*request).deleteGroup},
	{get, "/admin/group/:id/assign-people", (*request).groupCandidates},
	{post, "/admin/group/:id/assign-people", (*request).addToGroup},
	{post, "/admin/group/:id/people/:user/remove", (*request).removeFromGroup},
	{get, "/admin/group/:id/assign-apps", (*request).groupApps},
	{get, "/admin/group/:id/assign-apps/:app", (*request).groupAppForm},
	{post, "/admin/group/:id/assign-apps/:app", (*request).assignGroupApp},
	{get, "/admin/group/:id/apps/:app/edit", (*request).editGroupApp},
	{post, "/admin/group/:id/apps/:app/edit", (*request).saveGroupApp},
	{get, "/admin/group/:id/apps/:app/remove", (*request).confirmRemoveGroupApp},
	{post, "/admin/group/:id/apps/:app/remove", (*request).removeGroupApp},

	{get, "/admin/universaldirectory", (*request).profiles},
	{get, "/admin/universaldirectory/:profile", (*request).profileAttributes},
	{get, "/admin/universaldirectory/:profile/attributes/new", (*request).newAttribute},
	{post, "/admin/universaldirectory/:profile/attributes/new", (*request).saveAttribute},
	{get, "/admin/universaldirectory/:profile/attributes/:attribute", (*request).editAttribute},
	{post, "/admin/universaldirectory/:profile/attributes/:attribute", (*request).saveAttribute},
	{get, "/admin/universaldirectory/:profile/attributes/:attribute/remove", (*request).confirmRemoveAttribute},
	{post, "/admin/universaldirectory/:profile/attributes/:attribute/remove", (*request).removeAttribute},

	{get, "/admin/reports/system-log", (*request).systemLog},
	{get, "/report/system_log_2", (*request).systemLogAlias},
	{get, "/admin/reports/system-log.csv", (*request).systemLogCSV},
}
