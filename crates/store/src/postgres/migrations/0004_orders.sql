-- Runs in the order of their ends, and of each status by their beginnings.
CREATE INDEX runs_by_end ON runs (experiment, end_time, start_time DESC, run_id);
CREATE INDEX runs_by_status ON runs (experiment, status, start_time DESC, run_id);
