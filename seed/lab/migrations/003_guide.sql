-- Which steps of the guide are done, and what its shelf keeps. Both travel in time with the lab.
CREATE TABLE lab_progress (
  step  TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE lab_shelf (
  label TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) WITHOUT ROWID;
