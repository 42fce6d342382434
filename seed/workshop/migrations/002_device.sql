-- An attendee can use several browsers, for example a laptop and a phone with the guide. Each browser has a token. The token
-- that workshop_seat stored until now becomes the first device.
CREATE TABLE workshop_device (
  token_hash TEXT PRIMARY KEY,
  lab        TEXT NOT NULL,
  since_ms   INTEGER NOT NULL
);
CREATE INDEX workshop_device_lab ON workshop_device (lab);
INSERT INTO workshop_device (token_hash, lab, since_ms) SELECT token_hash, lab, joined_ms FROM workshop_seat;
CREATE TABLE workshop_seat_without_token (
  lab        TEXT PRIMARY KEY,
  nickname   TEXT NOT NULL,
  name_key   TEXT NOT NULL UNIQUE,
  pin_hash   TEXT NOT NULL,
  joined_ms  INTEGER NOT NULL,
  seen_ms    INTEGER NOT NULL,
  hand_ms    INTEGER NOT NULL DEFAULT 0,
  locked     INTEGER NOT NULL DEFAULT 0,
  message    TEXT NOT NULL DEFAULT '',
  opened_ms  INTEGER NOT NULL DEFAULT 0 -- when an instructor last opened a page of the lab
);
INSERT INTO workshop_seat_without_token
  SELECT lab, nickname, name_key, pin_hash, joined_ms, seen_ms, hand_ms, locked, message, opened_ms FROM workshop_seat;
DROP TABLE workshop_seat;
ALTER TABLE workshop_seat_without_token RENAME TO workshop_seat;
