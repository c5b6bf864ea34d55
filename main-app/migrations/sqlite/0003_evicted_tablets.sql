-- Tablets whose storage the browser has emptied. `reported_at` is when a tablet last said what waits on it; the columns
-- from `evicted_at` are empty until it says that it found its storage gone.
ALTER TABLE devices ADD COLUMN reported_at BIGINT;
-- When the main application heard of it.
ALTER TABLE devices ADD COLUMN evicted_at BIGINT;
-- When the tablet noticed, by its own clock: tells a repeated report from a new one, and nothing else.
ALTER TABLE devices ADD COLUMN evicted_noticed BIGINT;
-- What had waited there, and when that had been reported.
ALTER TABLE devices ADD COLUMN evicted_waiting BIGINT;
ALTER TABLE devices ADD COLUMN evicted_reported_at BIGINT;
