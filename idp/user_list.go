package idp

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"understudy/seed/base/store"
)

const userColumns = `id, status, profile, password_hash IS NOT NULL, created_ms, activated_ms, status_changed_ms,
	last_login_ms, updated_ms, password_changed_ms`

// userColumnsOf returns the columns of a user with an alias of the table before each.
func userColumnsOf(alias string) string {
	columns := strings.Split(userColumns, ", ")
	for i, c := range columns {
		columns[i] = alias + "." + c
	}
	return strings.Join(columns, ", ")
}

func scanUser(r store.Row) (u User, err error) {
	var profile string
	var created, activated, changed, login, updated, password int64
	err = r.Scan(&u.ID, &u.Status, &profile, &u.HasPassword, &created, &activated, &changed, &login, &updated, &password)
	if err != nil {
		return u, err
	}
	u.Created, u.Activated, u.StatusChanged = store.Time(created), store.Time(activated), store.Time(changed)
	u.LastLogin, u.LastUpdated, u.PasswordChanged = store.Time(login), store.Time(updated), store.Time(password)
	return u, json.Unmarshal([]byte(profile), &u.Profile)
}

// user loads a user by ID or login; NotFound when there is none.
func user(tx *store.Tx, idOrLogin string) (User, error) {
	return store.One(tx, "There is no such user.", scanUser,
		`SELECT `+userColumns+` FROM okta_users WHERE id = $1 OR login_key = $2`,
		idOrLogin, strings.ToLower(idOrLogin))
}

// User returns a user by ID or login; NotFound when there is none.
func (o *Org) User(ctx context.Context, idOrLogin string) (u User, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		u, err = user(tx, idOrLogin)
		return err
	})
	return u, err
}

var userOrder = map[string]string{
	"": "lower(first_name), lower(last_name), login_key", "name": "lower(first_name), lower(last_name), login_key", "login": "login_key",
	"email": "lower(email), login_key", "status": "status, login_key", "created": "created_ms, id", "lastLogin": "last_login_ms, login_key",
}

// where returns the condition of a query over okta_users.
func (q UserQuery) where() (string, []any) {
	conditions, args := []string{"1"}, []any{}
	for _, word := range searchWords(q.Text) {
		args = append(args, containing(word))
		conditions = append(conditions, fmt.Sprintf(`search LIKE $%d ESCAPE '\'`, len(args)))
	}
	if q.Status != "" {
		args = append(args, q.Status)
		conditions = append(conditions, fmt.Sprintf("status = $%d", len(args)))
	}
	if q.GroupID != "" {
		args = append(args, q.GroupID)
		conditions = append(conditions, fmt.Sprintf("id IN (SELECT user_id FROM okta_group_members WHERE group_id = $%d)", len(args)))
	}
	return strings.Join(conditions, " AND "), args
}

// Users lists users.
func (o *Org) Users(ctx context.Context, q UserQuery) (p Page[User], err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		p, err = users(tx, q)
		return err
	})
	return p, err
}

func users(tx *store.Tx, q UserQuery) (p Page[User], err error) {
	number, limit, offset := window(q.Page, q.Size, 25)
	p.Number, p.Size = number, limit
	where, args := q.where()
	order, known := userOrder[q.Sort]
	if !known {
		order = userOrder[""]
	}
	if q.Desc {
		order = strings.ReplaceAll(order, ",", " DESC,") + " DESC"
	}
	p.Items, p.Total, err = store.ListPage(tx, scanUser,
		`SELECT `+userColumns+` FROM okta_users WHERE `+where+` ORDER BY `+order,
		`SELECT count(*) FROM okta_users WHERE `+where, limit, offset, args...)
	return p, err
}

// UserCounts returns the number of users by status.
func (o *Org) UserCounts(ctx context.Context) (map[UserStatus]int, error) {
	counts := map[UserStatus]int{}
	err := o.db.Read(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT status, count(*) FROM okta_users GROUP BY status`, nil, func(r store.Row) error {
			var status UserStatus
			var n int
			err := r.Scan(&status, &n)
			counts[status] = n
			return err
		})
	})
	return counts, err
}

// saveProfile stores a user's profile and the columns that are derived from it.
func saveProfile(tx *store.Tx, u User) error {
	profile, err := json.Marshal(u.Profile)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE okta_users SET login = $2, login_key = $3, email = $4, first_name = $5, last_name = $6,
		search = $7, profile = $8, updated_ms = $9 WHERE id = $1`,
		u.ID, u.Login(), strings.ToLower(u.Login()), u.Email(), u.FirstName(), u.LastName(), searchText(u.Profile), string(profile), store.Millis(tx.Now()))
}

// searchText is what [UserQuery.Text] searches.
func searchText(p Profile) string {
	return strings.ToLower(strings.Join([]string{p["firstName"], p["lastName"], p["email"], p["login"]}, " "))
}

// setStatus sets a user's status and its time.
func setStatus(tx *store.Tx, id string, status UserStatus) error {
	return tx.Exec(`UPDATE okta_users SET status = $2, status_changed_ms = $3, updated_ms = $3 WHERE id = $1`, id,
		status, store.Millis(tx.Now()))
}
