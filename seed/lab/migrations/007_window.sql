-- Names that people gave to windows.
CREATE TABLE lab_window (
  number INTEGER PRIMARY KEY,
  name   TEXT NOT NULL
);
