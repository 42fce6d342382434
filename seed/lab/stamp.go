package lab

import (
	"os"
	"strconv"
)

// Stamp is equal for two moments between which a lab has not changed.
type Stamp string

// OpenStamps returns the stamps of all open labs, except those whose whole state is being changed at this moment.
func (r *Registry) OpenStamps() map[string]Stamp {
	r.mu.Lock()
	defer r.mu.Unlock()
	stamps := map[string]Stamp{}
	for name, s := range r.open {
		select {
		case <-s.ready:
			if s.lab != nil && len(r.exclusive[name]) == 0 {
				stamps[name] = Stamp("open " + strconv.FormatUint(s.lab.DB.Version(), 10))
			}
		default:
		}
	}
	return stamps
}

// FileStamp returns the stamp of a lab that is closed; "" while it is open, and for no lab.
func (r *Registry) FileStamp(name string) Stamp {
	if !validName.MatchString(name) || r.isOpen(name) {
		return ""
	}
	info, err := os.Stat(r.path(name))
	if err != nil {
		return ""
	}
	return Stamp("file " + strconv.FormatInt(info.ModTime().UnixNano(), 10) + " " + strconv.FormatInt(info.Size(), 10))
}

func (r *Registry) isOpen(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.open[name] != nil
}

// Restores returns how often the whole state of a lab was replaced since the start of the server: by a reset, an undo, a return to
// a checkpoint or a rebuild.
func (r *Registry) Restores(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.restores[name]
}

func (r *Registry) noteRestore(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.restores[name]++
}
