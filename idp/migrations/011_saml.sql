-- When an AuthnRequest was first seen: ForceAuthn asks for credentials that are newer than that.
ALTER TABLE okta_saml_requests ADD COLUMN seen_ms INTEGER NOT NULL DEFAULT 0;
