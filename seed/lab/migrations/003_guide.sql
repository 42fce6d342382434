-- Completed steps of the guide, and the clipboard. A checkpoint restores both.
CREATE TABLE lab_progress (
  step  TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE lab_shelf (
  label TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) WITHOUT ROWID;
