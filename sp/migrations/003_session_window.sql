-- The browser window of the lab that a session was begun in; 0 is the one without a number.
ALTER TABLE sigma_sessions ADD COLUMN window_number INTEGER NOT NULL DEFAULT 0;
