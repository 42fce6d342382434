-- Attributes of an assignment that had a value and have none now: they are sent empty.
ALTER TABLE okta_app_users ADD COLUMN cleared TEXT NOT NULL DEFAULT ''; -- names between spaces
