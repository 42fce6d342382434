package scim_test

import (
	"encoding/json"
	"strings"
	"testing"

	"understudy/scim"
	"understudy/scim/scimtest"
)

// grammar has filters, and their canonical form if it differs.
var grammar = []struct{ filter, canonical string }{
	// every operator (RFC 7644 table 3), in any case
	{`userName eq "bjensen"`, ``},
	{`userName ne "bjensen"`, ``},
	{`name.familyName co "O'Malley"`, ``},
	{`userName sw "J"`, ``},
	{`userName ew "J"`, ``},
	{`title pr`, ``},
	{`meta.lastModified gt "2011-05-13T04:42:34Z"`, ``},
	{`meta.lastModified ge "2011-05-13T04:42:34Z"`, ``},
	{`meta.lastModified lt "2011-05-13T04:42:34Z"`, ``},
	{`meta.lastModified le "2011-05-13T04:42:34Z"`, ``},
	{`userName Eq "a" AND title PR oR NOT (active eq TRUE)`, `userName eq "a" and title pr or not (active eq true)`},

	// the other examples of the RFC
	{`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"`, ``},
	{`title pr and userType eq "Employee"`, ``},
	{`title pr or userType eq "Intern"`, ``},
	{`schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`, ``},
	{`userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")`, ``},
	{`userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")`, ``},
	{`userType eq "Employee" and (emails.type eq "work")`, `userType eq "Employee" and emails.type eq "work"`},
	{`userType eq "Employee" and emails[type eq "work" and value co "@example.com"]`, ``},
	{`emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]`, ``},

	// values
	{`a eq true`, ``},
	{`a eq false`, ``},
	{`a eq null`, ``},
	{`a eq 0`, ``},
	{`a eq -12.5e+3`, ``},
	{`a eq ""`, ``},
	{`a eq "q\"b\\s\/\b\f\n\r\t\u00e9\ud83d\ude00"`, `a eq "q\"b\\s/\u0008\u000c\n\u000d\u0009é😀"`},
	{`a eq "(not) [a] and b pr"`, ``},

	// names
	{`members.$ref pr`, ``},
	{`$ref pr`, ``},
	{`a-b_c9 pr`, ``},
	{`not pr`, ``},
	{`and eq 1 and or pr`, ``},
	{`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "1"`, ``},
	{`urn:my_ext:1.0:U_x:a eq 1`, ``},
	{`urn:a:2.0:User:emails[type eq "work"]`, ``},

	// precedence, grouping, space
	{`a pr or b pr and c pr`, ``},
	{`(a pr or b pr) and c pr`, ``},
	{`a pr and b pr and c pr or d pr`, ``},
	{`not (a pr) and not (b pr)`, ``},
	{`not(a pr)`, `not (a pr)`},
	{`not (not (a pr))`, ``},
	{`((a pr))`, `a pr`},
	{` (  a   pr )and( b pr ) `, `a pr and b pr`},
	{`a[b pr]and c pr`, `a[b pr] and c pr`},
	{`a[not (b pr or c eq 1) and (d pr or e pr)]`, ``},
	{`emails[type eq "work"].value eq "x@y"`, `emails[type eq "work" and value eq "x@y"]`},
}

func TestFilterGrammar(t *testing.T) {
	for _, c := range grammar {
		f, err := scim.ParseFilter(c.filter, scim.Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		want := c.canonical
		if want == "" {
			want = c.filter
		}
		if f.String() != want {
			t.Errorf("%s was parsed as %s", c.filter, f)
		}
	}
}

func TestFilterSyntaxErrors(t *testing.T) {
	for _, filter := range []string{
		``, ` `, `a`, `a eq`, `a eq x`, `a eq 'x'`, `a xx "x"`, `eq "x"`, `"x" eq a`, `a eq "x`, `a eq "\q"`,
		"a eq \"x\ny\"", `a eq 01`, `a eq +1`,
		`a eq 1.`, `a eq .5`, `a eq 1e`, `a eq "x" and`, `a eq "x" or or b pr`, `and a pr`, `a pr b pr`,
		`a eq "x"and b pr`, `a pr andb pr`, `a eq"x"`,
		`(a pr`, `a pr)`, `()`, `not a pr`, `not`, `not ()`, `a[]`, `a[b pr`, `a b pr]`, `a[b[c pr]]`, `a[b pr].`,
		`a[b pr].c`, `a[b pr].c.d pr`,
		`1a pr`, `a. pr`, `.a pr`, `a..b pr`, `a.b.c pr`, `ä pr`, `urn:x: pr`, `urn:a:2.0 eq 1`, `a eq tru`,
		`a eq trueb`, `a eq "x" "y"`, `a pr "x"`, `pr`,
	} {
		if f, err := scim.ParseFilter(filter, scim.Limits{}); err == nil {
			t.Errorf("%q was parsed as %s", filter, f)
		} else if e := err.(*scim.Error); e.Status != 400 || e.ScimType != "invalidFilter" || e.Detail == "" {
			t.Errorf("%q: %v", filter, err)
		}
	}
}

func TestFilterLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("(", n) + "a pr" + strings.Repeat(")", n) }
	for filter, ok := range map[string]bool{
		nested(20):              true,
		nested(21):              false,
		"not " + nested(21):     false,
		"a[" + nested(21) + "]": false,
		`a eq "` + strings.Repeat("x", 4089) + `"`:    true,
		`a eq "` + strings.Repeat("x", 4090) + `"`:    false,
		nested(1) + strings.Repeat(" or (b pr)", 300): true,
	} {
		if _, err := scim.ParseFilter(filter, scim.Limits{}); (err == nil) != ok {
			t.Errorf("%.40s (%d bytes): %v", filter, len(filter), err)
		}
	}
}

