-- What the lab was created from: the scenario's text (empty for a scenario of the program), the names of the guides (a JSON array)
-- and the name of the guide that the learner follows (empty for the first).
ALTER TABLE lab_about ADD COLUMN scenario_text TEXT NOT NULL DEFAULT '';
ALTER TABLE lab_about ADD COLUMN guides TEXT NOT NULL DEFAULT '[]';
ALTER TABLE lab_about ADD COLUMN guide TEXT NOT NULL DEFAULT '';
-- Completed steps of each guide. Until now a lab had one guide, the quickstart.
CREATE TABLE lab_guide_progress (
  guide TEXT NOT NULL,
  step  TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (guide, step)
) WITHOUT ROWID;
INSERT INTO lab_guide_progress (guide, step, at_ms) SELECT 'quickstart', step, at_ms FROM lab_progress;
DROP TABLE lab_progress;
