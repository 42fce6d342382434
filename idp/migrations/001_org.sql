CREATE TABLE okta_org (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  subdomain  TEXT NOT NULL,
  created_ms INTEGER NOT NULL
);

CREATE TABLE okta_users (
  id                  TEXT PRIMARY KEY,
  status              TEXT NOT NULL,
  login               TEXT NOT NULL,
  login_key           TEXT NOT NULL UNIQUE,  -- lower case
  email               TEXT NOT NULL,
  first_name          TEXT NOT NULL,
  last_name           TEXT NOT NULL,
  search              TEXT NOT NULL,         -- names, e-mail and login in lower case
  profile             TEXT NOT NULL,         -- JSON, all attributes
  password_hash       TEXT,
  password_history    TEXT NOT NULL DEFAULT '[]', -- JSON list of older hashes, newest first
  failed_attempts     INTEGER NOT NULL DEFAULT 0,
  suspended_from      TEXT,                  -- state to return to
  created_ms          INTEGER NOT NULL,
  activated_ms        INTEGER NOT NULL DEFAULT 0,
  status_changed_ms   INTEGER NOT NULL DEFAULT 0,
  last_login_ms       INTEGER NOT NULL DEFAULT 0,
  updated_ms          INTEGER NOT NULL,
  password_changed_ms INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX okta_users_status ON okta_users (status);
CREATE INDEX okta_users_name ON okta_users (first_name, last_name);

CREATE TABLE okta_user_roles (
  user_id    TEXT NOT NULL REFERENCES okta_users (id) ON DELETE CASCADE,
  role       TEXT NOT NULL,
  granted_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, role)
);

-- One-time links and states: activation, password reset, password to be changed during a sign-in.
CREATE TABLE okta_user_tokens (
  hash       TEXT PRIMARY KEY,
  user_id    TEXT NOT NULL REFERENCES okta_users (id) ON DELETE CASCADE,
  purpose    TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
);
CREATE INDEX okta_user_tokens_user ON okta_user_tokens (user_id);

CREATE TABLE okta_sessions (
  id           TEXT PRIMARY KEY,
  token_hash   TEXT NOT NULL UNIQUE,
  user_id      TEXT NOT NULL REFERENCES okta_users (id) ON DELETE CASCADE,
  created_ms   INTEGER NOT NULL,
  auth_ms      INTEGER NOT NULL,
  last_used_ms INTEGER NOT NULL,
  expires_ms   INTEGER NOT NULL,
  ip           TEXT NOT NULL,
  user_agent   TEXT NOT NULL
);
CREATE INDEX okta_sessions_user ON okta_sessions (user_id);

CREATE TABLE okta_groups (
  id            TEXT PRIMARY KEY,
  type          TEXT NOT NULL,
  name          TEXT NOT NULL,
  description   TEXT NOT NULL DEFAULT '',
  source_app_id TEXT NOT NULL DEFAULT '',
  external_id   TEXT NOT NULL DEFAULT '',
  created_ms    INTEGER NOT NULL,
  updated_ms    INTEGER NOT NULL,
  membership_ms INTEGER NOT NULL,
  UNIQUE (source_app_id, name)
);

CREATE TABLE okta_group_members (
  group_id TEXT NOT NULL REFERENCES okta_groups (id) ON DELETE CASCADE,
  user_id  TEXT NOT NULL REFERENCES okta_users (id) ON DELETE CASCADE,
  added_ms INTEGER NOT NULL,
  PRIMARY KEY (group_id, user_id)
);
CREATE INDEX okta_group_members_user ON okta_group_members (user_id);

CREATE TABLE okta_apps (
  id           TEXT PRIMARY KEY,
  catalog_key  TEXT NOT NULL,
  name         TEXT NOT NULL,
  external_key TEXT NOT NULL UNIQUE,
  link_id      INTEGER NOT NULL,
  label        TEXT NOT NULL,
  status       TEXT NOT NULL,
  sign_on_mode TEXT NOT NULL,
  general      TEXT NOT NULL, -- JSON, AppGeneral
  sign_on      TEXT NOT NULL, -- JSON, AppSignOn
  key_id       TEXT NOT NULL DEFAULT '',
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL
);
CREATE UNIQUE INDEX okta_apps_label ON okta_apps (lower(label));

CREATE TABLE okta_app_keys (
  kid         TEXT PRIMARY KEY,
  app_id      TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  private_key BLOB NOT NULL, -- PKCS #8
  certificate BLOB NOT NULL, -- DER
  created_ms  INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL
);
CREATE INDEX okta_app_keys_app ON okta_app_keys (app_id);

-- The app user schema: attributes with their mapping from the Okta profile.
CREATE TABLE okta_app_attributes (
  app_id     TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  position   INTEGER NOT NULL,
  definition TEXT NOT NULL, -- JSON, Attribute
  PRIMARY KEY (app_id, name)
);

CREATE TABLE okta_app_groups (
  app_id     TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  group_id   TEXT NOT NULL REFERENCES okta_groups (id) ON DELETE CASCADE,
  priority   INTEGER NOT NULL, -- 0 wins
  profile    TEXT NOT NULL,    -- JSON
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY (app_id, group_id)
);
CREATE INDEX okta_app_groups_group ON okta_app_groups (group_id);

-- One row for everybody who has the app, individually or through groups; kept in sync with the groups by reconcile.
CREATE TABLE okta_app_users (
  id           TEXT PRIMARY KEY,
  app_id       TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  user_id      TEXT NOT NULL REFERENCES okta_users (id) ON DELETE CASCADE,
  scope        TEXT NOT NULL,
  group_id     TEXT NOT NULL DEFAULT '',
  user_name    TEXT NOT NULL,
  custom_name  INTEGER NOT NULL DEFAULT 0, -- user_name was typed, so it does not follow the profile
  profile      TEXT NOT NULL,              -- JSON, as in force
  own          TEXT,                       -- JSON, as typed for an individual
  status       TEXT NOT NULL,
  sync_state   TEXT NOT NULL,
  sync_error   TEXT NOT NULL DEFAULT '',
  external_id  TEXT NOT NULL DEFAULT '',
  before_prov  INTEGER NOT NULL DEFAULT 0,
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL,
  last_sync_ms INTEGER NOT NULL DEFAULT 0,
  UNIQUE (app_id, user_id)
);
CREATE INDEX okta_app_users_user ON okta_app_users (user_id);

CREATE TABLE okta_log (
  seq          INTEGER PRIMARY KEY,
  uuid         TEXT NOT NULL UNIQUE,
  published_ms INTEGER NOT NULL,
  event_type   TEXT NOT NULL,
  actor_id     TEXT NOT NULL,
  target_ids   TEXT NOT NULL, -- " id id "
  result       TEXT NOT NULL,
  severity     TEXT NOT NULL,
  event        TEXT NOT NULL  -- JSON, LogEvent
);
CREATE INDEX okta_log_published ON okta_log (published_ms);
CREATE INDEX okta_log_type ON okta_log (event_type);

-- AuthnRequests that were answered or are under way, against replay.
CREATE TABLE okta_saml_requests (
  app_id      TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  request_id  TEXT NOT NULL,
  answered_ms INTEGER NOT NULL,
  PRIMARY KEY (app_id, request_id)
);
