-- The link of a mail that resets a password: its hash, and until when it works.
ALTER TABLE sigma_members ADD COLUMN reset_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE sigma_members ADD COLUMN reset_until_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sigma_members_reset ON sigma_members (reset_hash) WHERE reset_hash <> '';
