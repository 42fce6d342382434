package main

import (
	"testing"

	"understudy/seed/script/browsertest"
	"understudy/seed/script/player"
)

// This test takes longest. Parallel tests start in the order of their files, so this one is in the first file.
func TestBrowserPlayerWalksTheQuickstart(t *testing.T) {
	t.Parallel()
	report := play(t, player.Options{URL: start(t).url, Player: player.PlayerBrowser, Axe: browsertest.Axe, AxeNarrow: true, FailureDir: t.TempDir()})
	for _, v := range report.Violations {
		t.Error(v)
	}
}
