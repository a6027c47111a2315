-- The one image that is ever stored: a still that the visitor saw and sent. `jpeg` is base64. A case
-- has one at most, and it goes with its case.
CREATE TABLE stills (
    case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    taken_at BIGINT NOT NULL,
    jpeg TEXT NOT NULL
);
