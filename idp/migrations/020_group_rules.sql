-- Group rules: Directory > Groups > Rules. The condition is always an expression; the basic condition that it was made from is kept for its form.
CREATE TABLE okta_group_rules (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  status     TEXT NOT NULL,
  expression TEXT NOT NULL,
  attribute  TEXT NOT NULL DEFAULT '', -- basic condition; empty for one in Okta Expression Language
  operator   TEXT NOT NULL DEFAULT '',
  value      TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
);

CREATE TABLE okta_group_rule_groups (
  rule_id  TEXT NOT NULL REFERENCES okta_group_rules (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES okta_groups (id) ON DELETE CASCADE,
  PRIMARY KEY (rule_id, group_id)
);

CREATE TABLE okta_group_rule_exceptions (
  rule_id TEXT NOT NULL REFERENCES okta_group_rules (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES okta_users (id) ON DELETE CASCADE,
  PRIMARY KEY (rule_id, user_id)
);

-- Memberships that rules made. One that somebody made by hand has no row here, so no rule takes it away.
CREATE TABLE okta_group_rule_members (
  rule_id  TEXT NOT NULL REFERENCES okta_group_rules (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL,
  user_id  TEXT NOT NULL,
  PRIMARY KEY (group_id, user_id, rule_id),
  FOREIGN KEY (group_id, user_id) REFERENCES okta_group_members (group_id, user_id) ON DELETE CASCADE
);
CREATE INDEX okta_group_rule_members_rule ON okta_group_rule_members (rule_id);
