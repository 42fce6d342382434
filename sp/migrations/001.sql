-- The Sigma half's tables. Times are milliseconds UTC, booleans 0 or 1.

CREATE TABLE sigma_organization (
  id               INTEGER PRIMARY KEY CHECK (id = 1),
  organization_id  TEXT NOT NULL,
  name             TEXT NOT NULL,
  cloud            TEXT NOT NULL,
  region           TEXT NOT NULL,
  created_ms       INTEGER NOT NULL,
  method           TEXT NOT NULL,
  idp_login_url    TEXT NOT NULL DEFAULT '',
  idp_certificate  TEXT NOT NULL DEFAULT '',
  session_hours    INTEGER NOT NULL DEFAULT 720,
  guest_access     INTEGER NOT NULL DEFAULT 0,
  two_factor       INTEGER NOT NULL DEFAULT 0,
  sign_requests    INTEGER NOT NULL DEFAULT 0,
  sp_key           TEXT NOT NULL DEFAULT '',
  sp_certificate   TEXT NOT NULL DEFAULT '',
  default_type_id  TEXT NOT NULL DEFAULT '',
  directory_on     INTEGER NOT NULL DEFAULT 0,
  strict_types     INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE sigma_account_types (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  standard    TEXT NOT NULL DEFAULT '', -- admin, creator, viewer; empty for a custom type
  permissions TEXT NOT NULL,            -- JSON array of permission words
  created_ms  INTEGER NOT NULL,
  updated_ms  INTEGER NOT NULL
);

CREATE TABLE sigma_members (
  id              TEXT PRIMARY KEY,
  email           TEXT NOT NULL,
  email_key       TEXT NOT NULL UNIQUE, -- lower case
  first_name      TEXT NOT NULL,
  last_name       TEXT NOT NULL,
  display_key     TEXT NOT NULL,        -- lower case "first last", for search and display name look-ups
  account_type_id TEXT NOT NULL REFERENCES sigma_account_types (id),
  wanted_type     TEXT NOT NULL DEFAULT '',
  status          TEXT NOT NULL,
  kind            TEXT NOT NULL DEFAULT 'internal',
  password_hash   TEXT NOT NULL DEFAULT '',
  invitation_hash TEXT NOT NULL DEFAULT '',
  home_folder_id  TEXT NOT NULL DEFAULT '',
  provisioned     INTEGER NOT NULL DEFAULT 0,
  external_id     TEXT NOT NULL DEFAULT '',
  created_by      TEXT NOT NULL DEFAULT '',
  created_ms      INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL,
  deactivated_ms  INTEGER NOT NULL DEFAULT 0,
  last_active_ms  INTEGER NOT NULL DEFAULT 0,
  version         INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX sigma_members_type ON sigma_members (account_type_id);
CREATE INDEX sigma_members_wanted ON sigma_members (wanted_type) WHERE wanted_type <> '';
CREATE INDEX sigma_members_external ON sigma_members (external_id) WHERE external_id <> '';
CREATE INDEX sigma_members_display ON sigma_members (display_key);
CREATE INDEX sigma_members_created ON sigma_members (created_ms, id);
CREATE INDEX sigma_members_invitation ON sigma_members (invitation_hash) WHERE invitation_hash <> '';

CREATE TABLE sigma_sessions (
  id         TEXT PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE,
  member_id  TEXT NOT NULL REFERENCES sigma_members (id),
  via        TEXT NOT NULL, -- password, saml
  ip         TEXT NOT NULL DEFAULT '',
  user_agent TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL,
  seen_ms    INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
);
CREATE INDEX sigma_sessions_member ON sigma_sessions (member_id);

CREATE TABLE sigma_teams (
  id             TEXT PRIMARY KEY,
  name           TEXT NOT NULL,
  description    TEXT NOT NULL DEFAULT '',
  visibility     TEXT NOT NULL, -- public, private
  status         TEXT NOT NULL, -- active, inactive
  workspace_id   TEXT NOT NULL DEFAULT '',
  provisioned    INTEGER NOT NULL DEFAULT 0,
  external_id    TEXT NOT NULL DEFAULT '',
  created_by     TEXT NOT NULL DEFAULT '',
  created_ms     INTEGER NOT NULL,
  updated_ms     INTEGER NOT NULL,
  deactivated_ms INTEGER NOT NULL DEFAULT 0,
  version        INTEGER NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX sigma_teams_name ON sigma_teams (name) WHERE status = 'active';
CREATE INDEX sigma_teams_external ON sigma_teams (external_id) WHERE external_id <> '';

CREATE TABLE sigma_team_members (
  team_id   TEXT NOT NULL REFERENCES sigma_teams (id),
  member_id TEXT NOT NULL REFERENCES sigma_members (id),
  is_admin  INTEGER NOT NULL DEFAULT 0,
  added_by  TEXT NOT NULL DEFAULT '',
  added_ms  INTEGER NOT NULL,
  PRIMARY KEY (team_id, member_id)
);
CREATE INDEX sigma_team_members_member ON sigma_team_members (member_id);

-- Workspaces, folders and documents are one tree.
CREATE TABLE sigma_files (
  id          TEXT PRIMARY KEY,
  url_id      TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL, -- workspace, folder, home, workbook
  parent_id   TEXT NOT NULL DEFAULT '',
  name        TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  owner_id    TEXT NOT NULL DEFAULT '',
  content     TEXT NOT NULL DEFAULT '',
  created_ms  INTEGER NOT NULL,
  updated_ms  INTEGER NOT NULL,
  updated_by  TEXT NOT NULL DEFAULT '',
  version     INTEGER NOT NULL DEFAULT 1,
  trashed_ms  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sigma_files_parent ON sigma_files (parent_id, name);
CREATE INDEX sigma_files_owner ON sigma_files (owner_id);

CREATE TABLE sigma_grants (
  file_id      TEXT NOT NULL REFERENCES sigma_files (id),
  grantee_kind TEXT NOT NULL, -- member, team, everyone
  grantee_id   TEXT NOT NULL DEFAULT '',
  access       INTEGER NOT NULL,
  granted_by   TEXT NOT NULL DEFAULT '',
  granted_ms   INTEGER NOT NULL,
  PRIMARY KEY (file_id, grantee_kind, grantee_id)
);
CREATE INDEX sigma_grants_grantee ON sigma_grants (grantee_kind, grantee_id);

CREATE TABLE sigma_visits (
  member_id TEXT NOT NULL,
  file_id   TEXT NOT NULL,
  at_ms     INTEGER NOT NULL,
  PRIMARY KEY (member_id, file_id)
);

CREATE TABLE sigma_directory_tokens (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  hash         TEXT NOT NULL UNIQUE,
  member_id    TEXT NOT NULL REFERENCES sigma_members (id),
  created_ms   INTEGER NOT NULL,
  last_used_ms INTEGER NOT NULL DEFAULT 0,
  expires_ms   INTEGER NOT NULL DEFAULT 0,
  revoked_ms   INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE sigma_authn_requests (
  id          TEXT PRIMARY KEY,
  window      INTEGER NOT NULL,
  relay_state TEXT NOT NULL,
  created_ms  INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL,
  used_ms     INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE sigma_assertions (
  id         TEXT PRIMARY KEY,
  expires_ms INTEGER NOT NULL
);

CREATE TABLE sigma_audit (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  at_ms       INTEGER NOT NULL,
  type        TEXT NOT NULL,
  name        TEXT NOT NULL,
  status      TEXT NOT NULL,
  reason      TEXT NOT NULL DEFAULT '',
  actor_kind  TEXT NOT NULL,
  actor_id    TEXT NOT NULL DEFAULT '',
  actor_name  TEXT NOT NULL DEFAULT '',
  actor_email TEXT NOT NULL DEFAULT '',
  object_kind TEXT NOT NULL DEFAULT '',
  object_id   TEXT NOT NULL DEFAULT '',
  object_name TEXT NOT NULL DEFAULT '',
  detail      TEXT NOT NULL DEFAULT '{}',
  ip          TEXT NOT NULL DEFAULT '',
  user_agent  TEXT NOT NULL DEFAULT '',
  session_id  TEXT NOT NULL DEFAULT '',
  request_id  TEXT NOT NULL DEFAULT '',
  request_uri TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sigma_audit_type ON sigma_audit (type, seq);
