CREATE TABLE lab_about (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  scenario TEXT NOT NULL,
  card     TEXT NOT NULL
);
CREATE TABLE lab_exchange (
  id          INTEGER PRIMARY KEY,
  at_ms       INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  summary     TEXT NOT NULL,
  method      TEXT NOT NULL,
  path        TEXT NOT NULL,
  status      INTEGER NOT NULL,
  took_us     INTEGER NOT NULL,
  request     TEXT NOT NULL,
  response    TEXT NOT NULL
);
