-- Who may join, and the key that signs the cookies of known browsers.
ALTER TABLE workshop ADD COLUMN joining_closed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workshop ADD COLUMN per_address INTEGER NOT NULL DEFAULT 3; -- labs that one network address may take; 0 is no limit
ALTER TABLE workshop ADD COLUMN browser_key TEXT NOT NULL DEFAULT '';
