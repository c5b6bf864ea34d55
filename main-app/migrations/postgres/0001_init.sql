-- The main application's tables, in PostgreSQL's words; what they mean is said in ../sqlite/. Identifiers are TEXT (UUIDs
-- with hyphens), times BIGINT (milliseconds since 1970), truth BIGINT 0 or 1, hashes lower-case hex.

CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- Accounts. What the columns from `strikes` to `active_to` mean is said, and decided, in crates/accounts.
CREATE TABLE accounts (
    user_id TEXT PRIMARY KEY NOT NULL,
    login TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    strikes BIGINT NOT NULL DEFAULT 0,
    locked_since BIGINT,
    epoch BIGINT NOT NULL DEFAULT 1,
    temp_issued BIGINT,
    temp_expires BIGINT,
    active_from BIGINT,
    active_to BIGINT,
    last_sign_in BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE roles (
    user_id TEXT NOT NULL REFERENCES accounts (user_id),
    role TEXT NOT NULL CHECK (role IN ('field_staff', 'supervisor', 'helpdesk')),
    PRIMARY KEY (user_id, role)
);

-- One row for each press of "Sign in": claimed before the password is looked at, concluded after.
CREATE TABLE attempts (
    attempt_id TEXT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('pending', 'ok', 'bad_password', 'locked', 'no_access')),
    user_id TEXT REFERENCES accounts (user_id)
);
CREATE INDEX attempts_at ON attempts (at);

-- Tablets, as they last reported themselves.
CREATE TABLE devices (
    device_id TEXT PRIMARY KEY NOT NULL,
    first_seen BIGINT NOT NULL,
    last_contact BIGINT NOT NULL,
    app_version TEXT NOT NULL DEFAULT '',
    waiting BIGINT NOT NULL DEFAULT 0,
    failed_unknown BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE failed_offline (
    device_id TEXT NOT NULL REFERENCES devices (device_id),
    user_id TEXT NOT NULL REFERENCES accounts (user_id),
    at BIGINT NOT NULL,
    reported_at BIGINT NOT NULL,
    PRIMARY KEY (device_id, user_id, at)
);

-- Data keys, sealed under the master key of that id. A user has one on each tablet, through every reset.
CREATE TABLE data_keys (
    dk_id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES accounts (user_id),
    device_id TEXT NOT NULL REFERENCES devices (device_id),
    master_key_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX data_keys_in_use ON data_keys (user_id, device_id);

-- Sessions of tablets. An ended one stays, so that its tablet can be told why.
CREATE TABLE tablet_sessions (
    token_hash TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES accounts (user_id),
    device_id TEXT NOT NULL REFERENCES devices (device_id),
    epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX tablet_sessions_user ON tablet_sessions (user_id);

-- Sessions of the pages under /main.
CREATE TABLE page_sessions (
    id_hash TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES accounts (user_id),
    epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX page_sessions_user ON page_sessions (user_id);

-- Forms under /main that may be carried out once only, however often they are sent.
CREATE TABLE submissions (
    submission_id TEXT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL
);

-- What tablets are told of: each change takes the next number, and a cursor is such a number.
CREATE TABLE changes (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO changes (id, last) VALUES (1, 0);

CREATE TABLE clients (
    client_id TEXT PRIMARY KEY NOT NULL,
    full_name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    due TEXT,
    change BIGINT NOT NULL
);

-- An ended assignment stays: a document is taken if its client was ever assigned to its author.
CREATE TABLE assignments (
    client_id TEXT NOT NULL REFERENCES clients (client_id),
    user_id TEXT NOT NULL REFERENCES accounts (user_id),
    assigned BIGINT NOT NULL CHECK (assigned IN (0, 1)),
    change BIGINT NOT NULL,
    PRIMARY KEY (client_id, user_id)
);
CREATE INDEX assignments_user ON assignments (user_id);

CREATE TABLE forms (
    url TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    change BIGINT NOT NULL,
    PRIMARY KEY (url, version)
);

-- Documents: what can be listed of the newest revision; the contents stay sealed.
CREATE TABLE documents (
    record_id TEXT PRIMARY KEY NOT NULL,
    author TEXT NOT NULL REFERENCES accounts (user_id),
    client_id TEXT NOT NULL REFERENCES clients (client_id),
    form_url TEXT NOT NULL,
    form_version TEXT NOT NULL,
    form_title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'pending', 'complete')),
    rev BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE INDEX documents_client ON documents (client_id);
CREATE INDEX documents_author ON documents (author);

-- Every revision as it arrived, byte for byte.
CREATE TABLE document_revisions (
    record_id TEXT NOT NULL REFERENCES documents (record_id),
    rev BIGINT NOT NULL,
    dk_id TEXT NOT NULL REFERENCES data_keys (dk_id),
    sealed BYTEA NOT NULL,
    sha256 TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    delivered_by TEXT NOT NULL REFERENCES accounts (user_id),
    author_inactive BIGINT NOT NULL CHECK (author_inactive IN (0, 1)),
    PRIMARY KEY (record_id, rev)
);

-- Who did what to whom, when. Rows are added and never touched again.
CREATE TABLE audit (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT,
    action TEXT NOT NULL,
    subject TEXT,
    detail TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit table is append-only';
END
$$;

CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
