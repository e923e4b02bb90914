CREATE TABLE plants (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  bed  INTEGER NOT NULL,
  note TEXT,
  UNIQUE (name, bed)
) STRICT;
