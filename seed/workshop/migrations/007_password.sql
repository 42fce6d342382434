-- Hash of the instructor password that the configuration set last, so that a restart does not bring it back after a replacement.
ALTER TABLE workshop ADD COLUMN configured_hash TEXT NOT NULL DEFAULT '';
