package sp

import (
	"encoding/json"
	"slices"
)

// Permission is a permission of an account type. Sigma publishes the labels but not the identifiers, of which only
// view-worksheet is known. These identifiers follow its form.
type Permission string

// The permissions of 2023 (SIGMA.md).
const (
	ViewConnections       Permission = "view-connections"
	ManageConnections     Permission = "manage-connections"
	AnnotateTables        Permission = "annotate-tables"
	CreateInputTables     Permission = "create-input-tables"
	ScheduleMaterialize   Permission = "schedule-materializations"
	UploadCSV             Permission = "upload-csv"
	CreateWarehouseViews  Permission = "create-warehouse-views"
	ViewDatasets          Permission = "view-datasets"
	CreateDatasets        Permission = "create-datasets"
	WriteSQL              Permission = "write-sql"
	ViewWorkbooks         Permission = "view-workbooks"
	CommentWorkbooks      Permission = "comment-workbooks"
	BasicExplore          Permission = "basic-explore"
	FullExplore           Permission = "full-explore"
	CreateWorkbooks       Permission = "create-workbooks"
	SetDataRefresh        Permission = "set-workbook-data-refresh"
	ApplyTag              Permission = "apply-tag"
	ManageUsers           Permission = "manage-users"
	ManageUserAttributes  Permission = "manage-user-attributes"
	ManageTeams           Permission = "manage-teams"
	ViewUsage             Permission = "view-usage-dashboard"
	ViewUsageSQL          Permission = "view-usage-sql"
	ManageBranding        Permission = "manage-branding-settings"
	ManageThemes          Permission = "manage-workbook-themes"
	ManagePlugins         Permission = "manage-plugins"
	Download              Permission = "download"
	ExportToEmail         Permission = "export-to-email"
	RunExportsAsRecipient Permission = "run-exports-as-recipient"
	ExportToGoogleSheet   Permission = "export-to-google-sheet"
	ExportToGoogleDrive   Permission = "export-to-google-drive"
	ExportToSlack         Permission = "export-to-slack"
	ScheduleExport        Permission = "schedule-export"
	ShareDocuments        Permission = "share-documents"
	ExportToCloud         Permission = "export-to-cloud"
	ExportToWebhook       Permission = "export-to-webhook"
	CreateFolders         Permission = "create-folders"
	ContributeToFolders   Permission = "contribute-to-shared-folders"
	CreateWorkspace       Permission = "create-workspace"
)

// PermissionInfo is a permission with its label and relations.
type PermissionInfo struct {
	Permission Permission
	Name       string       // the label: "Download"
	Enables    []Permission // permissions that this one enables
	Viewer     bool         // part of the standard type Viewer
	Creator    bool         // part of the standard type Creator
}

// PermissionSubgroup is a heading within a group: "Workbooks".
type PermissionSubgroup struct {
	Name        string
	Permissions []PermissionInfo
}

// PermissionGroup is a block of the permission table: "Documents".
type PermissionGroup struct {
	Name      string
	Subgroups []PermissionSubgroup
}

