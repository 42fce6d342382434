package job

import "strings"

// Kind says what a job does at the app. Its text is stored in the column okta_jobs.kind.
type Kind string

// The kinds of job; [Types] describes each.
const (
	CreateUser     Kind = "user.create"     // find by userName; then create, or link, reactivate and update
	UpdateUser     Kind = "user.update"     // send the profile
	DeactivateUser Kind = "user.deactivate" // set active to false
	PushGroup      Kind = "group.push"      // find, link or create; send the name and all members
	PushMembers    Kind = "group.members"   // send members that joined or left
	RenameGroup    Kind = "group.rename"    // send displayName
	DeleteGroup    Kind = "group.delete"    // unlinked with "Delete the group in the target app"
	ImportUsers    Kind = "import.users"    // read users, and groups where they are imported
	ImportGroups   Kind = "import.groups"   // read groups
)

// Subject is what a job is about.
type Subject int

// The subjects.
const (
	User Subject = iota + 1
	Group
	Import
)

// Task is a heading under Dashboard > Tasks.
type Task struct {
	Key   string // stable, for URLs and tests: "assignment-errors"
	Title string // Okta's words
	Tab   string // the tab of the app on which an administrator fixes the cause
}

// The headings of Dashboard > Tasks under which failed jobs are listed.
var (
	profileErrors    = Task{"profile-push-errors", "Profile pushes encountered errors", "assignments"}
	assignmentErrors = Task{"assignment-errors", "Application assignments encountered errors", "assignments"}
	groupErrors      = Task{"group-push-errors", "Group pushes encountered errors", "push-groups"}
	importErrors     = Task{"import-errors", "Imports encountered errors", "import"}
)

// Tasks are all headings in the order of the page.
var Tasks = []Task{profileErrors, assignmentErrors, groupErrors, importErrors}

// System Log event types of a failed group push: a temporary failure is retried, a permanent one is not.
const (
	groupRetried = "application.provision.group_push.mapping.update.or.delete.failed"
	groupFailed  = "application.provision.group_push.mapping.update.or.delete.failed.with.error"
)

// Type describes one kind of job.
type Type struct {
	Kind        Kind
	Subject     Subject
	Incremental bool   // sends only what changed; its success does not clear an earlier failure in the lane
	FailedEvent string // System Log event type of a failure that waits for an administrator
	RetryEvent  string // System Log event type of a failure that is retried
	Task        Task
	failure     string // {name} is the user's or group's name, {app} the app's label
}

// Types is the table of all kinds.
var Types = []Type{
	{CreateUser, User, false, "application.provision.user.push", "application.provision.user.push", assignmentErrors,
		"Automatic provisioning of user {name} to app {app} failed: "},
	{UpdateUser, User, false, "application.provision.user.push_profile", "application.provision.user.push_profile",
		profileErrors,
		"Automatic profile push of user {name} to app {app} failed: "},
	{DeactivateUser, User, false, "application.provision.user.deactivate", "application.provision.user.deactivate",
		assignmentErrors,
		"Automatic deprovisioning of user {name} from app {app} failed: "},
	{PushGroup, Group, false, groupFailed, groupRetried, groupErrors,
		"Unable to update Group Push mapping target App group {name}: "},
	{PushMembers, Group, true, groupFailed, groupRetried, groupErrors,
		"Unable to update Group Push mapping target App group {name}: "},
	{RenameGroup, Group, true, groupFailed, groupRetried, groupErrors,
		"Unable to update Group Push mapping target App group {name}: "},
	{DeleteGroup, Group, false, groupFailed, groupRetried, groupErrors,
		"Unable to delete Group Push mapping target App group {name}: "},
	{ImportUsers, Import, false, "application.provision.integration.call_api",
		"application.provision.integration.call_api", importErrors,
		"Import from app {app} failed: "},
	{ImportGroups, Import, false, "application.provision.integration.call_api",
		"application.provision.integration.call_api", importErrors,
		"Import from app {app} failed: "},
}

// Type returns the row of Types for the kind; the zero Type for an unknown kind.
func (k Kind) Type() Type {
	for _, t := range Types {
		if t.Kind == k {
			return t
		}
	}
	return Type{}
}

// FailureSentence begins the error that an administrator reads, in Okta's words; the cause follows it. name is the
// user's or group's, app the app's label.
func (t Type) FailureSentence(name, app string) string {
	return strings.NewReplacer("{name}", name, "{app}", app).Replace(t.failure)
}
