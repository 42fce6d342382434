-- What the console shows and does: where each attendee is, what the results need, and the log of the instructors' actions.
ALTER TABLE workshop_attendee ADD COLUMN active_ms INTEGER NOT NULL DEFAULT 0;   -- last request; seen_ms also counts an open page
ALTER TABLE workshop_attendee ADD COLUMN away_ms INTEGER NOT NULL DEFAULT 0;     -- how long the attendee was away, in total
ALTER TABLE workshop_attendee ADD COLUMN read_banner TEXT NOT NULL DEFAULT '';   -- the banner that the attendee has dismissed
ALTER TABLE workshop_attendee ADD COLUMN pin TEXT NOT NULL DEFAULT '';           -- for printed cards; empty before this migration
ALTER TABLE workshop_attendee ADD COLUMN prepared INTEGER NOT NULL DEFAULT 0;    -- the place has a card, and nobody has used it yet
UPDATE workshop_attendee SET active_ms = seen_ms;

-- The progress of each lab as it was last seen, so that the console need not open the labs.
CREATE TABLE workshop_standing (
  lab            TEXT PRIMARY KEY,
  done           INTEGER NOT NULL,
  total          INTEGER NOT NULL,             -- number of steps in the guide that the attendee follows
  current        TEXT NOT NULL,                -- id of the current step; empty when all are done
  since_ms       INTEGER NOT NULL,             -- when the current step became the current one
  awaits         TEXT NOT NULL DEFAULT '',     -- how the current step is completed
  mistakes       TEXT NOT NULL DEFAULT '[]',   -- JSON array of sentences
  fault          TEXT NOT NULL DEFAULT '',     -- id of the active fault
  fault_ms       INTEGER NOT NULL DEFAULT 0,   -- when it started
  fault_fixed_ms INTEGER NOT NULL DEFAULT 0,   -- when it was fixed; 0 until then
  problem        TEXT NOT NULL DEFAULT '',     -- why the progress is unknown
  stamp          TEXT NOT NULL DEFAULT ''      -- of the lab's file when it was last closed
);
-- One row for each step that an attendee has begun.
CREATE TABLE workshop_step (
  lab      TEXT NOT NULL,
  step     TEXT NOT NULL,
  began_ms INTEGER NOT NULL,
  away_ms  INTEGER NOT NULL,           -- away_ms of the attendee when the step began
  done_ms  INTEGER NOT NULL DEFAULT 0, -- 0 until the step is done for the first time
  spent_ms INTEGER NOT NULL DEFAULT 0, -- from began_ms to done_ms, without the time that the attendee was away
  brought  INTEGER NOT NULL DEFAULT 0, -- the guide did the step, not the attendee
  PRIMARY KEY (lab, step)
);
CREATE TABLE workshop_mistake (
  lab      TEXT NOT NULL,
  step     TEXT NOT NULL,
  sentence TEXT NOT NULL,
  first_ms INTEGER NOT NULL,
  PRIMARY KEY (lab, step, sentence)
);
CREATE TABLE workshop_fault (
  id         INTEGER PRIMARY KEY,
  lab        TEXT NOT NULL,
  fault      TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  fixed_ms   INTEGER NOT NULL DEFAULT 0,
  ended_ms   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX workshop_fault_lab ON workshop_fault (lab);
-- What instructors did.
CREATE TABLE workshop_log (
  id        INTEGER PRIMARY KEY,
  at_ms     INTEGER NOT NULL,
  who       TEXT NOT NULL,
  what      TEXT NOT NULL,
  whom      TEXT NOT NULL DEFAULT '[]',  -- JSON array of nicknames
  state     TEXT NOT NULL,               -- running, done, cancelled, undone, interrupted
  total     INTEGER NOT NULL DEFAULT 0,
  finished  INTEGER NOT NULL DEFAULT 0,
  failures  TEXT NOT NULL DEFAULT '[]'   -- JSON array of sentences
);
-- What undoes an action: one row for each lab, or one row with an empty lab for the settings.
CREATE TABLE workshop_undo (
  entry INTEGER NOT NULL,
  lab   TEXT NOT NULL,
  data  TEXT NOT NULL, -- JSON
  PRIMARY KEY (entry, lab)
);
