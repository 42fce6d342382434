package provision

import (
	"context"
	"strings"

	"understudy/idp"
	"understudy/idp/job"
	"understudy/scim"
	"understudy/seed/base/store"
)

// importAll reads the app's users, unless the job imports groups only, and its groups, page by page. An interrupted import
// starts from the beginning. No Okta user changes until an administrator confirms.
func (t *task) importAll(ctx context.Context) error {
	if err := t.org.BeginImport(ctx, t.job.AppID); err != nil {
		return err
	}
	if t.job.Kind == job.ImportUsers {
		schema, err := t.org.AppSchema(ctx, t.job.AppID)
		if err != nil {
			return err
		}
		err = t.eachPage(ctx, users, func(page []*scim.Object, total int) error {
			return t.org.SaveImportPage(ctx, t.job.AppID, t.job.ID, importUsers(page, schema), total)
		})
		if err != nil {
			return err
		}
	}
	if t.in.ImportGroups {
		var found []idp.ImportedGroup
		err := t.eachPage(ctx, groups, func(page []*scim.Object, _ int) error {
			for _, o := range page {
				found = append(found, idp.ImportedGroup{ExternalID: o.ID(), Name: o.Text("displayName")})
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := t.org.SaveImportedGroups(ctx, t.actor, t.job.AppID, found); err != nil {
			return err
		}
	}
	return t.org.FinishJob(ctx, t.job, func(tx *store.Tx) error {
		if err := t.org.ImportFinished(tx, t.job.AppID, t.job.Kind == job.ImportUsers); err != nil {
			return err
		}
		return t.record(tx, "application.provision.integration.call_api", "SUCCESS", "")
	})
}

// eachPage reads a whole list (RFC 7644, section 3.4.2.4). It ends with the page that reaches the total, or that has no new
// record: an app that counts wrongly, or always returns the first page, must not cause an endless loop.
func (t *task) eachPage(ctx context.Context, endpoint string, f func(page []*scim.Object, total int) error) error {
	seen := map[string]bool{}
	for start := 1; ; {
		page, err := list(ctx, t.client, endpoint, scim.ListRequest{StartIndex: start, Count: pageSize})
		if err != nil {
			return remoteFailure("Error while importing "+strings.ToLower(endpoint), err)
		}
		var fresh []*scim.Object
		for _, o := range page.Resources {
			if id := o.ID(); id != "" && !seen[id] {
				seen[id] = true
				fresh = append(fresh, o)
			}
		}
		if err := f(fresh, page.TotalResults); err != nil {
			return err
		}
		start += len(page.Resources)
		if len(fresh) == 0 || start > page.TotalResults {
			return nil
		}
	}
}

// importUsers converts the app's users with the app user schema. Inactive users are neither counted nor imported, as in Okta.
func importUsers(page []*scim.Object, schema []idp.Attribute) []idp.ImportUser {
	var list []idp.ImportUser
	for _, o := range page {
		if active, known := o.Bool("active"); known && !active {
			continue
		}
		p := idp.ImportUser{
			ExternalID: o.ID(), UserName: o.Text("userName"),
			FirstName: o.Text("name.givenName"), LastName: o.Text("name.familyName"),
			Profile: map[string]string{},
		}
		if primary := o.Primary("emails"); primary != nil {
			p.Email = primary.Text("value")
		}
		for _, attribute := range schema {
			if value := o.Text(attribute.ExternalName); value != "" && attribute.Mapping == "" && attribute.Name != "userName" {
				p.Profile[attribute.Name] = value
			}
		}
		list = append(list, p)
	}
	return list
}
