-- What happened at requests to programs. Spans are files, at the place that the tag mlflow.artifactLocation names.
CREATE TABLE traces (
    trace_id TEXT NOT NULL PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    request_time INTEGER NOT NULL,
    -- In milliseconds.
    duration INTEGER,
    state TEXT NOT NULL,
    client_request_id TEXT,
    request_preview TEXT,
    response_preview TEXT
) WITHOUT ROWID;
CREATE INDEX traces_by_time ON traces (experiment, request_time DESC, trace_id);

CREATE TABLE trace_metadata (
    trace_id TEXT NOT NULL REFERENCES traces ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (trace_id, key)
) WITHOUT ROWID;

CREATE TABLE trace_tags (
    trace_id TEXT NOT NULL REFERENCES traces ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (trace_id, key)
) WITHOUT ROWID;

-- Runs that a trace belongs to beside the one that made it.
CREATE TABLE trace_runs (
    trace_id TEXT NOT NULL REFERENCES traces ON DELETE CASCADE,
    run_id TEXT NOT NULL,
    PRIMARY KEY (trace_id, run_id)
) WITHOUT ROWID;

CREATE TABLE trace_assessments (
    trace_id TEXT NOT NULL REFERENCES traces ON DELETE CASCADE,
    -- Counts from 1 within the trace.
    number INTEGER NOT NULL,
    assessment_id TEXT NOT NULL,
    -- MLflow's message, as JSON.
    content TEXT NOT NULL,
    PRIMARY KEY (trace_id, number)
) WITHOUT ROWID;
