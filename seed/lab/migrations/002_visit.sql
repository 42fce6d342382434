-- Pages of the halves that somebody has opened. Checks of scripts read them.
CREATE TABLE lab_visit (
  half TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (half, path)
) WITHOUT ROWID;
