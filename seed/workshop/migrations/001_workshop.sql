CREATE TABLE workshop (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  code          TEXT NOT NULL,    -- join code
  password_hash TEXT NOT NULL,    -- bcrypt hash of the instructor password
  labs          INTEGER NOT NULL, -- maximum number of attendees
  banner        TEXT NOT NULL DEFAULT '',
  frozen        INTEGER NOT NULL DEFAULT 0,
  sections      INTEGER NOT NULL DEFAULT 0, -- number of open sections; 0 means all
  timer_ms      INTEGER NOT NULL DEFAULT 0  -- wall-clock time at which the timer ends; 0 when no timer runs
);
-- Attendees. 003_attendee.sql renames the table.
CREATE TABLE workshop_seat (
  lab        TEXT PRIMARY KEY,
  nickname   TEXT NOT NULL,
  name_key   TEXT NOT NULL UNIQUE, -- equal for nicknames that look the same
  pin_hash   TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  joined_ms  INTEGER NOT NULL,
  seen_ms    INTEGER NOT NULL,
  hand_ms    INTEGER NOT NULL DEFAULT 0, -- 0 while the hand is down
  locked     INTEGER NOT NULL DEFAULT 0,
  message    TEXT NOT NULL DEFAULT '',
  opened_ms  INTEGER NOT NULL DEFAULT 0 -- when an instructor last opened a page of the lab
);
CREATE TABLE workshop_instructor (
  token_hash TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  since_ms   INTEGER NOT NULL
);
