-- Which journals go on with a run that is under way. When the processes of all of them are gone, so is the run.
CREATE TABLE run_claims (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    journal TEXT COLLATE "C" NOT NULL,
    -- 1 if the process has the run open, 0 if it inherited it from a parent that had.
    owns BIGINT NOT NULL,
    -- When the process was last heard of, and how it went; null while it lives.
    gone_time BIGINT,
    exit TEXT COLLATE "C",
    exit_reason TEXT COLLATE "C",
    PRIMARY KEY (run, journal)
);
CREATE INDEX run_claims_by_journal ON run_claims (journal);
