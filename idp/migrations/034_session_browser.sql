-- The browser that a session was begun in: browsers whose windows have the same number are told apart by it.
ALTER TABLE okta_sessions ADD COLUMN browser TEXT NOT NULL DEFAULT '';
