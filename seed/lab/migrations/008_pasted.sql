-- The fields into which something was pasted that had been copied in the lab before; what it was stands on the shelf.
CREATE TABLE lab_pasted (
  label TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL
) WITHOUT ROWID;
