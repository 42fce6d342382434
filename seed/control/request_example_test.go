package control_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"understudy/seed/control/api"
	"understudy/seed/control/client"
	"understudy/seed/script"
	"understudy/seed/script/player"
)

var requestExample = regexp.MustCompile("(?s)```yaml\n(- request:.*?)```")

// The example of the verb request in the reference of the guide format can be played.
func TestExampleOfRequestCanBePlayed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../static/docs/guide-format.md")
	if err != nil {
		t.Fatal(err)
	}
	example := requestExample.FindSubmatch(text)
	if example == nil {
		t.Fatal("the reference has no example of request")
	}
	s := start(t, nil)
	c := &client.Client{URL: s.URL}
	must[api.Lab](t)(c.Bring(t.Context(), "demo", "5.4"))
	k := must[api.SCIMToken](t)(c.SCIMToken(t.Context(), "demo", api.NewSCIMToken{}))
	do := strings.ReplaceAll(string(example[1]), "{token}", k.Token)
	guide := must[*script.Script](t)(script.Parse("example.md", []byte("id: example\n\n# Example\n\n## SCIM\nDuration: 1\n\n"+
		"<!-- script\nid: 1.1\nas: sigma-admin\ndo:\n"+do+"-->\n")))
	report := must[player.Report](t)(player.Play(t.Context(), guide, player.Options{URL: s.URL, Lab: "demo"}))
	if !report.OK() {
		t.Error(report.Steps[0].Failure)
	}
}
