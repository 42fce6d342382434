package store

// maxKept limits the kept values of a file. If there are more, all are loaded again.
const maxKept = 64

// keptValue is a value with the tables from which it was loaded, and the point in the history of the file at which it was.
type keptValue struct {
	value any
	mark  uint64
	reads *Reads
}

// Keep returns the value that load reads by tx. It keeps the value, and does not call load again until one of the tables that
// load read has changed. key names the value among all that are kept for the file, so its type should be private to the caller.
// All callers share the value, so nobody may change it. load must not ask for the time: its value would be loaded again after
// each change of the file.
func Keep[T any](tx *Tx, key any, load func() (T, error)) (T, error) {
	db := tx.db
	if k, found := db.kept[key]; found && !db.ChangedSince(k.mark, k.reads) {
		tx.reads.add(k.reads)
		return k.value.(T), nil
	}
	own, caller := newReads(), tx.reads
	mark := db.Mark()
	value, err := func() (T, error) {
		tx.reads = own
		defer func() { tx.reads = caller }()
		return load()
	}()
	caller.add(own)
	if err != nil {
		return value, err
	}
	if db.kept == nil || len(db.kept) >= maxKept {
		db.kept = map[any]keptValue{}
	}
	db.kept[key] = keptValue{value, mark, own}
	return value, nil
}
