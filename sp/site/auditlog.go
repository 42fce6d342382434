package site

import (
	"understudy/sp"
	"understudy/ui/sigma"
)

// auditLog is Administration > Audit Log.
func (r *request) auditLog() error {
	q := sp.AuditQuery{Search: r.QueryParam("q"), Type: sp.EventType(r.QueryParam("type")), Status: r.QueryParam("status"),
		Page: r.pageNumber()}
	entries, err := r.org.AuditLog(r.ctx(), r.by(), q)
	if err != nil {
		return err
	}
	return r.render("Audit Log", sigma.AuditLog(sigma.AuditLogView{At: r.at(), Entries: mapped(entries.Items, auditView),
		Paging: paging(entries), Types: mapped(sp.EventTypes(), func(t sp.EventType) string { return string(t) }),
		Query: q.Search, Type: string(q.Type), Status: q.Status}))
}
