-- The org's password policy as JSON; empty while it is the one that new orgs have.
ALTER TABLE okta_org ADD COLUMN password_policy TEXT NOT NULL DEFAULT '';
