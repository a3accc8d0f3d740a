-- The steps of traces whose clients send them one by one, rather than in a file.
CREATE TABLE spans (
    trace_id TEXT NOT NULL REFERENCES traces ON DELETE CASCADE,
    span_id TEXT NOT NULL,
    parent_id TEXT,
    name TEXT NOT NULL,
    type TEXT,
    status TEXT NOT NULL,
    -- In nanoseconds.
    start_time INTEGER NOT NULL,
    -- All of it, as JSON.
    content TEXT NOT NULL,
    PRIMARY KEY (trace_id, span_id)
);
