-- Portable between SQLite and PostgreSQL: only TEXT and BIGINT, times in milliseconds since 1970,
-- identifiers as UUID text, words and bodies as the wire writes them (JSON).

CREATE TABLE operators (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    languages TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    operator_id TEXT NOT NULL REFERENCES operators (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_operator ON sessions (operator_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE robots (
    id TEXT NOT NULL PRIMARY KEY,
    public_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    site TEXT NOT NULL,
    place TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    last_seen BIGINT
);

CREATE TABLE claim_codes (
    code_hash TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    site TEXT NOT NULL,
    place TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE cases (
    id TEXT NOT NULL PRIMARY KEY,
    robot_id TEXT NOT NULL REFERENCES robots (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    language TEXT,
    priority BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    failure TEXT,
    operator_id TEXT REFERENCES operators (id) ON DELETE SET NULL,
    return_packet TEXT,
    updated_at BIGINT NOT NULL
);
CREATE INDEX cases_by_robot ON cases (robot_id);
CREATE INDEX cases_by_update ON cases (updated_at);

-- An operator holds one conversation at a time, whatever two pages ask for at once.
CREATE UNIQUE INDEX one_case_per_operator ON cases (operator_id)
    WHERE operator_id IS NOT NULL AND return_packet IS NULL AND state <> 'closed';

-- `body` is the packet without its transcript; the transcript stands line by line in `turns`.
CREATE TABLE packets (
    case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE turns (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (case_id, number)
);
