package traffic

import (
	"strings"
	"testing"

	"understudy/seed/base/exchange"
	"understudy/seed/lab"
)

const oktaHead = "\nUser-Agent: Okta SCIM Client 1.0.0\nAuthorization: Bearer ••••\n\n"

func TestSummaryOfSCIMCalls(t *testing.T) {
	bob := []exchange.Change{{Kind: "member", ID: "7", Name: "Bob Stone",
		Before: `{"active":true,"userType":"Viewer"}`, After: `{"active":false,"userType":"Viewer","meta":{"version":"2"}}`}}
	promoted := []exchange.Change{{Kind: "member", ID: "7", Name: "Bob Stone",
		Before: `{"userType":"Viewer"}`, After: `{"userType":"Creator"}`}}
	team := []exchange.Change{{Kind: "team", ID: "3", Name: "OktaViewers",
		Before: `{}`, After: `{"members":[{"value":"7","display":"Bob Stone"}]}`}}
	for want, x := range map[string]lab.Exchange{
		"Okta looks up bob@x.example in Sigma: not found.": {Method: "GET", Status: 200,
			Request:  `GET /scim/v2/Users?filter=userName+eq+%22bob%40x.example%22&startIndex=1&count=100` + oktaHead,
			Response: `{"totalResults":0}`},
		"Okta looks up bob@x.example in Sigma: found.": {Method: "GET", Status: 200,
			Request: `GET /scim/v2/Users?filter=userName+eq+%22bob%40x.example%22` + oktaHead, Response: `{"totalResults":1}`},
		"Okta tests the API credentials, but Sigma refused: The bearer token is unknown.": {Method: "GET", Status: 401,
			Request: `GET /scim/v2/Users?startIndex=1&count=2` + oktaHead, Response: `{"detail":"The bearer token is unknown."}`},
		"Okta creates Bob Stone in Sigma as Creator.": {Method: "POST", Status: 201,
			Request: "POST /scim/v2/Users" + oktaHead + `{"name":{"givenName":"Bob","familyName":"Stone"},"userType":"Creator"}`},
		"Okta deactivates Bob Stone: active true → false.": {Method: "PATCH", Status: 200, Changes: bob,
			Request: "PATCH /scim/v2/Users/7" + oktaHead + `{"Operations":[{"op":"replace","value":{"active":false}}]}`},
		"Okta reactivates the user 7: nothing changed.": {Method: "PATCH", Status: 200,
			Request: "PATCH /scim/v2/Users/7" + oktaHead + `{"Operations":[{"op":"Replace","path":"active","value":"True"}]}`},
		"Okta updates the profile of Bob Stone: userType Viewer → Creator.": {Method: "PUT", Status: 200, Changes: promoted,
			Request: "PUT /scim/v2/Users/7" + oktaHead + `{}`},
		"Okta adds Bob Stone to the team OktaViewers.": {Method: "PATCH", Status: 200, Changes: team,
			Request: "PATCH /scim/v2/Groups/3" + oktaHead + `{"Operations":[{"op":"add","path":"members",` +
				`"value":[{"value":"7","display":"Bob Stone"}]}]}`},
		"Okta removes one person from the team OktaViewers.": {Method: "PATCH", Status: 200, Changes: team,
			Request: "PATCH /scim/v2/Groups/3" + oktaHead + `{"Operations":[{"op":"remove","path":"members[value eq \"7\"]"}]}`},
		"Okta creates the team OktaViewers in Sigma.": {Method: "POST", Status: 201, Request: "POST /scim/v2/Groups" +
			oktaHead + `{"displayName":"OktaViewers"}`},
		"Okta deletes the team 3.": {Method: "DELETE", Status: 204, Request: "DELETE /scim/v2/Groups/3" + oktaHead},
		"A SCIM client lists the users in Sigma, starting with number 101: 250 in total.": {Method: "GET", Status: 200,
			Request: "GET /scim/v2/Users?startIndex=101\nUser-Agent: curl/8\n\n", Response: `{"totalResults":250}`},
		"Okta lists the users in Sigma, starting with number 1, but got no response from other.example.": {Method: "GET",
			ReceiverOrigin: "https://other.example",
			Request:        "GET /v2/Users?startIndex=1" + oktaHead, Response: "No answer: refused"},
		"Okta sends GET /nowhere, but Sigma refused: 404 Not Found.": {Method: "GET", Status: 404,
			Request: "GET /nowhere" + oktaHead, Response: "<html>"},
	} {
		x.Kind = lab.SCIM
		got := strings.Replace(readCall(x).summary(), "users in other.example", "users in Sigma", 1)
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestDifferencesIgnoreMetadata(t *testing.T) {
	got := differences(exchange.Change{
		Before: `{"id":"1","active":true,"groups":[{"display":"A"},{"display":"B"}],"meta":{"version":"1","lastModified":"x"}}`,
		After:  `{"id":"1","active":false,"groups":[{"display":"A"}],"userType":"Creator","meta":{"version":"2","lastModified":"y"}}`})
	want := []difference{{"active", "true", "false"}, {"groups", "A, B", "A"}, {"userType", "", "Creator"}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestCurlCommandIsQuotedForTheShell(t *testing.T) {
	if got := shellQuoted(`{"name":"O'Brien"}`); got != `'{"name":"O'\''Brien"}'` {
		t.Error(got)
	}
}
