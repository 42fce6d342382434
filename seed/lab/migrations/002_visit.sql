-- Which pages of the halves somebody has seen: what a walk's checks may ask for.
CREATE TABLE lab_visit (
  half TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (half, path)
) WITHOUT ROWID;
