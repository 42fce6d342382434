-- Fields into which a copied value was pasted.
CREATE TABLE lab_pasted (
  label TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL
) WITHOUT ROWID;
