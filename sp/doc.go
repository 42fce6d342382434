// Package sp is the Sigma half: one organization with its members, teams, account types and documents, the rules that
// hold between them, and the SQL that keeps them.
//
// There is one file per noun. Exported methods of [Organization] are what doors call: each takes who acts, opens one
// transaction, judges permission in it and writes the audit entry in it. Unexported helpers take the transaction.
//
// Permission is judged in one place, rights.go: what an account type allows, what a grant gives, and the lower of both.
package sp
