-- A SAML message as it was sent: request line, headers and body.
ALTER TABLE lab_exchange ADD COLUMN wire TEXT NOT NULL DEFAULT '';
