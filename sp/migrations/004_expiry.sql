-- What has expired is swept away at every sign-on, which must not become slower with every one that there was.
CREATE INDEX sigma_sessions_expires ON sigma_sessions (expires_ms);
CREATE INDEX sigma_authn_requests_expires ON sigma_authn_requests (expires_ms);
CREATE INDEX sigma_assertions_expires ON sigma_assertions (expires_ms);
