-- Attributes of an assignment that had a value and have none now: they are sent empty (okta-wire 1.5).
ALTER TABLE okta_app_users ADD COLUMN cleared TEXT NOT NULL DEFAULT ''; -- names between spaces
