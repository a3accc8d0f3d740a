-- What happened at requests to programs. Spans are files, at the place that the tag mlflow.artifactLocation names.
CREATE TABLE traces (
    trace_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    experiment BIGINT NOT NULL REFERENCES experiments ON DELETE CASCADE,
    request_time BIGINT NOT NULL,
    -- In milliseconds.
    duration BIGINT,
    state TEXT COLLATE "C" NOT NULL,
    client_request_id TEXT COLLATE "C",
    request_preview TEXT COLLATE "C",
    response_preview TEXT COLLATE "C"
);
CREATE INDEX traces_by_time ON traces (experiment, request_time DESC, trace_id);

CREATE TABLE trace_metadata (
    trace_id TEXT COLLATE "C" NOT NULL REFERENCES traces ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (trace_id, key)
);

CREATE TABLE trace_tags (
    trace_id TEXT COLLATE "C" NOT NULL REFERENCES traces ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (trace_id, key)
);

-- Runs that a trace belongs to beside the one that made it.
CREATE TABLE trace_runs (
    trace_id TEXT COLLATE "C" NOT NULL REFERENCES traces ON DELETE CASCADE,
    run_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (trace_id, run_id)
);

CREATE TABLE trace_assessments (
    trace_id TEXT COLLATE "C" NOT NULL REFERENCES traces ON DELETE CASCADE,
    -- Counts from 1 within the trace.
    number BIGINT NOT NULL,
    assessment_id TEXT COLLATE "C" NOT NULL,
    -- MLflow's message, as JSON.
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (trace_id, number)
);
