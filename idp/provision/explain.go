package provision

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"understudy/idp"
	"understudy/scim"
)

// explain gives the sentence that an administrator sees on the assignment and under Dashboard > Tasks (okta-wire 1.10),
// followed by what to do about it where the vendor's words leave that open.
func (t *task) explain(err error) string {
	text := t.sentence(err)
	if advice := advice(err); advice != "" {
		text += " " + advice
	}
	return text
}

func (t *task) sentence(err error) string {
	name, app := orElse(t.job.Payload.Name, t.job.Payload.UserName), t.app.Label
	var prefix string
	switch t.job.Kind {
	case idp.JobCreateUser:
		prefix = fmt.Sprintf("Automatic provisioning of user %s to app %s failed: ", name, app)
	case idp.JobUpdateUser:
		prefix = fmt.Sprintf("Automatic profile push of user %s to app %s failed: ", name, app)
	case idp.JobDeactivateUser:
		prefix = fmt.Sprintf("Automatic deprovisioning of user %s from app %s failed: ", name, app)
	case idp.JobPushGroup, idp.JobPushMembers, idp.JobRenameGroup:
		if status(err) == http.StatusNotFound {
			return fmt.Sprintf("Linked group is missing in %s. Change the linked group to resume pushing group memberships.", app)
		}
		prefix = fmt.Sprintf("Unable to update Group Push mapping target App group %s: ", name)
	case idp.JobDeleteGroup:
		prefix = fmt.Sprintf("Unable to delete Group Push mapping target App group %s: ", name)
	}
	if s := status(err); prefix != "" && (s == http.StatusUnauthorized) {
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
		return reported(failed.cause)
	}
	return err.Error()
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
		text := e.Detail
		if e.NotJSON {
			text = invalidJSON(e.Began)
		}
		if text == "" {
			return fmt.Sprintf("%s (HTTP %d). The remote server reported no error text.", phrase, e.Status)
		}
		return phrase + ". Errors reported by remote server: " + text
	case scim.FailureNotJSON:
		return "Bad Gateway. Errors reported by remote server: " + invalidJSON(e.Began)
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
	if !errors.As(err, &e) {
		return ""
	}
	if advice, ok := adviceByStatus[e.Status]; ok && e.Failure == scim.FailureStatus {
		return advice
	}
	switch e.Failure {
	case scim.FailureStatus:
		if e.Status >= 500 {
			return "The application's server has a fault. It is tried again by itself."
		}
	case scim.FailureNotJSON, scim.FailureRedirect, scim.FailureTooLarge:
		return "Check that the Base URL is the application's SCIM address."
	case scim.FailureRefused, scim.FailureTimeout, scim.FailureTruncated, scim.FailureName:
		return "Check that the application's server is up and the Base URL is right. It is tried again by itself."
	case scim.FailureTLS:
		return "Check that the Base URL begins with the right scheme and the server's certificate is valid."
	}
	return ""
}

var adviceByStatus = map[int]string{
	http.StatusBadRequest:            "Compare the attributes of the assignment with what the application accepts, then retry the task.",
	http.StatusUnauthorized:          "Make a new token in the application, enter it under Provisioning > Integration, and retry the task.",
	http.StatusForbidden:             "The token is not allowed to do this. Look at the rights of the person who made it, then retry the task.",
	http.StatusNotFound:              "Check the Base URL under Provisioning > Integration, or whether the record was removed in the application.",
	http.StatusConflict:              "The application has a record of that name already. Rename or remove one of the two, then retry the task.",
	http.StatusRequestEntityTooLarge: "The application refuses messages of this size. Push a smaller group.",
	http.StatusRequestTimeout:        "It is tried again by itself.",
	http.StatusTooManyRequests:       "The application asks to slow down. It is tried again by itself.",
	http.StatusNotImplemented:        "The application does not support this.",
}
