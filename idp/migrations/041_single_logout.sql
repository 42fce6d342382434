-- The apps that take part in single logout and that a session signed its user on to.
CREATE TABLE okta_app_sessions (
  session_id     TEXT NOT NULL REFERENCES okta_sessions (id) ON DELETE CASCADE,
  app_id         TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  name_id        TEXT NOT NULL,
  name_id_format TEXT NOT NULL,
  session_index  TEXT NOT NULL,
  PRIMARY KEY (session_id, app_id, session_index)
);
CREATE INDEX okta_app_sessions_app ON okta_app_sessions (app_id);

-- Single logouts that are under way. app_id is the app that began it; empty for Okta.
CREATE TABLE okta_logouts (
  id          TEXT PRIMARY KEY,
  app_id      TEXT NOT NULL DEFAULT '',
  request_id  TEXT NOT NULL DEFAULT '', -- ID of the app's LogoutRequest
  relay_state TEXT NOT NULL DEFAULT '',
  partial     INTEGER NOT NULL DEFAULT 0,
  created_ms  INTEGER NOT NULL
);

-- The LogoutRequests of a single logout, in the order in which the browser carries them.
CREATE TABLE okta_logout_requests (
  request_id     TEXT PRIMARY KEY,
  logout_id      TEXT NOT NULL REFERENCES okta_logouts (id) ON DELETE CASCADE,
  app_id         TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  name_id        TEXT NOT NULL,
  name_id_format TEXT NOT NULL,
  session_index  TEXT NOT NULL,
  sent           INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX okta_logout_requests_logout ON okta_logout_requests (logout_id);
