package kit_test

import (
	"testing"

	"github.com/chromedp/cdproto/network"

	"understudy/seed/script/browsertest"
)

// axe-core checks all stories at two widths.
func TestStoriesAreAccessible(t *testing.T) {
	t.Parallel()
	server, tab := storybook(t), browsertest.Open(t)
	pattern := &network.BlockPattern{URLPattern: "*://*:*/static/*/autosubmit.js", Block: true}
	tab.Run(network.Enable(), network.SetBlockedURLs().WithURLPatterns([]*network.BlockPattern{pattern})) // else the story "forward" leaves
	for name := range stories() {
		tab.Visit(server.URL + "/" + name)
		tab.Accessible(name)
	}
}
