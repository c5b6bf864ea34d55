-- Of failed offline attempts with a login that their tablet does not know: the count that was reported last, and when the first
-- of it was. A report that comes again is counted once.
ALTER TABLE devices ADD COLUMN unknown_since BIGINT;
ALTER TABLE devices ADD COLUMN unknown_reported BIGINT NOT NULL DEFAULT 0;
