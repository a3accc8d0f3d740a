-- Which journals go on with a run that is under way. When the processes of all of them are gone, so is the run.
CREATE TABLE run_claims (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    journal TEXT NOT NULL,
    -- 1 if the process has the run open, 0 if it inherited it from a parent that had.
    owns INTEGER NOT NULL,
    -- When the process was last heard of, and how it went; null while it lives.
    gone_time INTEGER,
    exit TEXT,
    exit_reason TEXT,
    PRIMARY KEY (run, journal)
) WITHOUT ROWID;
CREATE INDEX run_claims_by_journal ON run_claims (journal);
