-- The table has the name that the code uses.
ALTER TABLE workshop_seat RENAME TO workshop_attendee;
