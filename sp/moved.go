package sp

import (
	"context"

	"understudy/seed/base/store"
)

// ReplaceAddresses replaces the address of the identity provider in the settings, after the organization has moved to another
// address. The audit log stays as it was.
func (o *Organization) ReplaceAddresses(ctx context.Context, replace func(text string) string) error {
	return o.db.Write(ctx, func(tx *store.Tx) error {
		return tx.ReplaceTexts("sigma_organization", "id", "idp_login_url", replace)
	})
}
