package limit

import "sync"

// Streams counts the open event streams of each client in each lab.
type Streams struct {
	mu   sync.Mutex
	open map[streamKey]int
}

type streamKey struct{ client, lab string }

// Open counts one more stream. It returns nil when the client has too many in this lab; otherwise the caller must call closed
// when the stream has ended.
func (s *Streams) Open(client, lab string) (closed func()) {
	key := streamKey{client, lab}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[streamKey]int{}
	}
	if s.open[key] >= streamsPerLab {
		return nil
	}
	s.open[key]++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[key]--; s.open[key] == 0 {
			delete(s.open, key)
		}
	})
}
