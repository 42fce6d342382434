package lab

import (
	"context"
	"slices"
	"strings"

	"understudy/idp"
	"understudy/seed/base/store"
	"understudy/sp"
)

// viewPart is a part of the view that is read at once.
type viewPart struct {
	names []string // in the view, such as okta.users
	read  func(*Lab, context.Context, *View) error
}

var viewParts = []viewPart{
	{[]string{"okta.visited"}, func(l *Lab, ctx context.Context, v *View) (err error) {
		v.Okta.Visited, err = l.visits(ctx, Okta)
		return err
	}},
	{[]string{"okta.users"}, (*Lab).viewUsers},
	{[]string{"okta.groups"}, (*Lab).viewGroups},
	{[]string{"okta.apps"}, (*Lab).viewApps},
	{[]string{"okta.logs"}, wholeLog((*Lab).viewLogs)},
	{[]string{"sigma.visited"}, func(l *Lab, ctx context.Context, v *View) (err error) {
		v.Sigma.Visited, err = l.visits(ctx, Sigma)
		return err
	}},
	{[]string{"sigma.authentication"}, (*Lab).viewAuthentication},
	{[]string{"sigma.tokens"}, (*Lab).viewTokens},
	{[]string{"sigma.accountTypes"}, (*Lab).viewAccountTypes},
	{[]string{"sigma.members", "sigma.teams"}, (*Lab).viewPeople},
	{[]string{"sigma.audit"}, wholeLog((*Lab).viewAudit)},
	{[]string{"traffic"}, wholeLog((*Lab).viewTraffic)},
	{[]string{"faults"}, (*Lab).viewFaults},
	{[]string{"copied"}, (*Lab).viewCopied},
	{[]string{"pasted"}, (*Lab).viewPasted},
}

// logReader reads the entries of a log that were added after an entry, and returns the number of the newest entry. Entries
// have increasing numbers and never change.
type logReader func(l *Lab, ctx context.Context, v *View, after int64) (newest int64, err error)

var logReaders = map[string]logReader{
	"okta.logs": (*Lab).viewLogs, "sigma.audit": (*Lab).viewAudit, "traffic": (*Lab).viewTraffic,
}

func wholeLog(read logReader) func(*Lab, context.Context, *View) error {
	return func(l *Lab, ctx context.Context, v *View) error {
		_, err := read(l, ctx, v, 0)
		return err
	}
}

// isNamedBy reports whether one of the names is the part's, or that of its product, such as okta.
func (p viewPart) isNamedBy(names []string) bool {
	return slices.ContainsFunc(p.names, func(name string) bool {
		product, _, _ := strings.Cut(name, ".")
		return slices.Contains(names, name) || slices.Contains(names, product)
	})
}

func emptyView() View {
	return View{
		// Empty lists, not null: expressions can search them.
		Okta: OktaView{Visited: []string{}, Users: []UserView{}, Groups: []GroupView{}, Apps: []AppView{}, Logs: []idp.LogEvent{}},
		Sigma: SigmaView{Visited: []string{}, Tokens: []TokenView{}, Members: []MemberView{}, Teams: []TeamView{},
			AccountTypes: []AccountTypeView{}, Audit: []AuditView{}},
		Traffic: []ExchangeView{}, Faults: []FaultView{}, Copied: []string{}, Pasted: []string{},
	}
}

// View reads the view. With parts, such as "okta.visited", "sigma.members" or "traffic", it reads only these; the others are
// empty. Reading everything takes some twenty queries, and most checks need one part.
func (l *Lab) View(ctx context.Context, parts ...string) (v View, err error) {
	v = emptyView()
	for i, part := range viewParts {
		if len(parts) > 0 && !part.isNamedBy(parts) {
			continue
		}
		ctx, reads := store.RecordReads(ctx)
		if err := part.read(l, ctx, &v); err != nil {
			return v, err
		}
		l.viewReads[i].Store(reads)
	}
	return v, nil
}

// ViewChangedSince reports whether one of the parts may have changed since a mark of the lab's file. A part that was never
// read since the lab was opened counts as changed.
func (l *Lab) ViewChangedSince(mark uint64, parts ...string) bool {
	if l.DB.ChangedSince(mark, &store.Reads{}) { // the lab was reset
		return true
	}
	for i, part := range viewParts {
		if !part.isNamedBy(parts) {
			continue
		}
		if reads := l.viewReads[i].Load(); reads == nil || l.DB.ChangedSince(mark, reads) {
			return true
		}
	}
	return false
}

// NewEntries reads the entries of one log of the view (okta.logs, sigma.audit or traffic) that were added after the entry
// with a number, at most the last 500, in the order of the view. newest is the number of the last entry, or after when there
// is none. Everything else in the view is empty.
func (l *Lab) NewEntries(ctx context.Context, log string, after int64) (v View, newest int64, err error) {
	v = emptyView()
	ctx, reads := store.RecordReads(ctx)
	if newest, err = logReaders[log](l, ctx, &v, after); err != nil {
		return v, newest, err
	}
	for i, part := range viewParts {
		if slices.Contains(part.names, log) {
			l.viewReads[i].Store(reads)
		}
	}
	return v, newest, nil
}

func (l *Lab) viewTraffic(ctx context.Context, v *View, after int64) (newest int64, err error) {
	exchanges, err := l.exchangesAfter(ctx, after, exchangesKept)
	for _, x := range slices.Backward(exchanges) {
		v.Traffic = append(v.Traffic, ExchangeView{Kind: x.Kind, Method: x.Method, Path: x.Path, Status: x.Status, Server: x.ReceiverOrigin})
		after = x.ID
	}
	return after, err
}

func (l *Lab) viewLogs(ctx context.Context, v *View, after int64) (newest int64, err error) {
	events, newest, err := l.Org.LogAfter(ctx, after, viewSize)
	v.Okta.Logs = append(v.Okta.Logs, events...)
	return newest, err
}

func (l *Lab) viewAudit(ctx context.Context, v *View, after int64) (newest int64, err error) {
	entries, err := l.Organization.AuditAfter(ctx, sp.System(), after, viewSize)
	for _, e := range entries {
		v.Sigma.Audit = append(v.Sigma.Audit, AuditView{
			Type: e.Type, Name: e.Name, Status: e.Status, Reason: e.Reason, Actor: e.Actor.Email, At: e.At,
		})
		after = max(after, e.Seq)
	}
	return after, err
}
