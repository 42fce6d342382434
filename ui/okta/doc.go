// Package okta holds the pages of the Okta half: plain view data in, HTML out. It knows no database and no request.
package okta
