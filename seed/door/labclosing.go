package door

import (
	"net/http"
	"time"

	"understudy/seed/lab"
)

// responseGrace is how long a request may still send its response after its lab was closed.
const responseGrace = time.Second

// endWithLab ties a request to its lab. When the lab is closed, the request's context ends, and so do writes of a response that wait
// for the client: an open stream does not keep a lab from being closed. The body was read before the lab was opened. A deadline for
// reads would end the context of the connection, and net/http would give that context to the connection's next requests, too.
func endWithLab(l *lab.Lab, w http.ResponseWriter, r *http.Request) (_ *http.Request, release func()) {
	ctx, end := l.EndsWithLab(r.Context())
	connection := http.NewResponseController(w)
	stop := l.OnClose(func() {
		_ = connection.SetWriteDeadline(time.Now().Add(responseGrace)) // an error means that there is no connection that could wait
	})
	return r.WithContext(ctx), func() { stop(); end() }
}
