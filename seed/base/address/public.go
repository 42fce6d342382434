package address

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Alias says where this server serves a product whose pages and messages show another base URL.
type Alias struct {
	Public string // base URL that people copy: "https://app.sigma.example/brightwater"
	Real   string // base URL at which a browser reaches the product: "http://127.0.0.1:8080/sigma/demo"
}

// Reach returns the address at which the browser reaches a link: a link below a public base URL of the lab leads to this
// server, because the public name may not resolve. Other links stay as they are. The result names no window.
func (a Address) Reach(link string) string {
	for _, alias := range a.Aliases {
		if rest, below := Below(alias.Public, link); below {
			return alias.Real + rest
		}
	}
	return link
}

// Below returns what follows a base URL in a link; below is false if the link is not below it. The names of hosts are compared
// without regard to case, and a port that is the scheme's own may be left out.
func Below(base, link string) (rest string, below bool) {
	b, err := url.Parse(base)
	if err != nil || b.Host == "" {
		return "", false
	}
	u, err := url.Parse(link)
	if err != nil || u.User != nil || !strings.EqualFold(u.Scheme, b.Scheme) || !sameHost(b, u) {
		return "", false
	}
	rest, below = strings.CutPrefix(u.EscapedPath(), b.EscapedPath())
	if !below || rest != "" && rest[0] != '/' {
		return "", false
	}
	if u.RawQuery != "" || u.ForceQuery {
		rest += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		rest += "#" + u.EscapedFragment()
	}
	return rest, true
}

// sameHost reports whether two URLs name the same host and port.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

// SameHost reports whether a base URL and a link have the same host and port, whatever their schemes.
func SameHost(base, link string) bool {
	b, err := url.Parse(base)
	if err != nil || b.Host == "" {
		return false
	}
	u, err := url.Parse(link)
	return err == nil && sameHost(b, u)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "https"):
		return "443"
	}
	return "80"
}

// LabVariable stands for the name of the lab in a public address that several labs use.
const LabVariable = "{lab}"

// maxPublic is the largest length of a public address.
const maxPublic = 200

var (
	publicHost = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`)
	publicPath = regexp.MustCompile(`^(/[a-z0-9][a-z0-9_-]*)*$`)
)

// vendors are the domains of the real products. A page that shows one of them would be a page to phish with.
var vendors = []string{"okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "okta.mil", "oktacdn.com", "sigmacomputing.com"}

// CheckPublic says what is wrong with the public address of a product, which must be a base URL such as
// https://brightwater.okta.example.
func CheckPublic(text string) error {
	plain := strings.ReplaceAll(text, LabVariable, "lab")
	u, err := url.Parse(plain)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(text) > maxPublic:
		return fmt.Errorf("%.200q is not a base URL: write it as https://brightwater.okta.example", text)
	case u.Scheme+"://"+u.Host+u.Path != plain || !publicHost.MatchString(u.Host) || !publicPath.MatchString(u.Path):
		return fmt.Errorf("%q must consist of scheme, host and path, in small letters and without a slash at its end, "+
			"such as https://app.sigma.example/brightwater", text)
	case slices.ContainsFunc(vendors, func(v string) bool { return u.Hostname() == v || strings.HasSuffix(u.Hostname(), "."+v) }):
		return fmt.Errorf("%q is an address of a real product: choose a name that RFC 2606 reserves, such as brightwater.okta.example", text)
	case slices.ContainsFunc([]string{"/okta", "/sigma", "/labs", "/static"}, func(own string) bool {
		return u.Path == own || strings.HasPrefix(u.Path, own+"/")
	}):
		return fmt.Errorf("%q has a path that this server uses itself: choose another path", text)
	}
	return nil
}

// ErrOverlap is returned by CheckApart.
var ErrOverlap = errors.New("the public addresses of Okta and Sigma must differ, and none may be below the other")

// CheckApart checks that two base URLs can be told apart.
func CheckApart(a, b string) error {
	if a == "" || b == "" {
		return nil
	}
	if _, below := Below(a, b); below {
		return ErrOverlap
	}
	if _, below := Below(b, a); below {
		return ErrOverlap
	}
	return nil
}
