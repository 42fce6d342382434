package idp

import (
	"context"
	"crypto/rsa"
	"errors"
	"io"

	"understudy/seed/store"
)

var errTODO = errors.New("idp: not built yet")

func embeddedCatalog() (*Catalog, error) { return &Catalog{}, nil }

// Users
func (o *Org) Users(ctx context.Context, q UserQuery) (Page[User], error) {
	return Page[User]{}, errTODO
}
func (o *Org) UserCounts(ctx context.Context) (map[UserStatus]int, error) { return nil, errTODO }
func (o *Org) User(ctx context.Context, idOrLogin string) (User, error)   { return User{}, errTODO }
func (o *Org) CreateUser(ctx context.Context, a Actor, n NewUser) (User, error) {
	return User{}, errTODO
}
func (o *Org) UpdateProfile(ctx context.Context, a Actor, id string, p Profile) (User, error) {
	return User{}, errTODO
}
func (o *Org) ActivateUser(ctx context.Context, a Actor, id string, sendEmail bool) (Link, error) {
	return Link{}, errTODO
}
func (o *Org) ReactivateUser(ctx context.Context, a Actor, id string, sendEmail bool) (Link, error) {
	return Link{}, errTODO
}
func (o *Org) DeactivateUser(ctx context.Context, a Actor, id string) error { return errTODO }
func (o *Org) SuspendUser(ctx context.Context, a Actor, id string) error    { return errTODO }
func (o *Org) UnsuspendUser(ctx context.Context, a Actor, id string) error  { return errTODO }
func (o *Org) UnlockUser(ctx context.Context, a Actor, id string) error     { return errTODO }
func (o *Org) DeleteUser(ctx context.Context, a Actor, id string) error     { return errTODO }
func (o *Org) ExpirePassword(ctx context.Context, a Actor, id string) error { return errTODO }
func (o *Org) ResetPassword(ctx context.Context, a Actor, id string, sendEmail bool) (Link, error) {
	return Link{}, errTODO
}
func (o *Org) ClearSessions(ctx context.Context, a Actor, id string) error { return errTODO }
func UserSchema() []Attribute                                              { return nil }

// Passwords
func (o *Org) PasswordPolicy(ctx context.Context) (PasswordPolicy, error) {
	return DefaultPasswordPolicy, nil
}
func (p PasswordPolicy) Requirements() []string { return nil }
func (o *Org) ChangePassword(ctx context.Context, a Actor, userID, old, password, repeat string) error {
	return errTODO
}
func (o *Org) ReplacePassword(ctx context.Context, c Client, stateToken, password, repeat string) (SignIn, error) {
	return SignIn{}, errTODO
}
func (o *Org) StateUser(ctx context.Context, stateToken string) (User, error) { return User{}, errTODO }
func (o *Org) LinkUser(ctx context.Context, token string) (User, error)       { return User{}, errTODO }
func (o *Org) PasswordByLink(ctx context.Context, c Client, token, password, repeat string) (SignIn, error) {
	return SignIn{}, errTODO
}
func (o *Org) ForgotPassword(ctx context.Context, c Client, login string) error { return errTODO }

// Roles
func (o *Org) Roles(ctx context.Context, userID string) ([]RoleAssignment, error) {
	return nil, errTODO
}
func (o *Org) GrantRole(ctx context.Context, a Actor, userID, role string) error  { return errTODO }
func (o *Org) RevokeRole(ctx context.Context, a Actor, userID, role string) error { return errTODO }
func (o *Org) Administrators(ctx context.Context) ([]User, error)                 { return nil, errTODO }

// Sessions
func (o *Org) Authenticate(ctx context.Context, c Client, username, password string, app *App) (SignIn, error) {
	return SignIn{}, errTODO
}
func (o *Org) Session(ctx context.Context, token string) (Session, error)  { return Session{}, errTODO }
func (o *Org) EndSession(ctx context.Context, a Actor, token string) error { return errTODO }
func (o *Org) AccessAdminApp(ctx context.Context, a Actor) error           { return errTODO }

