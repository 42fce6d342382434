-- The faults that were started in the lab, for the checks of guides. A fault that was undone leaves no row.
CREATE TABLE lab_fault_history (
  id       INTEGER PRIMARY KEY,
  fault    TEXT NOT NULL,
  at_ms    INTEGER NOT NULL,
  fixed_ms INTEGER NOT NULL DEFAULT 0, -- 0: not fixed yet
  ended_ms INTEGER NOT NULL DEFAULT 0  -- 0: the exercise is active
);
INSERT INTO lab_fault_history (fault, at_ms, fixed_ms) SELECT fault, at_ms, fixed_ms FROM lab_fault;
