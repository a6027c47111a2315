CREATE TABLE IF NOT EXISTS resident (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    born TEXT NOT NULL,
    letter_code TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS failed_try (
    letter_code TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS verification (
    token TEXT PRIMARY KEY,
    resident INTEGER NOT NULL REFERENCES resident,
    until INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS application (
    number TEXT PRIMARY KEY,
    resident INTEGER NOT NULL REFERENCES resident,
    kind TEXT NOT NULL,
    ready_on TEXT,
    missing TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS application_step (
    application TEXT NOT NULL REFERENCES application,
    day TEXT NOT NULL,
    status TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS appointment (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL,
    day TEXT NOT NULL,
    time TEXT NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS taken ON appointment (service, day, time) WHERE cancelled = 0;
CREATE TABLE IF NOT EXISTS queue_number (
    day TEXT NOT NULL,
    service TEXT NOT NULL,
    number INTEGER NOT NULL,
    returned INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, service, number)
);
CREATE TABLE IF NOT EXISTS fee (
    number TEXT PRIMARY KEY,
    resident INTEGER NOT NULL REFERENCES resident,
    kind TEXT NOT NULL,
    amount_yen INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    paid INTEGER NOT NULL DEFAULT 0,
    waived_because TEXT
);
