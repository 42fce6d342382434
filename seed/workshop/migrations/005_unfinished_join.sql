-- A join whose answer did not reach the browser can be repeated. confirmed is 0 until the attendee's browser has sent its token
-- or the attendee has returned with the PIN. join_hash is the hash of the secret of the browser that sent the form.
ALTER TABLE workshop_attendee ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE workshop_attendee ADD COLUMN join_hash TEXT NOT NULL DEFAULT '';
