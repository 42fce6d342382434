package store

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// interruptEvery is how often an interrupt is repeated: a statement that begins at the same moment may miss one.
const interruptEvery = 20 * time.Millisecond

// ended is a context that has ended.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// interrupter ends the running statement of a connection (sqlite3_interrupt). The driver's only public way is a context that can be
// cancelled. The driver then starts a goroutine and sets a progress handler for each statement, which makes the read of one row take
// three times as long. A lab's file is closed rarely and executes statements all the time, so the interrupter calls SQLite itself.
// No method or hook of the driver gives the handle of a connection, so attach reads the driver's field. If another version of the
// driver has no such field, no file can be opened, and TestInterrupterHasTheHandleOfTheFile fails.
type interrupter struct {
	requested atomic.Bool // no further statement of the running transaction may start

	mu     sync.Mutex
	handle uintptr // sqlite3* of the connection; 0 when it is closed
}

// attach takes the handle of the driver's connection, for sql.Conn.Raw.
func (i *interrupter) attach(connection any) error {
	handle := reflect.Indirect(reflect.ValueOf(connection)).FieldByName("db")
	if !handle.IsValid() || handle.Kind() != reflect.Uintptr {
		return errors.New("the SQLite driver has another form than this program expects")
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.handle = uintptr(handle.Uint())
	return nil
}

// detach forgets the handle. The caller closes the connection afterwards.
func (i *interrupter) detach() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.handle = 0
}

// until interrupts the running transaction again and again until acquire, which waits for a time, has succeeded, or the limit is
// over. It reports whether acquire has succeeded.
func (i *interrupter) until(limit time.Duration, acquire func(time.Duration) bool) bool {
	i.requested.Store(true)
	defer i.requested.Store(false)
	for end := time.Now().Add(limit); time.Now().Before(end); {
		i.interrupt()
		if acquire(interruptEvery) {
			return true
		}
	}
	return false
}

func (i *interrupter) interrupt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.handle == 0 {
		return
	}
	thread := libc.NewTLS()
	defer thread.Close()
	sqlite3.Xsqlite3_interrupt(thread, i.handle)
}
