-- What people call the windows of the lab.
CREATE TABLE lab_window (
  number INTEGER PRIMARY KEY,
  name   TEXT NOT NULL
);
