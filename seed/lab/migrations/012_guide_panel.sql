-- The step that the guide panel shows, chosen with Next and Previous while the first open step was another one (both empty at the
-- end of the guide).
CREATE TABLE lab_guide_position (
  guide TEXT PRIMARY KEY,
  step  TEXT NOT NULL,
  open  TEXT NOT NULL
) WITHOUT ROWID;
-- Users and groups of Okta that the scenario created, by ID. Everything else was created in the lab.
CREATE TABLE lab_initial (id TEXT PRIMARY KEY) WITHOUT ROWID;
