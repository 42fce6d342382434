-- What new labs contain: a scenario (empty for the one that the first guide begins in) and guides (a JSON array; empty for the quickstart).
ALTER TABLE workshop ADD COLUMN scenario TEXT NOT NULL DEFAULT '';
ALTER TABLE workshop ADD COLUMN guides TEXT NOT NULL DEFAULT '[]';
