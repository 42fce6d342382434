-- Provisioning: how an app's directory is reached, and the durable jobs that carry changes there.
CREATE TABLE okta_integrations (
  app_id           TEXT PRIMARY KEY REFERENCES okta_apps (id) ON DELETE CASCADE,
  enabled          INTEGER NOT NULL DEFAULT 0,
  base_url         TEXT NOT NULL DEFAULT '',
  token            TEXT NOT NULL DEFAULT '', -- sent as bearer token; shown on no page
  import_groups    INTEGER NOT NULL DEFAULT 1,
  create_users     INTEGER NOT NULL DEFAULT 0,
  update_users     INTEGER NOT NULL DEFAULT 0,
  deactivate_users INTEGER NOT NULL DEFAULT 0,
  updated_ms       INTEGER NOT NULL
);

CREATE TABLE okta_jobs (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  lane          TEXT NOT NULL, -- jobs of one lane run in order: "user {app} {user}", "group {mapping}", "import {app}"
  kind          TEXT NOT NULL,
  app_id        TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  user_id       TEXT NOT NULL DEFAULT '',
  mapping_id    TEXT NOT NULL DEFAULT '',
  payload       TEXT NOT NULL DEFAULT '{}',
  state         TEXT NOT NULL, -- queued, failed
  attempts      INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  error         TEXT NOT NULL DEFAULT '',
  transaction_id TEXT NOT NULL, -- "gam…", the System Log's transaction
  created_ms    INTEGER NOT NULL,
  failed_ms     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX okta_jobs_lane ON okta_jobs (lane, id);
CREATE INDEX okta_jobs_state ON okta_jobs (state, not_before_ms);
CREATE INDEX okta_jobs_user ON okta_jobs (app_id, user_id);

CREATE TABLE okta_push_mappings (
  id           TEXT PRIMARY KEY,
  app_id       TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  group_id     TEXT NOT NULL REFERENCES okta_groups (id) ON DELETE CASCADE,
  rule_id      TEXT NOT NULL DEFAULT '',
  target_name  TEXT NOT NULL,             -- the group's name at the app's side
  external_id  TEXT NOT NULL DEFAULT '',  -- its id there, once linked or created
  link_id      TEXT NOT NULL DEFAULT '',  -- chosen existing group to link, until linked
  status       TEXT NOT NULL,             -- ACTIVE, INACTIVE, ERROR
  pushing      INTEGER NOT NULL DEFAULT 0,
  memberships  INTEGER NOT NULL DEFAULT 1,
  error        TEXT NOT NULL DEFAULT '',
  created_ms   INTEGER NOT NULL,
  last_push_ms INTEGER NOT NULL DEFAULT 0,
  UNIQUE (app_id, group_id)
);
CREATE INDEX okta_push_mappings_group ON okta_push_mappings (group_id);

CREATE TABLE okta_push_rules (
  id          TEXT PRIMARY KEY,
  app_id      TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  name        TEXT NOT NULL,
  match       TEXT NOT NULL, -- STARTS_WITH, ENDS_WITH, CONTAINS
  value       TEXT NOT NULL,
  memberships INTEGER NOT NULL DEFAULT 1,
  created_ms  INTEGER NOT NULL
);

CREATE TABLE okta_imports (
  app_id      TEXT PRIMARY KEY REFERENCES okta_apps (id) ON DELETE CASCADE,
  state       TEXT NOT NULL, -- RUNNING, DONE, FAILED
  scanned     INTEGER NOT NULL DEFAULT 0,
  total       INTEGER NOT NULL DEFAULT 0,
  added       INTEGER NOT NULL DEFAULT 0,
  updated     INTEGER NOT NULL DEFAULT 0,
  unchanged   INTEGER NOT NULL DEFAULT 0,
  removed     INTEGER NOT NULL DEFAULT 0,
  groups      INTEGER NOT NULL DEFAULT 0,
  error       TEXT NOT NULL DEFAULT '',
  started_ms  INTEGER NOT NULL,
  finished_ms INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE okta_import_users (
  app_id      TEXT NOT NULL REFERENCES okta_apps (id) ON DELETE CASCADE,
  external_id TEXT NOT NULL,
  user_name   TEXT NOT NULL,
  first_name  TEXT NOT NULL,
  last_name   TEXT NOT NULL,
  email       TEXT NOT NULL,
  profile     TEXT NOT NULL, -- JSON, attributes of the app user schema
  match       TEXT NOT NULL, -- EXACT, PARTIAL, NONE
  match_user  TEXT NOT NULL DEFAULT '',
  seen        INTEGER NOT NULL, -- started_ms of the import that saw it last
  PRIMARY KEY (app_id, external_id)
);
