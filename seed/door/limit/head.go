package limit

import (
	"fmt"
	"net/http"
	"net/url"
)

// Error is why a request was refused.
type Error struct {
	Status int
	Title  string // for the heading of a page
	Text   string // what is wrong, then what to do
}

// Error implements error.
func (e *Error) Error() string { return e.Text }

// recordedHeaders are the headers that logs and the traffic page record.
var recordedHeaders = []string{"User-Agent", "Accept", "If-Match", "If-None-Match"}

// CheckHead refuses a request whose path or query is too long, and cuts off the header values that are recorded.
func CheckHead(r *http.Request) *Error {
	if n := len(r.URL.EscapedPath()); n > PathBytes {
		return &Error{http.StatusRequestURITooLong, "Address too long",
			fmt.Sprintf("The path of this address has %d bytes; at most %d are accepted. Check the address.", n, PathBytes)}
	}
	for _, name := range recordedHeaders {
		if v := r.Header.Get(name); len(v) > RecordedBytes {
			r.Header.Set(name, v[:RecordedBytes])
		}
	}
	if len(r.URL.RawQuery) <= FieldNameSize { // shorter than any limit
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil //nolint:nilerr // handlers ignore what cannot be parsed, as net/url does
	}
	return checkFields(query)
}

// checkFields refuses too many or too long fields.
func checkFields(form url.Values) *Error {
	count := 0
	for name, values := range form {
		if len(name) > FieldNameSize {
			return &Error{http.StatusBadRequest, "Field too long",
				fmt.Sprintf("The name of a field has %d bytes; at most %d are accepted.", len(name), FieldNameSize)}
		}
		if count += len(values); count > FieldCount {
			return &Error{http.StatusBadRequest, "Too many fields",
				fmt.Sprintf("The form has more than %d values. Send it in several parts.", FieldCount)}
		}
		most := fieldBytes(name)
		for _, v := range values {
			if len(v) > most {
				return &Error{http.StatusBadRequest, "Field too long", fmt.Sprintf(
					"The field %s has %d bytes; at most %d are accepted. Go back, shorten the text and send the form again.",
					name, len(v), most)}
			}
		}
	}
	return nil
}
