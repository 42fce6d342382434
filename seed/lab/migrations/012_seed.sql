-- The source of the lab's identifiers; empty when it is the lab's name.
ALTER TABLE lab_about ADD COLUMN seed TEXT NOT NULL DEFAULT '';