const bjensen = `{
 "id": "2819c223-7f76-453a-919d-413861904646", "externalId": "bJensen", "userName": "bjensen@example.com",
 "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
 "displayName": "Bärbel Straße", "title": "Tour Guide", "userType": "Employee", "active": true, "nickName": "",
 "profileUrl": "https://example.com/Babs",
 "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true}, {"value": "babs@jensen.org", "type": "home"}],
 "x509Certificates": [{"value": "TUlJRA=="}],
 "roles": [{"value": "Guide"}],
 "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "manager": {"value": "26118915", "displayName": "John Smith"}},
 "urn:example:2.0:Extra": {"score": 7, "ratio": 2.50, "tags": ["Red", "blue"], "codes": ["X"]},
 "meta": {"created": "2010-01-23T04:56:22Z", "lastModified": "2011-05-13T04:42:34.000Z"}}`

// extra is an extension with the types and characteristics that the schemas of the RFC do not use.
var extra = scim.Schema{ID: "urn:example:2.0:Extra", Name: "Extra", Attributes: []scim.Attribute{
	{Name: "score", Type: scim.Integer},
	{Name: "ratio", Type: scim.Decimal},
	{Name: "hired", Type: scim.DateTime},
	{Name: "tags", MultiValued: true},
	{Name: "codes", MultiValued: true, CaseExact: true},
	{Name: "badge", Mutability: scim.Immutable},
	{Name: "secret", Returned: scim.ReturnedRequest},
	{Name: "grade", Mutability: scim.ReadOnly},
	{Name: "desk", Type: scim.Complex, SubAttributes: []scim.Attribute{{Name: "floor", Type: scim.Integer,
		Required: true}, {Name: "note"}}},
}}

func userType(t testing.TB) *scim.ResourceType {
	t.Helper()
	user := scim.NewUserType(scimtest.NewBackend("u", "userName"))
	user.Extensions = append(user.Extensions, scim.Extension{Schema: extra})
	if _, err := scim.NewServer(scim.Config{Types: []*scim.ResourceType{user}}); err != nil {
		t.Fatal(err)
	}
	return user
}

func object(t testing.TB, text string) *scim.Object {
	t.Helper()
	o := &scim.Object{}
	if err := json.Unmarshal([]byte(text), o); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return o
}

