-- How far Okta's clock is ahead of the lab's, for a lab in which the two systems disagree about the time.
CREATE TABLE okta_clock (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  skew_ms INTEGER NOT NULL
);
