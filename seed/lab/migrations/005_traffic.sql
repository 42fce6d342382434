-- What receivers note of a message, and where it was carried.
ALTER TABLE lab_exchange ADD COLUMN window INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lab_exchange ADD COLUMN elsewhere TEXT NOT NULL DEFAULT '';
ALTER TABLE lab_exchange ADD COLUMN relay_state TEXT NOT NULL DEFAULT '';
ALTER TABLE lab_exchange ADD COLUMN notes TEXT NOT NULL DEFAULT '';
-- Every page that a browser asked for, latest first; what a form carried is not kept.
CREATE TABLE lab_hop (
  id       INTEGER PRIMARY KEY,
  at_ms    INTEGER NOT NULL,
  half     TEXT NOT NULL,
  window   INTEGER NOT NULL,
  method   TEXT NOT NULL,
  path     TEXT NOT NULL,
  status   INTEGER NOT NULL,
  took_us  INTEGER NOT NULL,
  location TEXT NOT NULL
);