// The schema determines how values are compared (RFC 7643 section 2.2, RFC 7644 section 3.4.2.2).
func TestFilterEvaluation(t *testing.T) {
	user, o := userType(t), object(t, bjensen)
	for _, c := range []struct {
		filter string
		want   bool
	}{
		// case: userName is not caseExact; id, externalId and references are; attribute names are not case-sensitive
		{`userName eq "BJENSEN@EXAMPLE.COM"`, true},
		{`USERNAME eq "bjensen@example.com"`, true},
		{`displayName eq "BÄRBEL STRAẞE"`, true},
		{`displayName co "ÄRB"`, true},
		{`id eq "2819c223-7f76-453a-919d-413861904646"`, true},
		{`id eq "2819C223-7f76-453a-919d-413861904646"`, false},
		{`externalId eq "bjensen"`, false},
		{`externalId eq "bJensen"`, true},
		{`profileUrl eq "https://example.com/babs"`, false},
		{`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "BJ"`, true},
		{`URN:IETF:params:scim:schemas:core:2.0:USER:userName sw "BJ"`, true},

		// operators
		{`userName sw "bj"`, true},
		{`userName sw "jensen"`, false},
		{`userName ew ".COM"`, true},
		{`userName co "@"`, true},
		{`userName ne "x"`, true},
		{`userName ne "BJensen@example.com"`, false},
		{`userName gt "a"`, true},
		{`userName lt "a"`, false},
		{`userName ge "BJENSEN@example.com"`, true},
		{`userName le "bjensen@example.com"`, true},
		{`title pr`, true},
		{`nickName pr`, false},
		{`locale pr`, false},
		{`name pr`, true},
		{`emails pr`, true},
		{`phoneNumbers pr`, false},

		// null, absent and unknown attributes
		{`locale eq null`, true},
		{`locale ne null`, false},
		{`title eq null`, false},
		{`title ne null`, true},
		{`locale eq "en"`, false},
		{`locale ne "en"`, true},
		{`not (locale eq "en")`, true},
		{`shoeSize eq 9`, false},
		{`shoeSize pr`, false},
		{`shoeSize ne 9`, true},
		{`shoeSize eq null`, true},
		{`shoes[size eq 9]`, false},
		{`name.nick pr`, false},

		// boolean
		{`active eq true`, true},
		{`active eq "True"`, true},
		{`active ne true`, false},
		{`active eq false`, false},
		{`userName eq true`, false},
		{`userName ne 5`, true},

		// multi-valued: one matching value is enough; the attribute itself means its sub-attribute "value"
		{`emails eq "babs@jensen.org"`, true},
		{`emails co "JENSEN.org"`, true},
		{`emails.type eq "home"`, true},
		{`emails.type eq "other"`, false},
		{`emails.type ne "work"`, true},
		{`emails.primary eq true`, true},
		{`roles eq "guide"`, true},
		{`emails[type eq "work" and value ew "jensen.org"]`, false},
		{`emails.type eq "work" and emails.value ew "jensen.org"`, true},
		{`emails[type eq "home" and not (primary eq true)]`, true},
		{`emails[type eq "work"].value eq "bjensen@example.com"`, true},
		{`emails[colour eq "red"]`, false},
		{`name[givenName sw "B"]`, true},

		// extensions
		{`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "701984"`, true},
		{`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "26118915"`, true},
		{`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName co "smith"`, true},
		{`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department pr`, false},
		{`employeeNumber pr`, false},
		{`schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`, true},
		{`schemas eq "urn:other"`, false},

		// numbers, lists of simple values, points in time
		{`urn:example:2.0:Extra:score eq 7`, true},
		{`urn:example:2.0:Extra:score eq 7.0`, true},
		{`urn:example:2.0:Extra:score gt 6.5`, true},
		{`urn:example:2.0:Extra:score lt 7`, false},
		{`urn:example:2.0:Extra:ratio eq 2.5`, true},
		{`urn:example:2.0:Extra:tags eq "red"`, true},
		{`urn:example:2.0:Extra:codes eq "x"`, false},
		{`meta.lastModified eq "2011-05-13T06:42:34+02:00"`, true},
		{`meta.lastModified gt "2011-05-13T04:42:33Z"`, true},
		{`meta.lastModified ge "2011-05-13T04:42:34"`, true},
		{`meta.lastModified lt "2011-05-13T04:42:34Z"`, false},
		{`meta.lastModified sw "2011-05"`, true},
		{`meta.resourceType eq "User"`, true},
		{`meta.resourceType eq "Group"`, false},
		{`x509Certificates eq "TUlJRA=="`, true},
		{`x509Certificates.value eq "tulJRA=="`, false}, // binary values are always compared exactly (RFC 7643 section 2.3.6)

		// and, or, not
		{`title pr and userType eq "Intern" or active eq true`, true},
		{`title pr and (userType eq "Intern" or active eq false)`, false},
		{`not (title pr) or userType eq "employee"`, true},
	} {
		f, err := scim.ParseFilter(c.filter, scim.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", c.filter, err)
		}
		matches, err := user.Compile(f)
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		if got := matches(o); got != c.want {
			t.Errorf("%s: %v", c.filter, got)
		}
	}
}

func TestFilterAgainstSchema(t *testing.T) {
	user := userType(t)
	for _, filter := range []string{
		`active gt false`, `active co "t"`, `active eq "yes"`, `active eq 1`, `name eq "x"`, `title gt null`, `title co null`,
		`urn:example:2.0:Extra:score co 1`, `urn:example:2.0:Extra:score eq "7"`, `meta.created gt "yesterday"`, `meta.created eq 5`,
		`x509Certificates.value gt "A"`, `userName[value eq "x"]`, `emails[primary gt true]`,
		`title pr and active gt true`, `not (active gt true)`,
	} {
		f, err := scim.ParseFilter(filter, scim.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", filter, err)
		}
		if _, err := user.Compile(f); err == nil {
			t.Errorf("%s was accepted", filter)
		} else if e := err.(*scim.Error); e.ScimType != "invalidFilter" {
			t.Errorf("%s: %v", filter, err)
		}
	}
}

// FuzzFilter looks for panics, and for filters whose canonical form has another meaning.
func FuzzFilter(f *testing.F) {
	for _, c := range grammar {
		f.Add(c.filter)
	}
	user, o := userType(f), object(f, bjensen)
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := scim.ParseFilter(text, scim.Limits{})
		if err != nil {
			return
		}
		again, err := scim.ParseFilter(parsed.String(), scim.Limits{FilterLength: 1 << 20, FilterDepth: 10_000})
		if err != nil {
			t.Fatalf("%q became %q: %v", text, parsed, err)
		}
		if again.String() != parsed.String() {
			t.Fatalf("%q became %q became %q", text, parsed, again)
		}
		first, err1 := user.Compile(parsed)
		second, err2 := user.Compile(again)
		if (err1 == nil) != (err2 == nil) {
			t.Fatalf("%q: %v, then %v", text, err1, err2)
		}
		if err1 == nil && first(o) != second(o) {
			t.Fatalf("%q and %q differ", parsed, again)
		}
	})
}
