-- Requests for a reset, as the helpdesk works them. What the columns from `state` to `second_agreed` mean is said, and
-- decided, in crates/accounts (request).
CREATE TABLE reset_requests (
    -- Counts up in the order received, and is never given twice: the audit keeps it.
    number BIGINT PRIMARY KEY NOT NULL,
    received_at BIGINT NOT NULL,
    received_by TEXT NOT NULL REFERENCES accounts (user_id),
    -- What the e-mail says.
    full_name TEXT NOT NULL,
    agency TEXT NOT NULL,
    branch TEXT NOT NULL,
    phone TEXT NOT NULL,
    for_someone_else BIGINT NOT NULL CHECK (for_someone_else IN (0, 1)),
    -- Where a returned request goes; empty where that is not known.
    sender TEXT NOT NULL,
    -- The account that a clerk has chosen.
    user_id TEXT REFERENCES accounts (user_id),
    state TEXT NOT NULL CHECK (state IN ('new', 'first_attempt', 'reached', 'done', 'returned')),
    returned_why TEXT CHECK (returned_why IN ('unreached', 'not_validated', 'withdrawn')),
    missed BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    answered BIGINT NOT NULL CHECK (answered IN (0, 1)),
    second_purpose TEXT CHECK (second_purpose IN ('approval', 'identity')),
    second_asked TEXT REFERENCES accounts (user_id),
    second_agreed TEXT REFERENCES accounts (user_id),
    -- The last clerk who did something about it, and when; for a closed one, when it was closed.
    touched_by TEXT NOT NULL REFERENCES accounts (user_id),
    touched_at BIGINT NOT NULL,
    -- Counts up with each act: a form that was drawn before another act is not carried out.
    rev BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX reset_requests_closed ON reset_requests (closed_at);
CREATE INDEX reset_requests_user ON reset_requests (user_id);

-- Entries about a request are told on its page.
ALTER TABLE audit ADD COLUMN request BIGINT;
CREATE INDEX audit_request ON audit (request);
