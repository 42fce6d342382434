-- The fault card that is in play, if any.
CREATE TABLE lab_fault (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  card       TEXT NOT NULL,
  state      TEXT NOT NULL, -- JSON: what the card's check must know of how it was before
  checkpoint INTEGER NOT NULL,
  at_ms      INTEGER NOT NULL,
  mended_ms  INTEGER NOT NULL
);
-- How Sigma's directory misbehaves towards the next requests.
CREATE TABLE lab_trouble (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  status      INTEGER NOT NULL, -- 0: answer as usual, only late
  retry_after INTEGER NOT NULL, -- seconds; 0: not said
  delay_ms    INTEGER NOT NULL,
  remaining   INTEGER NOT NULL  -- requests that still meet it
);
