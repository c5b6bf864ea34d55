-- Who the people behind the accounts are, when they signed in, and which tablets and keys are used no more.

-- Where a user works and is called; an agency's supervisors administer its accounts.
ALTER TABLE accounts ADD COLUMN agency TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN branch TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN phone TEXT NOT NULL DEFAULT '';
-- What the helpdesk asks on the phone. The answer is kept as an Argon2id hash of its normal form, as a PHC string.
ALTER TABLE accounts ADD COLUMN security_question TEXT;
ALTER TABLE accounts ADD COLUMN security_answer TEXT;
CREATE INDEX accounts_agency ON accounts (agency);

-- The last sign-ins of each account; older ones are in the audit.
CREATE TABLE sign_ins (
    attempt_id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES accounts (user_id),
    at BIGINT NOT NULL,
    via TEXT NOT NULL CHECK (via IN ('tablet', 'page')),
    device_id TEXT REFERENCES devices (device_id)
);
CREATE INDEX sign_ins_user ON sign_ins (user_id, at);

-- A tablet that was lost: nobody signs in on it any more.
ALTER TABLE devices ADD COLUMN revoked_at BIGINT;

-- A key that is handed out no more still opens what was sealed under it.
ALTER TABLE data_keys ADD COLUMN retired_at BIGINT;
DROP INDEX data_keys_in_use;
CREATE UNIQUE INDEX data_keys_in_use ON data_keys (user_id, device_id) WHERE retired_at IS NULL;
CREATE INDEX data_keys_master ON data_keys (master_key_id);
