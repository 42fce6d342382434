-- The import that found a person first. One that is tried again counts whom its earlier try had written as new, not as known.
ALTER TABLE okta_import_users ADD COLUMN found_by INTEGER NOT NULL DEFAULT 0; -- id of the job
