-- Who is told of what happens in the registry.
CREATE TABLE webhooks (
    webhook_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    -- A JSON list of objects with entity and action.
    events TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    -- What messages are signed with.
    secret TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL
);
