package directory

import (
	"context"
	"encoding/json"
	"strconv"

	"understudy/scim"
	"understudy/seed/base/exchange"
)

// notedMembers is up to how many members a team is noted whole; of a larger one the number is.
const notedMembers = 50

// noteChange tells whoever keeps the request what it changed.
func noteChange(ctx context.Context, kind, id, name string, before, after *scim.Object) {
	exchange.AddChange(ctx, func() exchange.Change {
		return exchange.Change{Kind: kind, ID: id, Name: name, Before: noted(before), After: noted(after)}
	})
}

func noted(o *scim.Object) string {
	if o == nil {
		return ""
	}
	if n := len(o.Objects("members")); n > notedMembers {
		o = o.Clone().Set("members", strconv.Itoa(n)+" members")
	}
	text, err := json.Marshal(o)
	if err != nil {
		return ""
	}
	return string(text)
}
