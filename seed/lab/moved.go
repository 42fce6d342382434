package lab

import (
	"context"
	"fmt"
	"regexp"

	"understudy/seed/base/address"
	"understudy/seed/base/store"
)

// followAddress lets the settings of an imported lab name the lab where it is now, so that sign-on and provisioning work there:
// each address of a half of the lab below its old name gets the origin of this server and the new name. Links to other servers,
// public addresses of the lab, the traffic and the logs stay as they are. The origin is that of the request which imports the lab;
// without one, only the name changes.
func (l *Lab) followAddress(ctx context.Context, oldName string) error {
	if !validName.MatchString(oldName) {
		return nil
	}
	origin := address.From(ctx).Origin
	link := regexp.MustCompile(`(https?://[^/\s"'<>\\]+)/(okta|sigma)/` + regexp.QuoteMeta(oldName) + `((?:~[0-9]+)?(?:[/"'\s?#<]|$))`)
	replace := func(text string) string {
		return link.ReplaceAllStringFunc(text, func(found string) string {
			part := link.FindStringSubmatch(found)
			base := part[1]
			if origin != "" {
				base = origin
			}
			return base + "/" + part[2] + "/" + l.Name + part[3]
		})
	}
	if err := l.Org.ReplaceAddresses(ctx, replace); err != nil {
		return fmt.Errorf("addresses of Okta: %w", err)
	}
	if err := l.Organization.ReplaceAddresses(ctx, replace); err != nil {
		return fmt.Errorf("addresses of Sigma: %w", err)
	}
	return l.DB.Write(ctx, func(tx *store.Tx) error {
		for _, c := range []struct{ table, key, column string }{
			{"lab_clipboard", "label", "value"}, {"lab_mail", "id", "body"}, {"lab_fault", "id", "state"},
		} {
			if err := tx.ReplaceTexts(c.table, c.key, c.column, replace); err != nil {
				return err
			}
		}
		return nil
	})
}
