package sp

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"understudy/seed/base/address"
	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// Method says how members sign in. The values are the labels of the page.
type Method string

// The authentication methods. The page lists the two OAuth methods, but they cannot be selected.
const (
	MethodPassword        Method = "Password"
	MethodSAMLOrPassword  Method = "SAML or password"
	MethodSAML            Method = "SAML"
	MethodOAuthOrPassword Method = "OAuth or password"
	MethodOAuth           Method = "OAuth"
)

// Methods lists the methods in the order of the page.
func Methods() []Method {
	return []Method{MethodPassword, MethodSAMLOrPassword, MethodSAML, MethodOAuthOrPassword, MethodOAuth}
}

// Password reports whether members may sign in with a password.
func (m Method) Password() bool {
	return m == MethodPassword || m == MethodSAMLOrPassword || m == MethodOAuthOrPassword
}

// SAML reports whether members may sign in through the identity provider.
func (m Method) SAML() bool { return m == MethodSAML || m == MethodSAMLOrPassword }

// Built reports whether this stand-in supports the method.
func (m Method) Built() bool { return m == MethodPassword || m.SAML() }

// Authentication is Administration > Authentication.
type Authentication struct {
	Method         Method
	IdPLoginURL    string
	IdPCertificate string              // PEM, two blocks during a rotation; empty if none was pasted
	Certificates   []CertificateInfo   // those of IdPCertificate
	Trusted        []*x509.Certificate // IdPCertificate, parsed, to verify signatures
	SessionHours   int
	GuestAccess    bool
	TwoFactor      bool
	SignRequests   bool
	DirectoryOn    bool // SCIM is on
	StrictTypes    bool // setting of the lab: a request with an unknown account type fails
}

// CertificateInfo is what the page shows of the pasted certificate.
type CertificateInfo struct {
	Subject     string
	Issuer      string
	NotBefore   time.Time
	NotAfter    time.Time
	Fingerprint string // SHA-256, hexadecimal with colons
	Expired     bool   // by the lab's clock, like DaysLeft
	DaysLeft    int
}

// AuthenticationInput is the form. Fields of an error: method, idpLoginURL, idpCertificate, sessionHours.
// IdPCertificate may have or lack PEM lines and line breaks.
type AuthenticationInput struct {
	Method         Method
	IdPLoginURL    string
	IdPCertificate string
	SessionHours   int // 1 to 8760; 0 if the input is not a number
	GuestAccess    bool
	TwoFactor      bool
	SignRequests   bool
}

// Authentication returns the settings. The sign-in page needs the settings, so there is no actor.
func (o *Organization) Authentication(ctx context.Context) (a Authentication, err error) {
	err = o.db.Read(ctx, func(tx *store.Tx) error {
		a, err = loadAuthentication(tx)
		o.describe(&a, tx.Now())
		return err
	})
	return a, err
}

