package sp_test

import (
	"fmt"
	"testing"

	"understudy/seed/base/store"
	"understudy/sp"
)

// crowded returns an organization with n provisioned members.
func crowded(b *testing.B, n int) (*world, sp.Actor) {
	b.Helper()
	w := newWorld(b)
	by := w.directory(b)
	viewer := w.typeID(b, "Viewer") // before the transaction: a lab has one connection
	must(b, w.db.Write(w.ctx, func(tx *store.Tx) error {
		return tx.Exec(`INSERT INTO sigma_members (id, email, email_key, first_name, last_name, display_key, account_type_id,
			status, created_ms, updated_ms, external_id)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			SELECT 'm' || i, 'p' || i || '@example.com', 'p' || i || '@example.com', 'Pat', 'P' || i, 'pat p' || i, $2, 'active', i, i, 'x' || i FROM n`,
			n, viewer)
	}))
	return w, by
}

func BenchmarkDirectory10000(b *testing.B) {
	w, by := crowded(b, 10_000)
	for name, q := range map[string]sp.DirectoryQuery{
		"userName": {UserName: "P7777@example.com", Count: -1}, "externalId": {ExternalID: "x7777",
			Count: -1}, "displayName": {DisplayName: "Pat P7777", Count: -1},
		"page of 100": {Start: 9000, Count: 100},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				list, _, err := w.DirectoryMembers(w.ctx, by, q)
				if err != nil || len(list) == 0 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
	b.Run("create", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			_, err := w.ProvisionMember(w.ctx, by, sp.ProvisionedMember{UserName: fmt.Sprintf("new%d@example.com", i),
				FirstName: "N", LastName: "N", Active: true})
			must(b, err)
		}
	})
	b.Run("people page", func(b *testing.B) {
		for b.Loop() {
			must(b, second(w.Members(w.ctx, w.ann, sp.MemberQuery{Search: "p777"})))
		}
	})
	b.Run("push 1000", func(b *testing.B) {
		ids := make([]string, 1000)
		for i := range ids {
			ids[i] = fmt.Sprintf("m%d", i+1)
		}
		for i := 0; b.Loop(); i++ {
			must(b, second(w.PushTeam(w.ctx, by, sp.PushedTeam{DisplayName: fmt.Sprintf("Team %d", i), MemberIDs: ids})))
		}
	})
}
