package kit

import "net/http"

// pageState is the name of a header that exists only inside the server.
const pageState = "X-Page-State"

// SetPageState records in one word what a page shows, if its URL does not tell. A check of the guide can ask for a page in a
// certain state. The front door removes the header, so that it never leaves the server.
func SetPageState(h http.Header, state string) { h.Set(pageState, state) }

// TakePageState returns the state that [SetPageState] recorded, and removes it from the header.
func TakePageState(h http.Header) string {
	state := h.Get(pageState)
	h.Del(pageState)
	return state
}
