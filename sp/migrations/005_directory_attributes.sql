-- What the directory gave of a member besides the columns: the SCIM attributes as JSON, and the texts that filters look up
-- (display name and email addresses, folded, one a line). A deleted member stays in People, but is gone for the directory.
ALTER TABLE sigma_members ADD COLUMN directory_attributes TEXT NOT NULL DEFAULT '';
ALTER TABLE sigma_members ADD COLUMN directory_keys TEXT NOT NULL DEFAULT '';
ALTER TABLE sigma_members ADD COLUMN directory_deleted INTEGER NOT NULL DEFAULT 0;
DROP INDEX sigma_members_created;
CREATE INDEX sigma_members_listed ON sigma_members (created_ms, id) WHERE directory_deleted = 0;
CREATE INDEX sigma_members_directory_keys ON sigma_members (directory_keys, id) WHERE directory_keys <> '';
