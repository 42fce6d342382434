// Package store is the SQLite file of a lab: transactions with the lab's time and identifiers, migrations, and the mailbox.
//
// Okta and Sigma of a lab share one file, and the file has one connection. A transaction therefore has the file to itself.
// Never begin a transaction inside another: it would wait for itself forever. The exported methods of idp and sp begin the
// transaction; their unexported helpers take a [*Tx].
//
//	request ─▶ DB.Write(ctx, f) ─▶ acquire the connection ─▶ BEGIN ─▶ f(tx) ─▶ deferred writes ─▶ COMMIT ─▶ Version + 1
//	           DB.Read(ctx, f)  ─▶ acquire the connection ─▶ f(tx)
//	           DB.WriteLater(ctx, w) ─▶ queue ─▶ joins the next COMMIT, or is flushed after 20 ms
//
// A reset replaces the content of the file ([DB.Restore]). Requests that began before it carry a context from [DB.Pin] and
// fail with [ErrReset], so that they cannot mix the old lab with the new one.
//
// Identifiers come from a hash of the lab's name and a counter in the file: two labs of the same name that are used in the
// same way have the same identifiers. Secrets are random.
//
// Start reading in store.go (open, migrate, run a transaction) and tx.go (statements, queries, identifiers). The other files:
//
//   - schema.sql: the tables of this package
//   - clock.go: the lab's time, which can be moved or stopped
//   - version.go: counts changes, and waits for the next one
//   - reads.go: which tables a context has read, and whether they have changed since
//   - keep.go: values that are read again only after their tables or rows have changed
//   - deferred.go: writes that no request waits for
//   - statement.go: keeps frequent SQL statements compiled
//   - interrupt.go: ends a running statement when the file is closed
//   - replace.go: replaces texts in a column
//   - restore.go: replaces or copies the whole content
//   - cut.go: the length of a text in a log
//   - file.go: files that only this user can read, and what is no file
//   - damage.go: damaged files
//   - disk.go: what happens when the disk is full
//   - lower.go: the SQL function lower, for all alphabets
//   - mail.go: the emails that Okta and Sigma would have sent
package store
