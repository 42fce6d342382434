package door

import (
	"net/http"
	"strconv"
	"time"

	"understudy/scim"
	"understudy/seed/lab"
)

// withInjectedFault serves SCIM requests with the failures that a fault exercise injected.
func withInjectedFault(l *lab.Lab, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, affected, err := l.TakeInjectedFault(r.Context())
		if err != nil || !affected {
			next.ServeHTTP(w, r) // the handler gets the same error from the store and reports it
			return
		}
		if f.Delay > 0 {
			select {
			case <-time.After(f.Delay):
			case <-r.Context().Done():
				return
			}
		}
		if f.Status == 0 {
			next.ServeHTTP(w, r)
			return
		}
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		}
		detail := "The service has a fault. Try again later."
		if f.Status == http.StatusTooManyRequests {
			detail = "Too many requests."
		}
		scim.WriteError(w, scim.NewError(f.Status, "", "%s", detail))
	})
}
