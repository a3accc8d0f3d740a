-- The first characters of each value, so that an index alone tells which runs have it.
DROP INDEX params_by_value;
ALTER TABLE params ADD COLUMN head TEXT GENERATED ALWAYS AS (substr(value, 1, 64)) VIRTUAL;
CREATE INDEX params_by_value ON params (experiment, key, head, run);
DROP INDEX tags_by_value;
ALTER TABLE tags ADD COLUMN head TEXT GENERATED ALWAYS AS (substr(value, 1, 64)) VIRTUAL;
CREATE INDEX tags_by_value ON tags (experiment, key, head, run);
-- Runs in the order of their names. There are longer ones than an index takes; their tags keep them whole.
UPDATE runs SET run_name = substr(run_name, 1, 400) WHERE length(run_name) > 400;
CREATE INDEX runs_by_name ON runs (experiment, run_name, start_time DESC, run_id);
