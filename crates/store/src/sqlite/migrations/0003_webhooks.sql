-- Who is told of what happens in the registry.
CREATE TABLE webhooks (
    webhook_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    -- A JSON list of objects with entity and action.
    events TEXT NOT NULL,
    description TEXT,
    -- What messages are signed with.
    secret TEXT,
    status TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    last_update_time INTEGER NOT NULL
) WITHOUT ROWID;
