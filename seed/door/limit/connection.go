package limit

import (
	"net"
	"net/http"
	"sync"
)

// Configure sets the times and sizes of a server.
func Configure(s *http.Server) {
	s.ReadHeaderTimeout, s.IdleTimeout, s.MaxHeaderBytes = headTime, IdleTime, HeadBytes
}

// Listener returns a listener that closes a new connection at once when too many are open. perClient also limits each client
// address; a server behind a reverse proxy has one client only.
func Listener(l net.Listener, perClient bool) net.Listener {
	most := connections
	if files := openFiles(); files > 0 {
		most = min(most, files-files/spareFileLimit)
	}
	limited := &listener{Listener: l, most: most, mostOfClient: most, open: map[string]int{}}
	if perClient {
		limited.mostOfClient = most / clientShare
	}
	return limited
}

type listener struct {
	net.Listener
	most, mostOfClient int

	mu    sync.Mutex
	total int
	open  map[string]int // by client address
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		client, _, err := net.SplitHostPort(conn.RemoteAddr().String())
		if err != nil {
			client = conn.RemoteAddr().String()
		}
		if l.admit(client) {
			return &connection{Conn: conn, closed: sync.OnceFunc(func() { l.forget(client) })}, nil
		}
		_ = conn.Close() // the client sees why it got no answer: it has too many connections
	}
}

func (l *listener) admit(client string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total >= l.most || l.open[client] >= l.mostOfClient {
		return false
	}
	l.total++
	l.open[client]++
	return true
}

func (l *listener) forget(client string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total--
	if l.open[client]--; l.open[client] == 0 {
		delete(l.open, client)
	}
}

// connection is counted until it is closed.
type connection struct {
	net.Conn
	closed func()
}

// Close implements net.Conn.
func (c *connection) Close() error {
	defer c.closed()
	return c.Conn.Close()
}
