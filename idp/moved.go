package idp

import (
	"context"

	"understudy/seed/base/store"
)

// ReplaceAddresses replaces addresses in the settings of the org, after the org has moved to another address: of the apps and of
// their provisioning. The System Log and what apps have sent stay as they were.
func (o *Org) ReplaceAddresses(ctx context.Context, replace func(text string) string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		for _, c := range []struct{ table, key, column string }{
			{"okta_apps", "id", "general"}, {"okta_apps", "id", "sign_on"}, {"okta_integrations", "app_id", "base_url"},
		} {
			if err := tx.ReplaceTexts(c.table, c.key, c.column, replace); err != nil {
				return err
			}
		}
		return nil
	})
}
