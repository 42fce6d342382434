package idp

import (
	"crypto/rsa"

	"understudy/seed/base/problem"
	"understudy/seed/base/store"
)

func (o *Org) plantApp(tx *store.Tx, s SeedApp, key *rsa.PrivateKey) error {
	actor := System(Client{})
	entry, known := o.catalog.Entry(s.CatalogKey)
	if !known {
		return problem.New(problem.NotFound, "There is no catalog entry "+s.CatalogKey+".")
	}
	made, err := o.addApp(tx, actor, entry, NewApp{CatalogKey: s.CatalogKey, Label: s.Label, Fields: s.Fields}, key)
	if err != nil {
		return err
	}
	for _, login := range s.Users {
		u, err := user(tx, login)
		if err != nil {
			return err
		}
		if _, err := o.assignUser(tx, actor, made.ID, u.ID, Assignment{}); err != nil {
			return err
		}
	}
	return nil
}
