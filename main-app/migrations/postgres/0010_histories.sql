-- What is known of the history of a document's newest revision: how many entries it had, and their head in lower-case hex
-- (empty where it had no chain yet). A later revision has to go on from there.
ALTER TABLE documents ADD COLUMN history_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN history_head TEXT;
-- The number of the change by which it was completed: it is news to whoever has the client.
ALTER TABLE documents ADD COLUMN completed_change BIGINT;
UPDATE documents SET completed_change = (SELECT last FROM changes WHERE id = 1) + completed.place
FROM (
    SELECT record_id, ROW_NUMBER() OVER (ORDER BY modified_at, record_id) AS place FROM documents WHERE status = 'complete'
) AS completed
WHERE completed.record_id = documents.record_id;
UPDATE changes SET last = last + (SELECT COUNT(*) FROM documents WHERE status = 'complete');
