package kit

import "net/http"

const pageState = "X-Page-State"

// SetPageState says what of interest a page shows, in a word, where its address does not tell: the guide counts a page of an
// address as seen in each of its states. It never leaves the server.
func SetPageState(h http.Header, state string) { h.Set(pageState, state) }

// TakePageState gives what [SetPageState] said, and removes it.
func TakePageState(h http.Header) string {
	state := h.Get(pageState)
	h.Del(pageState)
	return state
}
