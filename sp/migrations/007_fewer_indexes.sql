-- What a new member and an audit entry write besides their rows. Nothing finds members by their account type except rare pages,
-- audit entries by their identifier, or My Documents by its owner or place: sigma_members has its identifier.
DROP INDEX sigma_members_type;
DROP INDEX sigma_files_parent;
DROP INDEX sigma_files_owner;
CREATE INDEX sigma_files_parent ON sigma_files (parent_id, name) WHERE kind <> 'home';
CREATE INDEX sigma_files_owner ON sigma_files (owner_id) WHERE kind <> 'home';

CREATE TABLE sigma_audit_entries (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
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
INSERT INTO sigma_audit_entries SELECT seq, id, at_ms, type, name, status, reason, actor_kind, actor_id, actor_name, actor_email,
  object_kind, object_id, object_name, detail, ip, user_agent, session_id, request_id, request_uri FROM sigma_audit;
DROP TABLE sigma_audit;
ALTER TABLE sigma_audit_entries RENAME TO sigma_audit;
CREATE INDEX sigma_audit_type ON sigma_audit (type, seq);
