-- Checks and changes of the receiver of a message, and the window that carried it.
ALTER TABLE lab_exchange ADD COLUMN window INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lab_exchange ADD COLUMN elsewhere TEXT NOT NULL DEFAULT '';
ALTER TABLE lab_exchange ADD COLUMN relay_state TEXT NOT NULL DEFAULT '';
ALTER TABLE lab_exchange ADD COLUMN notes TEXT NOT NULL DEFAULT '';
-- Page requests of browsers, without form values.
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
