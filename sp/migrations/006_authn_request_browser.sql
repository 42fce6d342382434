-- The browser that began a sign-on: the hash of its cookie. Only this browser may bring the response.
ALTER TABLE sigma_authn_requests ADD COLUMN browser_hash TEXT NOT NULL DEFAULT '';
