package provision

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"understudy/idp/job"
	"understudy/scim"
)

// explain gives the sentence that an administrator sees on the assignment and under Dashboard > Tasks (okta-wire 1.10),
// followed by what to do about it where the vendor's words leave that open.
func (t *task) explain(err error) string {
	text := stopped(t.sentence(err))
	var gone personGone
	switch {
	case t.linkedGroupGone(err):
		text += " Unlink the group on the Push Groups tab and push it again."
	case errors.As(err, &gone):
		text += " The application no longer has this person. End the assignment and assign the application again."
	default:
		text += " " + advice(err) + " " + t.next(err)
	}
	return masked(text, t.in.Token)
}

// stopped ends a far side's words, which may have no full stop, before ours follow.
func stopped(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// next says what becomes of the job.
func (t *task) next(err error) string {
	var failed *scim.ClientError
	_, again := t.wait(err)
	switch {
	case again:
		return "It is tried again by itself."
	case status(err) == http.StatusNotImplemented:
		return "Mark the task as done."
	case errors.As(err, &failed) && failed.Temporary():
		return fmt.Sprintf("It was tried %d times. Retry the task when the cause is gone.", t.job.Attempts+1)
	}
	return "Then retry the task."
}

// linkedGroupGone tells that a group which was pushed or linked before is no longer at the far side.
func (t *task) linkedGroupGone(err error) bool {
	return t.linked && status(err) == http.StatusNotFound
}

func (t *task) sentence(err error) string {
	name, app := orElse(t.job.Payload.Name, t.job.Payload.UserName), t.app.Label
	if t.linkedGroupGone(err) && t.job.Kind != job.DeleteGroup {
		return fmt.Sprintf("Linked group is missing in %s. Change the linked group to resume pushing group memberships.", app)
	}
	prefix := t.job.Kind.Type().FailureSentence(name, app)
	if status(err) == http.StatusUnauthorized {
		return prefix + "The credentials used to connect to the API were invalid; please check your configuration. " + reported(err)
	}
	var failed *remoteError
	errors.As(err, &failed) // ended is called with no other
	return prefix + failed.doing + ": " + reported(failed.cause)
}

// logReason is the event's reason: the same without the words about which automatism failed.
func (t *task) logReason(err error) string {
	var failed *remoteError
	if errors.As(err, &failed) {
		return masked(reported(failed.cause), t.in.Token)
	}
	return masked(err.Error(), t.in.Token)
}

// masked takes the token out of what a far side says: some repeat what they were sent.
func masked(text, token string) string {
	if len(token) < 8 { // no secret, and its letters may stand anywhere
		return text
	}
	return strings.ReplaceAll(text, token, "•••")
}

// shortened cuts a far side's words to what fits on a page.
func shortened(text string) string {
	const most = 500
	if runes := []rune(text[:min(len(text), 4*most+4)]); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// reported says what came back, in Okta's pattern: "{reason phrase}. Errors reported by remote server: {text}".
func reported(err error) string {
	var e *scim.ClientError
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch e.Failure {
	case scim.FailureStatus:
		phrase := orElse(e.Reason, http.StatusText(e.Status))
		text := shortened(e.Detail)
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
		return "The connection ended before the answer was whole."
	case scim.FailureTooLarge:
		return "The answer is larger than 4 MB and was not read."
	case scim.FailureRedirect:
		return "The server answered with a redirect to " + orElse(e.Location, "nowhere") + ", which is not followed."
	case scim.FailureTLS:
		return "No secure connection could be made: " + e.Err.Error() + "."
	case scim.FailureName:
		return "The host name of the base URL is not known."
	}
	return strings.TrimSuffix(e.Err.Error(), ".") + "."
}

// invalidJSON is how Okta's parser complains of a body that is no JSON.
func invalidJSON(began string) string {
	if began == "" {
		return "Invalid JSON: the answer is empty"
	}
	first := []rune(began)[0]
	if first == '<' || strings.ContainsRune("{[\"", first) {
		return fmt.Sprintf("Invalid JSON: Unexpected character ('%c' (code %d)): expected a valid value. The answer began: %s", first, first, began)
	}
	word, _, _ := strings.Cut(began, " ")
	return fmt.Sprintf("Invalid JSON: Unrecognized token '%s'. The answer began: %s", word, began)
}

// advice says what an administrator can do about a failure.
func advice(err error) string {
	var e *scim.ClientError
	var words verbatim
	if errors.As(err, &words) {
		return adviceByWords[words]
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
			return "The application's server has a fault."
		}
		return "Look at the message above and at the application's own log."
	case scim.FailureNotJSON, scim.FailureRedirect, scim.FailureTooLarge:
		return "Check that the Base URL is the application's SCIM address."
	case scim.FailureTLS:
		return "Check that the Base URL begins with the right scheme and the server's certificate is valid."
	case scim.FailureConfig:
		return "Enter the Base URL and the token again under Provisioning > Integration."
	}
	return "Check that the application's server is up and the Base URL is right."
}

var adviceByStatus = map[int]string{
	http.StatusBadRequest:            "Compare the attributes of the assignment with what the application accepts.",
	http.StatusUnauthorized:          "Make a new token in the application and enter it under Provisioning > Integration.",
	http.StatusForbidden:             "The token is not allowed to do this. Look at the rights of the person who made it.",
	http.StatusNotFound:              "Check the Base URL under Provisioning > Integration, or whether the record was removed in the application.",
	http.StatusConflict:              "The application has a record of that name already. Rename or remove one of the two.",
	http.StatusRequestEntityTooLarge: "The application refuses messages of this size. Push smaller groups, or raise its limit.",
	http.StatusRequestTimeout:        "The application did not wait for the whole request.",
	http.StatusTooManyRequests:       "The application asks to slow down.",
	http.StatusNotImplemented:        "The application does not support this.",
}

// What is wrong with an answer that arrived whole.
const (
	errNoUser  = verbatim("Create new user returned empty user.")
	errNoGroup = verbatim("Create new group returned empty group.")
	errNoList  = verbatim("The server answered, but not with a SCIM list.")
)

// errFault is a fault of ours.
const errFault = verbatim("The request could not be made because of a fault in Understudy itself.")

// personGone is the id of somebody whom the far side no longer has.
type personGone string

func (id personGone) Error() string { return "No user returned for user " + string(id) }

var adviceByWords = map[verbatim]string{
	errNoUser:  "The application must answer with the person that it made, and an id.",
	errNoGroup: "The application must answer with the group that it made, and an id.",
	errNoList:  "Check that the Base URL is the application's SCIM address.",
	errFault:   "The server's log tells more.",
}
