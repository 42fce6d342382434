CREATE TABLE IF NOT EXISTS lab_migrations (
  room       TEXT NOT NULL,
  name       TEXT NOT NULL,
  applied_ms INTEGER NOT NULL,
  PRIMARY KEY (room, name)
);
CREATE TABLE IF NOT EXISTS lab_state (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  offset_ms  INTEGER NOT NULL DEFAULT 0,
  frozen_ms  INTEGER,
  id_counter INTEGER NOT NULL DEFAULT 0
);
INSERT INTO lab_state (id) VALUES (1) ON CONFLICT (id) DO NOTHING;
CREATE TABLE IF NOT EXISTS lab_mail (
  id      INTEGER PRIMARY KEY,
  at_ms   INTEGER NOT NULL,
  sender  TEXT NOT NULL,
  to_name TEXT NOT NULL,
  to_addr TEXT NOT NULL,
  subject TEXT NOT NULL,
  body    TEXT NOT NULL
);
