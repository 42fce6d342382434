package door

import (
	"net/http"
	"time"

	"understudy/seed/lab"
)

// responseGrace is how long a request may still send its response after its lab was closed.
const responseGrace = time.Second

// endWithLab ties a request to its lab. When the lab is closed, the request's context ends, and so do reads of a body and writes
// of a response that wait for the client: neither an open stream nor a slow upload keeps a lab from being closed.
func endWithLab(l *lab.Lab, w http.ResponseWriter, r *http.Request) (_ *http.Request, release func()) {
	ctx, end := l.EndsWithLab(r.Context())
	connection := http.NewResponseController(w)
	stop := l.OnClose(func() {
		now := time.Now()
		_ = connection.SetReadDeadline(now) // an error means that there is no connection that could wait
		_ = connection.SetWriteDeadline(now.Add(responseGrace))
	})
	return r.WithContext(ctx), func() { stop(); end() }
}