// Groups
func (o *Org) Groups(ctx context.Context, q GroupQuery) (Page[Group], error) {
	return Page[Group]{}, errTODO
}
func (o *Org) Group(ctx context.Context, id string) (Group, error) { return Group{}, errTODO }
func (o *Org) CreateGroup(ctx context.Context, a Actor, name, description string) (Group, error) {
	return Group{}, errTODO
}
func (o *Org) UpdateGroup(ctx context.Context, a Actor, id, name, description string) (Group, error) {
	return Group{}, errTODO
}
func (o *Org) DeleteGroup(ctx context.Context, a Actor, id string) error            { return errTODO }
func (o *Org) AddMember(ctx context.Context, a Actor, groupID, userID string) error { return errTODO }
func (o *Org) RemoveMember(ctx context.Context, a Actor, groupID, userID string) error {
	return errTODO
}
func (o *Org) MemberCandidates(ctx context.Context, groupID string, q UserQuery) (Page[Candidate], error) {
	return Page[Candidate]{}, errTODO
}
func (o *Org) GroupsOf(ctx context.Context, userID string) ([]Group, error) { return nil, errTODO }

// Apps
func (o *Org) Catalog() *Catalog                                             { return o.catalog }
func (c *Catalog) Entry(key string) (Entry, bool)                            { return Entry{}, false }
func (c *Catalog) Search(text, category string) []Entry                      { return nil }
func (c *Catalog) Categories() []string                                      { return nil }
func (o *Org) Entry(a App) Entry                                             { return Entry{} }
func (o *Org) Apps(ctx context.Context, q AppQuery) ([]App, error)           { return nil, errTODO }
func (o *Org) AppCounts(ctx context.Context) (map[AppStatus]int, error)      { return nil, errTODO }
func (o *Org) App(ctx context.Context, id string) (App, error)               { return App{}, errTODO }
func (o *Org) AppByExternalKey(ctx context.Context, exk string) (App, error) { return App{}, errTODO }
func (o *Org) AddApp(ctx context.Context, a Actor, n NewApp) (App, error)    { return App{}, errTODO }
func (o *Org) UpdateAppGeneral(ctx context.Context, a Actor, id string, g AppGeneral) (App, error) {
	return App{}, errTODO
}
func (o *Org) UpdateAppSignOn(ctx context.Context, a Actor, id string, s AppSignOn) (App, error) {
	return App{}, errTODO
}
func (o *Org) ActivateApp(ctx context.Context, a Actor, id string) error   { return errTODO }
func (o *Org) DeactivateApp(ctx context.Context, a Actor, id string) error { return errTODO }
func (o *Org) DeleteApp(ctx context.Context, a Actor, id string) error     { return errTODO }
func (o *Org) AppKeys(ctx context.Context, appID string) ([]AppKey, error) { return nil, errTODO }
func (o *Org) GenerateAppKey(ctx context.Context, a Actor, appID string, years int) (AppKey, error) {
	return AppKey{}, errTODO
}
func (o *Org) ActivateAppKey(ctx context.Context, a Actor, appID, kid string) error { return errTODO }
func (o *Org) SigningKey(ctx context.Context, appID string) (*rsa.PrivateKey, AppKey, error) {
	return nil, AppKey{}, errTODO
}
func (k AppKey) PEM() string                                        { return "" }
func (k AppKey) Base64() string                                     { return "" }
func (k AppKey) Fingerprint() string                                { return "" }
func (o *Org) SAMLSettings(ctx context.Context, a App) SAMLSettings { return SAMLSettings{} }
func (o *Org) BookmarkURL(ctx context.Context, a App) string        { return "" }

