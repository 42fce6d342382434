-- Base URLs that the pages of the halves show; empty for the address of the server.
ALTER TABLE lab_about ADD COLUMN public_okta TEXT NOT NULL DEFAULT '';
ALTER TABLE lab_about ADD COLUMN public_sigma TEXT NOT NULL DEFAULT '';