// SetAuthentication saves the form. If a field is invalid, nothing is saved. A method that includes passwords turns SCIM off.
// Admins only.
func (o *Organization) SetAuthentication(ctx context.Context, by Actor, in AuthenticationInput) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("change the authentication settings"); err != nil {
			return err
		}
		old, err := loadAuthentication(tx)
		if err != nil {
			return err
		}
		if in.Method == "" {
			in.Method = old.Method
		}
		if err := checkAuthentication(address.From(ctx), &in, old); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE sigma_organization SET method = $1, idp_login_url = $2, idp_certificate = $3,
			session_hours = $4, guest_access = $5, two_factor = $6, sign_requests = $7 WHERE id = 1`,
			string(in.Method), in.IdPLoginURL, in.IdPCertificate, in.SessionHours, flag(in.GuestAccess), flag(in.TwoFactor), flag(in.SignRequests)); err != nil {
			return err
		}
		if old.DirectoryOn && in.Method.Password() {
			if err := turnDirectory(tx, by, false, "The authentication method allows passwords."); err != nil {
				return err
			}
		}
		return record(tx, by, Event{Type: AccessSigma, Name: "UPDATE_AUTHENTICATION",
			Object: Object{"authentication", "", string(in.Method)}, Detail: authenticationChanges(old, in)})
	})
}

// checkAuthentication validates and normalizes the form. An empty field that the method does not use keeps its stored value,
// so that changing the method and changing it back loses nothing.
func checkAuthentication(a address.Address, in *AuthenticationInput, old Authentication) error {
	in.IdPLoginURL, in.IdPCertificate = strings.TrimSpace(in.IdPLoginURL), strings.TrimSpace(in.IdPCertificate)
	var c problem.Check
	if !in.Method.Built() {
		known := in.Method == MethodOAuth || in.Method == MethodOAuthOrPassword
		c.Require(!known, "method",
			fmt.Sprintf("%s is not part of this stand-in yet. Select Password, SAML or password, or SAML.", in.Method))
		c.Require(known, "method", "Select one of the listed methods.")
	}
	if in.IdPLoginURL == "" && !in.Method.SAML() {
		in.IdPLoginURL = old.IdPLoginURL
	}
	if in.IdPCertificate == "" && !in.Method.SAML() {
		in.IdPCertificate = old.IdPCertificate
	}
	if in.IdPLoginURL != old.IdPLoginURL || in.IdPLoginURL == "" && in.Method.SAML() {
		message := loginURLProblem(a, in.IdPLoginURL)
		c.Require(message == "", "idpLoginURL", message)
	}
	if in.Method.SAML() || in.IdPCertificate != "" {
		text, reason := normalizeCertificate(in.IdPCertificate)
		c.Require(reason == "", "idpCertificate", reason)
		in.IdPCertificate = text
	}
	c.Require(in.SessionHours >= 1 && in.SessionHours <= 8760, "sessionHours", "Enter a whole number of hours from 1 to 8760.")
	return c.Err()
}

// loginURLProblem says what is wrong with a login URL; empty if nothing is.
func loginURLProblem(a address.Address, text string) string {
	if text == "" {
		return "Enter the Sign on URL of your identity provider."
	}
	if len(text) > 2000 {
		return "The URL is too long. Use at most 2000 characters."
	}
	if message := cmp.Or(address.URLProblem(text), a.HalfProblem(text, "okta")); message != "" {
		return message
	}
	if !strings.HasPrefix(strings.ToLower(text), "https:") && !a.Leads(text) {
		return "The URL must begin with https://. Only an address of this lab or of this machine may begin with http://."
	}
	return ""
}

// authenticationChanges lists the settings that the form changes, for the audit log.
func authenticationChanges(old Authentication, in AuthenticationInput) map[string]string {
	d := map[string]string{"method": string(in.Method)}
	if old.Method != in.Method {
		d["methodBefore"] = string(old.Method)
	}
	if old.IdPLoginURL != in.IdPLoginURL {
		d["identityProviderLoginURL"] = in.IdPLoginURL
	}
	if old.IdPCertificate != in.IdPCertificate {
		d["identityProviderCertificate"] = "changed"
	}
	if old.SessionHours != in.SessionHours {
		d["sessionHours"] = fmt.Sprint(in.SessionHours)
	}
	if old.GuestAccess != in.GuestAccess {
		d["guestAccess"] = fmt.Sprint(in.GuestAccess)
	}
	if old.TwoFactor != in.TwoFactor {
		d["twoFactor"] = fmt.Sprint(in.TwoFactor)
	}
	if old.SignRequests != in.SignRequests {
		d["signRequests"] = fmt.Sprint(in.SignRequests)
	}
	return d
}

// SetStrictTypes is a setting of the lab: what happens when the directory names an account type that does not exist.
// If strict, the request fails. If not, Viewer applies until the type exists. Admins only.
func (o *Organization) SetStrictTypes(ctx context.Context, by Actor, strict bool) error {
	return o.write(ctx, by, func(tx *store.Tx, v viewer) error {
		if err := v.requireAdmin("change how unknown account types are handled"); err != nil {
			return err
		}
		n, err := tx.Change(`UPDATE sigma_organization SET strict_types = $1 WHERE id = 1 AND strict_types <> $1`, flag(strict))
		if err != nil || n == 0 {
			return err
		}
		return record(tx, by, Event{Type: Provisioning, Name: "UPDATE_UNKNOWN_ACCOUNT_TYPES",
			Object: Object{"provisioning", "", "Account Type and Team Provisioning"}, Detail: map[string]string{"strict": fmt.Sprint(strict)}})
	})
}

type authenticationKey struct{}

func keptAuthentication(tx *store.Tx) (Authentication, error) {
	return store.Keep(tx, authenticationKey{}, func() (Authentication, error) { return loadAuthentication(tx) })
}

func loadAuthentication(tx *store.Tx) (a Authentication, err error) {
	return a, tx.QueryRow(`SELECT method, idp_login_url, idp_certificate, session_hours, guest_access, two_factor, sign_requests,
		directory_on, strict_types FROM sigma_organization WHERE id = 1`).
		Scan(&a.Method, &a.IdPLoginURL, &a.IdPCertificate, &a.SessionHours, &a.GuestAccess, &a.TwoFactor, &a.SignRequests,
			&a.DirectoryOn, &a.StrictTypes)
}

// flag converts a bool for an INTEGER column.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