// PermissionGroups returns the permission table, in Sigma's order and groups.
func PermissionGroups() []PermissionGroup {
	p := func(p Permission, name string, viewer, creator bool, enables ...Permission) PermissionInfo {
		return PermissionInfo{p, name, enables, viewer, creator}
	}
	return []PermissionGroup{
		{"Data warehouse", []PermissionSubgroup{
			{"Connections", []PermissionInfo{
				p(ViewConnections, "View connections", false, true),
				p(ManageConnections, "Manage connections", false, false, ViewConnections)}},
			{"Tables", []PermissionInfo{p(AnnotateTables, "Annotate tables", false, true)}},
			{"Input tables", []PermissionInfo{p(CreateInputTables, "Create input tables", false, true)}},
			{"Materialization", []PermissionInfo{p(ScheduleMaterialize, "Schedule materializations", false, true)}},
			{"CSV", []PermissionInfo{p(UploadCSV, "Upload CSV", false, true)}},
			{"Warehouse views", []PermissionInfo{p(CreateWarehouseViews, "Create warehouse views", false, true)}},
		}},
		{"Data modeling", []PermissionSubgroup{
			{"Datasets", []PermissionInfo{
				p(ViewDatasets, "View datasets", true, true),
				p(CreateDatasets, "Create, edit, and publish datasets", false, true, ViewDatasets)}},
			{"Features", []PermissionInfo{p(WriteSQL, "Write SQL", false, true)}},
		}},
		{"Documents", []PermissionSubgroup{
			{"Workbooks", []PermissionInfo{
				p(ViewWorkbooks, "View workbooks", true, true),
				p(CommentWorkbooks, "Can comment on workbooks", true, true),
				p(BasicExplore, "Basic explore", false, true, ViewWorkbooks),
				p(FullExplore, "Full explore", false, true, BasicExplore, ViewWorkbooks),
				p(CreateWorkbooks, "Create, edit, and publish workbooks", false, true, FullExplore, BasicExplore, ViewWorkbooks),
				p(SetDataRefresh, "Set workbook data refresh", false, true, CreateWorkbooks)}},
			{"Version tags", []PermissionInfo{p(ApplyTag, "Apply tag", false, true)}},
		}},
		{"Organization management", []PermissionSubgroup{
			{"Users and teams", []PermissionInfo{
				p(ManageUsers, "Manage users", false, false),
				p(ManageUserAttributes, "Manage user attributes", false, false),
				p(ManageTeams, "Manage teams", false, false)}},
			{"Usage dashboard", []PermissionInfo{
				p(ViewUsage, "View usage dashboard", false, false),
				p(ViewUsageSQL, "View SQL in usage dashboard", false, false)}},
			{"Branding", []PermissionInfo{
				p(ManageBranding, "Manage branding settings", false, false),
				p(ManageThemes, "Manage all workbook themes and fonts", false, false)}},
			{"Plugins", []PermissionInfo{p(ManagePlugins, "Manage plugins", false, false)}},
		}},
		{"Sharing and folders", []PermissionSubgroup{
			{"Sharing and exports", []PermissionInfo{
				p(Download, "Download", false, true),
				p(ExportToEmail, "Export to email", false, true, Download),
				p(RunExportsAsRecipient, "Run exports as recipient", false, true, Download, ExportToEmail),
				p(ExportToGoogleSheet, "Export to Google Sheet", false, true, Download),
				p(ExportToGoogleDrive, "Export to Google Drive", false, true, Download),
				p(ExportToSlack, "Export to Slack", false, true, Download),
				p(ScheduleExport, "Schedule export", false, true, Download, ExportToEmail),
				p(ShareDocuments, "Share documents", false, true),
				p(ExportToCloud, "Export to cloud", false, true, Download),
				p(ExportToWebhook, "Export to webhook", false, true, Download)}},
			{"Folders", []PermissionInfo{
				p(CreateFolders, "Create new folders", false, true),
				p(ContributeToFolders, "Contribute to shared folders", false, true),
				p(CreateWorkspace, "Create new workspace", false, true, ContributeToFolders, ShareDocuments)}},
		}},
	}
}

// AllPermissions returns the permissions of the table without the headings.
func AllPermissions() []PermissionInfo {
	var all []PermissionInfo
	for _, g := range PermissionGroups() {
		for _, s := range g.Subgroups {
			all = append(all, s.Permissions...)
		}
	}
	return all
}

// Name is the permission's label, or the identifier of an unknown permission.
func (p Permission) Name() string {
	for _, info := range AllPermissions() {
		if info.Permission == p {
			return info.Name
		}
	}
	return string(p)
}

// Permissions is a set of permissions.
type Permissions map[Permission]bool

// PermissionsOf returns the set of the given permissions and of all permissions that they enable. Unknown permissions are
// left out.
func PermissionsOf(list ...Permission) Permissions {
	enables := map[Permission][]Permission{}
	for _, info := range AllPermissions() {
		enables[info.Permission] = append([]Permission{}, info.Enables...)
	}
	set := Permissions{}
	var add func(Permission)
	add = func(p Permission) {
		if _, known := enables[p]; !known || set[p] {
			return
		}
		set[p] = true
		for _, e := range enables[p] {
			add(e)
		}
	}
	for _, p := range list {
		add(p)
	}
	return set
}

// Has reports whether the set contains p.
func (s Permissions) Has(p Permission) bool { return s[p] }

// List returns the permissions of the set in the order of the table.
func (s Permissions) List() []Permission {
	var list []Permission
	for _, info := range AllPermissions() {
		if s[info.Permission] {
			list = append(list, info.Permission)
		}
	}
	return list
}

// encode returns the set as a JSON array, for the database.
func (s Permissions) encode() string {
	list := s.List()
	if list == nil {
		list = []Permission{}
	}
	text, _ := json.Marshal(list) // strings always marshal
	return string(text)
}

func decodePermissions(text string) (Permissions, error) {
	var list []Permission
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, err
	}
	set := Permissions{}
	for _, p := range list {
		set[p] = true
	}
	return set, nil
}

// standardPermissions returns the permissions that a standard type starts with.
func standardPermissions(standard string) Permissions {
	var list []Permission
	for _, info := range AllPermissions() {
		if standard == StandardAdmin || standard == StandardCreator && info.Creator ||
			standard == StandardViewer && info.Viewer {
			list = append(list, info.Permission)
		}
	}
	return PermissionsOf(slices.Clip(list)...)
}
