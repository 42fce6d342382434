package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

// slot holds one lab that is open, being opened or being closed.
type slot struct {
	ready  chan struct{} // closed once lab or err is set
	lab    *Lab
	err    error
	gone   chan struct{} // nil while the lab may be used; closed once the lab is closed and its slot removed
	unused chan struct{} // closed when the last user leaves; nil unless somebody waits for that
}

// leaveTime is how long the closing of a lab waits for its requests, whose contexts have ended. Afterwards their reads and
// writes fail.
const leaveTime = 3 * time.Second

var (
	errNoLab = &problem.Error{Kind: problem.NotFound, Code: "NO_LAB", Message: "There is no lab with that name."}
	// errClosing is the cause with which the contexts of a lab's requests end.
	errClosing = problem.New(problem.Unavailable, "This lab is being closed. Open the page again.")
)

// Acquire returns a lab, which it opens if necessary. The caller must call release when it no longer uses the lab. NotFound when
// there is no lab of that name.
func (r *Registry) Acquire(ctx context.Context, name string) (l *Lab, release func(), err error) {
	if !validName.MatchString(name) {
		return nil, nil, errNoLab
	}
	for {
		s, wait, err := r.take(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		if wait == nil {
			return s.lab, func() { r.release(s) }, nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

// take counts a user of the lab. While the lab is being opened or closed, it returns a channel to wait for before the next try.
func (r *Registry) take(ctx context.Context, name string) (s *slot, wait <-chan struct{}, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, nil, errClosing
	}
	s, found := r.open[name]
	if !found {
		if _, err := os.Lstat(r.path(name)); err != nil {
			return nil, nil, errNoLab
		}
		s = &slot{ready: make(chan struct{})}
		r.open[name] = s
		go r.fill(ctx, name, s)
	}
	if s.gone != nil {
		return s, s.gone, nil
	}
	select {
	case <-s.ready:
	default:
		return s, s.ready, nil
	}
	if s.err != nil {
		delete(r.open, name) // the next request tries again
		return nil, nil, s.err
	}
	if s.lab.DB.Damaged() {
		return nil, nil, errDamaged
	}
	s.lab.users++
	s.lab.touch()
	return s, nil, nil
}

// fill opens the lab of a slot. It ignores cancellation: other requests may wait for the same lab.
func (r *Registry) fill(ctx context.Context, name string, s *slot) {
	s.lab, s.err = openWhole(context.WithoutCancel(ctx), name, r.path(name), r.config)
	if s.err == nil {
		r.publics.set(name, s.lab.PublicAddresses())
		s.lab.start()
	}
	close(s.ready)
}

func (r *Registry) release(s *slot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.lab.users--
	s.lab.touch()
	if s.lab.users == 0 && s.unused != nil {
		close(s.unused)
		s.unused = nil
	}
}

// whileClosed closes a lab, runs f, and lets the lab be opened again. Requests for the lab wait meanwhile. It takes a bounded
// time: requests, streams, statements and jobs that hold the lab are ended.
func (r *Registry) whileClosed(ctx context.Context, name string, f func() error) error {
	for {
		s, wait, err := r.startClosing(name)
		if err != nil {
			return err
		}
		if wait == nil {
			defer r.vanish(name, s)
			if err := r.shut(s); err != nil {
				r.config.Log.Warn("a lab was not closed cleanly", "lab", name, "error", err)
			}
			return f()
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// startClosing reserves the slot of a lab for its closing. While the lab is being opened or closed, it returns a channel to wait
// for before the next try.
func (r *Registry) startClosing(name string) (s *slot, wait <-chan struct{}, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, nil, errClosing
	}
	s, found := r.open[name]
	if !found {
		s = &slot{ready: make(chan struct{})}
		close(s.ready)
		r.open[name] = s
	}
	if s.gone != nil {
		return s, s.gone, nil
	}
	select {
	case <-s.ready:
		s.gone = make(chan struct{})
		return s, nil, nil
	default:
		return s, s.ready, nil
	}
}

// shut closes the lab of a slot that startClosing reserved: it ends the contexts of the requests, gives them leaveTime, and
// closes the file.
func (r *Registry) shut(s *slot) error {
	if s.lab == nil {
		return nil
	}
	s.lab.end(errClosing)
	r.mu.Lock()
	unused := make(chan struct{})
	if s.lab.users == 0 {
		close(unused)
	} else {
		s.unused = unused
	}
	r.mu.Unlock()
	select {
	case <-unused:
	case <-time.After(leaveTime):
	}
	return s.lab.close()
}

// vanish removes the slot of a closed lab, and wakes the requests that wait for it.
func (r *Registry) vanish(name string, s *slot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open[name] == s {
		delete(r.open, name)
	}
	close(s.gone)
}

// CloseIdle closes labs without a request for the given time and without pending provisioning jobs. The next request opens them
// again.
func (r *Registry) CloseIdle(idle time.Duration) error {
	limit := time.Now().Add(-idle).UnixNano()
	var errs []error
	for name, s := range r.unusedSlots() {
		if s.lab.lastUsed.Load() > limit {
			errs = append(errs, s.lab.DB.ReleaseStatements()) // frees memory between two requests
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		jobs, err := s.lab.Org.PendingJobs(ctx)
		cancel()
		if !s.lab.DB.Damaged() && (err != nil || jobs > 0) {
			errs = append(errs, err)
			continue
		}
		if r.startClosingIdle(s, limit) {
			errs = append(errs, r.shut(s))
			r.vanish(name, s)
		}
	}
	return errors.Join(errs...)
}

// unusedSlots returns the open labs that no request uses.
func (r *Registry) unusedSlots() map[string]*slot {
	r.mu.Lock()
	defer r.mu.Unlock()
	slots := map[string]*slot{}
	for name, s := range r.open {
		select {
		case <-s.ready:
			if s.lab != nil && s.gone == nil && s.lab.users == 0 {
				slots[name] = s
			}
		default:
		}
	}
	return slots
}

// startClosingIdle reserves a slot for its closing, unless the lab was used in the meantime.
func (r *Registry) startClosingIdle(s *slot, limit int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed || s.gone != nil || s.lab.users > 0 || s.lab.lastUsed.Load() > limit {
		return false
	}
	s.gone = make(chan struct{})
	return true
}

// openTime is how long Close waits for labs that are being opened or closed.
const openTime = 5 * time.Second

// Close closes all labs, within a bounded time, and unlocks the data directory.
func (r *Registry) Close() error {
	r.mu.Lock()
	r.closed = true
	var errs []error
	var closing sync.WaitGroup
	for name, s := range r.open {
		ours := s.gone == nil
		if ours {
			s.gone = make(chan struct{})
		}
		closing.Go(func() {
			err := r.shutAtEnd(name, s, ours)
			r.mu.Lock()
			defer r.mu.Unlock()
			errs = append(errs, err)
		})
	}
	r.mu.Unlock()
	closing.Wait()
	return errors.Join(append(errs, r.withdraw(), r.lock.Close())...)
}

// shutAtEnd closes the lab of a slot, or waits for the goroutine that closes it.
func (r *Registry) shutAtEnd(name string, s *slot, ours bool) error {
	wait := s.ready
	if !ours {
		wait = s.gone
	}
	select {
	case <-wait:
	case <-time.After(openTime):
		return fmt.Errorf("lab %s was still being opened or closed", name)
	}
	if !ours {
		return nil
	}
	defer r.vanish(name, s)
	return r.shut(s)
}

// Delete deletes a lab with its file and its checkpoints. The requests of the lab that are under way are ended.
func (r *Registry) Delete(ctx context.Context, name string) error {
	if !r.Exists(name) {
		return errNoLab
	}
	return r.whileClosed(context.WithoutCancel(ctx), name, func() error { // a deletion that has begun is finished
		defer r.checkpoints.forget(name)
		return errors.Join(os.RemoveAll(r.checkpointDir(name)), store.RemoveFile(r.path(name)))
	})
}