// Assignments
func (o *Org) AppUsers(ctx context.Context, appID string, q AppUserQuery) (Page[AppUser], error) {
	return Page[AppUser]{}, errTODO
}
func (o *Org) AppUser(ctx context.Context, appID, userID string) (AppUser, error) {
	return AppUser{}, errTODO
}
func (o *Org) AppsOf(ctx context.Context, userID string) ([]AppUser, error) { return nil, errTODO }
func (o *Org) DefaultAssignment(ctx context.Context, appID, userID string) (Assignment, error) {
	return Assignment{}, errTODO
}
func (o *Org) AssignUser(ctx context.Context, a Actor, appID, userID string, as Assignment) (AppUser, error) {
	return AppUser{}, errTODO
}
func (o *Org) UpdateAppUser(ctx context.Context, a Actor, appID, userID string, as Assignment) (AppUser, error) {
	return AppUser{}, errTODO
}
func (o *Org) UnassignUser(ctx context.Context, a Actor, appID, userID string) error { return errTODO }
func (o *Org) AppGroups(ctx context.Context, appID string) ([]AppGroup, error)       { return nil, errTODO }
func (o *Org) AppsOfGroup(ctx context.Context, groupID string) ([]AppGroup, error) {
	return nil, errTODO
}
func (o *Org) AppGroup(ctx context.Context, appID, groupID string) (AppGroup, error) {
	return AppGroup{}, errTODO
}
func (o *Org) AssignGroup(ctx context.Context, a Actor, appID, groupID string, as Assignment) (AppGroup, error) {
	return AppGroup{}, errTODO
}
func (o *Org) UpdateAppGroup(ctx context.Context, a Actor, appID, groupID string, as Assignment) (AppGroup, error) {
	return AppGroup{}, errTODO
}
func (o *Org) UnassignGroup(ctx context.Context, a Actor, appID, groupID string) error {
	return errTODO
}
func (o *Org) MoveAppGroup(ctx context.Context, a Actor, appID, groupID string, priority int) error {
	return errTODO
}
func (o *Org) AssignableApps(ctx context.Context, userID, groupID, text string) ([]AssignableApp, error) {
	return nil, errTODO
}
func (o *Org) AssignablePeople(ctx context.Context, appID string, q UserQuery) (Page[Candidate], error) {
	return Page[Candidate]{}, errTODO
}
func (o *Org) AssignableGroups(ctx context.Context, appID, text string) ([]AssignableGroup, error) {
	return nil, errTODO
}
func (o *Org) Tiles(ctx context.Context, userID string) ([]Tile, error) { return nil, errTODO }

// Schema
func (o *Org) ProfileTypes(ctx context.Context) ([]ProfileType, error)          { return nil, errTODO }
func (o *Org) AppSchema(ctx context.Context, appID string) ([]Attribute, error) { return nil, errTODO }
func (o *Org) SaveAttribute(ctx context.Context, a Actor, appID string, at Attribute) error {
	return errTODO
}
func (o *Org) RemoveAttribute(ctx context.Context, a Actor, appID, name string) error { return errTODO }

// System Log
func Record(tx *store.Tx, a Actor, e Event) (LogEvent, error)       { return LogEvent{}, errTODO }
func (o *Org) Record(ctx context.Context, a Actor, e Event) error   { return errTODO }
func (o *Org) Log(ctx context.Context, q LogQuery) (LogPage, error) { return LogPage{}, errTODO }
func (o *Org) LogCounts(ctx context.Context, q LogQuery, buckets int) ([]LogBucket, error) {
	return nil, errTODO
}
func (o *Org) LogCSV(ctx context.Context, w io.Writer, q LogQuery) error { return errTODO }
func (u User) Target() LogTarget                                         { return LogTarget{} }
func (a App) Target() LogTarget                                          { return LogTarget{} }
func (a AppUser) Target() LogTarget                                      { return LogTarget{} }
func (g Group) Target() LogTarget                                        { return LogTarget{} }

// Dashboard
func (o *Org) Overview(ctx context.Context) (Overview, error)         { return Overview{}, errTODO }
func (o *Org) Tasks(ctx context.Context) ([]Task, error)              { return nil, errTODO }
func (o *Org) Search(ctx context.Context, text string) ([]Hit, error) { return nil, errTODO }

// Seed
func (o *Org) Plant(ctx context.Context, s Seed) error { return errTODO }
