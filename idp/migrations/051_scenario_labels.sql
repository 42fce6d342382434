-- The labels that the lab's scenario chose, as JSON: {"More details": "Show details"}.
ALTER TABLE okta_org ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';

-- Imported groups to which the scenario assigns the importing app, with the values of the assignment as JSON.
CREATE TABLE okta_scenario_imports (
  group_name TEXT PRIMARY KEY,
  profile    TEXT NOT NULL
);
