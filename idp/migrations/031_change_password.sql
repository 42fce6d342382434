-- A staged person who has to choose a new password at the first sign-in.
ALTER TABLE okta_users ADD COLUMN change_password INTEGER NOT NULL DEFAULT 0;
