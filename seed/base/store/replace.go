package store

// ReplaceTexts passes each value of a text column through a function, and stores those that differ. The names of the table, of its
// key and of the column are constants of the caller, never input.
func (tx *Tx) ReplaceTexts(table, key, column string, replace func(string) string) error {
	type text struct {
		key   any
		value string
	}
	list, err := List(tx, func(r Row) (t text, err error) {
		err = r.Scan(&t.key, &t.value)
		return t, err
	}, `SELECT `+key+`, `+column+` FROM `+table)
	if err != nil {
		return err
	}
	for _, t := range list {
		changed := replace(t.value)
		if changed == t.value {
			continue
		}
		if err := tx.Exec(`UPDATE `+table+` SET `+column+` = $2 WHERE `+key+` = $1`, t.key, changed); err != nil {
			return err
		}
	}
	return nil
}
