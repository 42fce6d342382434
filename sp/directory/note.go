package directory

import (
	"context"
	"strconv"

	"understudy/scim"
	"understudy/seed/base/exchange"
)

// notedMembers is the largest number of members that a note lists. For a larger team it has only the number.
const notedMembers = 50

// noteChange records the state before and after a change, for the recording of traffic.
func noteChange(ctx context.Context, kind, id, name string, before, after *scim.Object) {
	exchange.AddChange(ctx, func() exchange.Change {
		return exchange.Change{Kind: kind, ID: id, Name: name, Before: noted(before), After: noted(after)}
	})
}

// noted returns an object as JSON; empty for nil.
func noted(o *scim.Object) string {
	if o == nil {
		return ""
	}
	if n := len(o.Objects("members")); n > notedMembers {
		o = o.Clone().Set("members", strconv.Itoa(n)+" members")
	}
	text, err := o.MarshalJSON()
	if err != nil {
		return ""
	}
	return string(text)
}
