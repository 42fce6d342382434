-- The active fault exercise, if any.
CREATE TABLE lab_fault (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  card       TEXT NOT NULL,
  state      TEXT NOT NULL, -- JSON: what the fault's check compares with
  checkpoint INTEGER NOT NULL,
  at_ms      INTEGER NOT NULL,
  mended_ms  INTEGER NOT NULL
);
-- Wrong or late responses of Sigma's directory.
CREATE TABLE lab_trouble (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  status      INTEGER NOT NULL, -- 0: the usual response, but late
  retry_after INTEGER NOT NULL, -- seconds; 0: no header
  delay_ms    INTEGER NOT NULL,
  remaining   INTEGER NOT NULL  -- affected requests that are left
);
