-- The steps of traces whose clients send them one by one, rather than in a file.
CREATE TABLE spans (
    trace_id TEXT COLLATE "C" NOT NULL REFERENCES traces ON DELETE CASCADE,
    span_id TEXT COLLATE "C" NOT NULL,
    parent_id TEXT COLLATE "C",
    name TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    -- In nanoseconds.
    start_time BIGINT NOT NULL,
    -- All of it, as JSON.
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (trace_id, span_id)
);
