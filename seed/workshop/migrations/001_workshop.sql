CREATE TABLE workshop (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  code          TEXT NOT NULL,
  password_hash TEXT NOT NULL, -- the instructors', once it has been chosen
  labs          INTEGER NOT NULL, -- seats there are
  banner        TEXT NOT NULL DEFAULT '',
  frozen        INTEGER NOT NULL DEFAULT 0,
  sections      INTEGER NOT NULL DEFAULT 0, -- how many are open; 0: all
  timer_ms      INTEGER NOT NULL DEFAULT 0  -- wall clock; 0: none runs
);
CREATE TABLE workshop_seat (
  lab        TEXT PRIMARY KEY,
  nickname   TEXT NOT NULL,
  name_key   TEXT NOT NULL UNIQUE,
  pin_hash   TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  joined_ms  INTEGER NOT NULL,
  seen_ms    INTEGER NOT NULL,
  hand_ms    INTEGER NOT NULL DEFAULT 0,
  locked     INTEGER NOT NULL DEFAULT 0,
  message    TEXT NOT NULL DEFAULT '',
  opened_ms  INTEGER NOT NULL DEFAULT 0 -- an instructor looked into the lab last
);
CREATE TABLE workshop_instructor (
  token_hash TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  since_ms   INTEGER NOT NULL
);
