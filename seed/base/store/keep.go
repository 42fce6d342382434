package store

// maxKept limits the kept values of a file. If there are more, all are loaded again.
const maxKept = 64

// keptValue is a value with the tables from which it was loaded, and the point in the history of the file at which it was.
type keptValue struct {
	value any
	of    any // see KeepLast
	mark  uint64
	reads *Reads
}

// Keep returns the value that load reads by tx. It keeps the value, and does not call load again until one of the tables that
// load read has changed, or one of the rows that it read by [OneByRow]. key names the value among all that are kept for the
// file, so its type should be private to the caller. All callers share the value, so nobody may change it. load must not ask for
// the time: its value would be loaded again after each change of the file.
func Keep[T any](tx *Tx, key any, load func() (T, error)) (T, error) {
	return KeepLast(tx, key, nil, load)
}

// KeepLast is [Keep] for large values of which only the last one is kept: a call with the same key and another value of "of", such
// as the number of a page, replaces the value.
func KeepLast[T any](tx *Tx, key, of any, load func() (T, error)) (T, error) {
	db := tx.db
	if k, found := db.kept[key]; found && k.of == of && !db.ChangedSince(k.mark, k.reads) {
		tx.reads.add(k.reads)
		return k.value.(T), nil
	}
	own, caller := newReads(), tx.reads
	own.rows = map[tableRow]bool{}
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
	if len(db.kept) >= maxKept {
		db.forgetKept()
	}
	if db.kept == nil {
		db.kept = map[any]keptValue{}
	}
	db.kept[key] = keptValue{value, of, mark, own}
	return value, nil
}

// forgetKept drops all kept values. The caller holds the lock.
func (db *DB) forgetKept() {
	db.kept = nil
	db.tables.unwatch()
}

// OneByRow is [One] for a query that finds one row in each of the tables; its first columns are their rowids. A value that [Keep]
// loads in this way is loaded again only when one of these rows changes. Other tables in the query count as a whole, as usual.
func OneByRow[T any](
	tx *Tx, tables []string, notFound string, scan func(Row) (T, error), query string, args ...any,
) (T, error) {
	caller, own, ids := tx.reads, newReads(), make([]int64, len(tables))
	own.rows = map[tableRow]bool{}
	item, err := func() (T, error) {
		tx.reads = own
		defer func() { tx.reads = caller }()
		return One(tx, notFound, func(r Row) (T, error) { return scan(rowWithIDs{r, ids}) }, query, args...)
	}()
	if err == nil {
		own.narrow(tables, ids)
		tx.db.tables.watch(tables, ids)
	}
	caller.add(own)
	return item, err
}

// rowWithIDs scans rowids, and then the other columns.
type rowWithIDs struct {
	Row
	ids []int64
}

func (r rowWithIDs) Scan(dest ...any) error {
	all := make([]any, 0, len(r.ids)+len(dest))
	for i := range r.ids {
		all = append(all, &r.ids[i])
	}
	return r.Row.Scan(append(all, dest...)...)
}
