-- The catalog entry of an app that was added from a file of a user. Empty: the entry is one of the program.
ALTER TABLE okta_apps ADD COLUMN entry TEXT NOT NULL DEFAULT '';
