package exchange_test

import (
	"context"
	"testing"

	"understudy/seed/base/exchange"
)

func TestReceiverReportsToTheRecording(t *testing.T) {
	ctx, recording := exchange.Record(context.Background())
	exchange.SetChecks(ctx, []exchange.Check{{Name: "Signature", Verdict: exchange.Passed}})
	for _, name := range []string{"Ada", "Bob"} {
		exchange.AddChange(ctx, func() exchange.Change { return exchange.Change{Kind: "member", Name: name} })
	}
	checks, changes := recording.Recorded()
	if len(checks) != 1 || checks[0].Name != "Signature" || len(changes) != 2 || changes[1].Name != "Bob" {
		t.Errorf("checks %+v, changes %+v", checks, changes)
	}
}

// Without a recording nothing is reported, and the change, which may be costly, is not computed.
func TestWithoutRecording(t *testing.T) {
	exchange.SetChecks(context.Background(), []exchange.Check{{Name: "Signature"}})
	exchange.AddChange(context.Background(), func() exchange.Change {
		t.Error("the change was computed")
		return exchange.Change{}
	})
}
