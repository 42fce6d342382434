package provision

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"understudy/idp/job"
	"understudy/scim"
)

// explain returns the text that an administrator reads on the assignment and under Dashboard > Tasks: Okta's sentence, the
// text of the app, and our advice, where Okta's sentence has none.
func (t *task) explain(err error) string {
	text := withFullStop(t.failureSentence(err))
	var gone userGone
	switch {
	case t.linkedGroupGone(err):
		text += " Unlink the group on the Push Groups tab and push it again."
	case errors.As(err, &gone):
		text += " The application no longer has this user. Unassign the application and assign it again."
	default:
		text += " " + advice(err) + " " + t.nextStep(err)
	}
	return maskToken(text, t.in.Token)
}

// withFullStop ends a text of the app with a full stop, if it has none, before our text follows.
func withFullStop(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// nextStep returns the sentence about what happens to the job next.
func (t *task) nextStep(err error) string {
	var failed *scim.ClientError
	_, again := t.retryDelay(err)
	switch {
	case again:
		return "Okta retries automatically."
	case status(err) == http.StatusNotImplemented:
		return "Mark the task as done."
	case errors.As(err, &failed) && failed.Temporary():
		return fmt.Sprintf("Okta tried %d times. Fix the cause, then retry the task.", t.job.Attempts+1)
	}
	return "Then retry the task."
}

// linkedGroupGone reports whether the app no longer has a group that was pushed or linked before.
func (t *task) linkedGroupGone(err error) bool {
	return t.linked && status(err) == http.StatusNotFound
}

// failureSentence returns Okta's sentence about the failure.
func (t *task) failureSentence(err error) string {
	name, app := orElse(t.job.Payload.Name, t.job.Payload.UserName), t.app.Label
	if t.linkedGroupGone(err) && t.job.Kind != job.DeleteGroup {
		return fmt.Sprintf("Linked group is missing in %s. Change the linked group to resume pushing group memberships.", app)
	}
	prefix := t.job.Kind.Type().FailureSentence(name, app)
	if status(err) == http.StatusUnauthorized {
		return prefix + "The credentials used to connect to the API were invalid; please check your configuration. " +
			remoteText(err)
	}
	var failed *remoteError
	errors.As(err, &failed) // recordFailure gets only a remoteError
	return prefix + failed.prefix + ": " + remoteText(failed.cause)
}

// logReason returns the reason for the System Log event: the sentence without its beginning.
func (t *task) logReason(err error) string {
	var failed *remoteError
	if errors.As(err, &failed) {
		return maskToken(remoteText(failed.cause), t.in.Token)
	}
	return maskToken(err.Error(), t.in.Token)
}

// maskToken removes the API token from a text of the app, because some apps repeat the request in their error.
func maskToken(text, token string) string {
	if len(token) < 8 { // too short to be a secret; it may be part of any word
		return text
	}
	return strings.ReplaceAll(text, token, "•••")
}

// truncate limits a text of the app to 500 characters.
func truncate(text string) string {
	const limit = 500 // a character has at most 4 bytes
	if runes := []rune(text[:min(len(text), 4*limit+4)]); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return text
}

// remoteText describes the response in Okta's pattern: "{reason phrase}. Errors reported by remote server: {text}".
func remoteText(err error) string {
	var e *scim.ClientError
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch e.Failure {
	case scim.FailureStatus:
		phrase := orElse(e.Reason, http.StatusText(e.Status))
		text := truncate(e.Detail)
		if e.NotJSON {
			text = invalidJSON(e.BodyStart)
		}
		if text == "" {
			return fmt.Sprintf("%s (HTTP %d). The remote server reported no error text.", phrase, e.Status)
		}
		return phrase + ". Errors reported by remote server: " + text
	case scim.FailureNotJSON:
		return "Bad Gateway. Errors reported by remote server: " + invalidJSON(e.BodyStart)
	case scim.FailureRefused:
		return "Connection refused."
	case scim.FailureTimeout:
		return "Read timed out."
	case scim.FailureTruncated:
		return "The connection ended before the whole response arrived."
	case scim.FailureTooLarge:
		return "The response is larger than 4 MB and was not read."
	case scim.FailureRedirect:
		return "The server sent a redirect to " + orElse(e.Location, "an empty address") + ". Okta does not follow redirects."
	case scim.FailureTLS:
		return "The TLS connection failed: " + e.Err.Error() + "."
	case scim.FailureName:
		return "The host name in the base URL is unknown."
	}
	return strings.TrimSuffix(e.Err.Error(), ".") + "."
}

// invalidJSON returns the message of Okta's JSON parser for a body that begins with began.
func invalidJSON(began string) string {
	if began == "" {
		return "Invalid JSON: the response is empty"
	}
	first := []rune(began)[0]
	if first == '<' || strings.ContainsRune("{[\"", first) {
		return fmt.Sprintf("Invalid JSON: Unexpected character ('%c' (code %d)): expected a valid value. "+
			"The response begins with: %s", first, first, began)
	}
	word, _, _ := strings.Cut(began, " ")
	return fmt.Sprintf("Invalid JSON: Unrecognized token '%s'. The response begins with: %s", word, began)
}

// advice returns what an administrator can do about a failure; "" when there is nothing to add.
func advice(err error) string {
	var e *scim.ClientError
	var known errorText
	if errors.As(err, &known) {
		return adviceByError[known]
	}
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Failure {
	case scim.FailureStatus:
		if advice, ok := adviceByStatus[e.Status]; ok {
			return advice
		}
		if e.Status >= 500 {
			return "The application's server has an error."
		}
		return "See the message above and the application's own log."
	case scim.FailureNotJSON, scim.FailureRedirect, scim.FailureTooLarge:
		return "Check that the Base URL is the application's SCIM address."
	case scim.FailureTLS:
		return "Check that the Base URL begins with the right scheme, and that the server's certificate is valid."
	case scim.FailureConfig:
		return "Enter the Base URL and the token again under Provisioning > Integration."
	}
	return "Check that the application's server is up and the Base URL is right."
}

// adviceByStatus holds the advice for HTTP statuses of the app.
var adviceByStatus = map[int]string{
	http.StatusBadRequest:   "Compare the attributes of the assignment with what the application accepts.",
	http.StatusUnauthorized: "Create a new token in the application. Enter the token under Provisioning > Integration.",
	http.StatusForbidden: "The token is not allowed to do this. " +
		"Check the permissions of the person who created the token.",
	http.StatusNotFound: "Check the Base URL under Provisioning > Integration, " +
		"and whether the record was deleted in the application.",
	http.StatusConflict: "The application already has a record with this name. Rename or delete one of the two records.",
	http.StatusRequestEntityTooLarge: "The application refuses requests of this size. " +
		"Push smaller groups, or raise the limit of the application.",
	http.StatusRequestTimeout:  "The application timed out before it received the whole request.",
	http.StatusTooManyRequests: "The application accepts fewer requests than Okta sends.",
	http.StatusNotImplemented:  "The application does not support this.",
}

// Errors of a complete response.
const (
	errNoUser  = errorText("Create new user returned empty user.")
	errNoGroup = errorText("Create new group returned empty group.")
	errNoList  = errorText("The server did not answer with a SCIM list.")
)

// errInternal is an error of this program, not of the app.
const errInternal = errorText("The request was not sent because of an error in Understudy itself.")

// userGone is the SCIM id of a linked user whom the app no longer has.
type userGone string

func (id userGone) Error() string { return "No user returned for user " + string(id) }

// adviceByError holds the advice for responses without the needed content.
var adviceByError = map[errorText]string{
	errNoUser:   "The application must return the created user with an id.",
	errNoGroup:  "The application must return the created group with an id.",
	errNoList:   "Check that the Base URL is the application's SCIM address.",
	errInternal: "The log of the server has the details.",
}
