-- Version 1. Times are milliseconds since the epoch, UTC. A row with a deleted_time was deleted softly.
-- A double that is NaN is written as NULL. `source` and `confidence` say where an item came from.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE experiments (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    artifact_location TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    last_update_time INTEGER NOT NULL,
    deleted_time INTEGER
);

CREATE TABLE experiment_tags (
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (experiment, key)
) WITHOUT ROWID;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    run_name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    status TEXT NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER,
    artifact_uri TEXT NOT NULL,
    deleted_time INTEGER
);
CREATE INDEX runs_by_start ON runs (experiment, start_time DESC, run_id, deleted_time);
CREATE INDEX runs_by_deletion ON runs (deleted_time) WHERE deleted_time IS NOT NULL;

-- `experiment` is repeated in params, tags and metrics so that one index serves a search in one experiment.
-- Values are indexed by their first 64 characters.
CREATE TABLE params (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    experiment INTEGER NOT NULL,
    time INTEGER NOT NULL,
    source TEXT NOT NULL,
    confidence REAL,
    PRIMARY KEY (run, key)
) WITHOUT ROWID;
CREATE INDEX params_by_value ON params (experiment, key, substr(value, 1, 64), run);

-- Every value of the params that had more than one, in the order in which they came.
CREATE TABLE param_history (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT NOT NULL,
    number INTEGER NOT NULL,
    value TEXT NOT NULL,
    time INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (run, key, number)
) WITHOUT ROWID;

CREATE TABLE tags (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    experiment INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (run, key)
) WITHOUT ROWID;
CREATE INDEX tags_by_value ON tags (experiment, key, substr(value, 1, 64), run);

-- One row per metric of a run: what is known of its history without reading it.
CREATE TABLE metrics (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT NOT NULL,
    experiment INTEGER NOT NULL,
    count INTEGER NOT NULL,
    next_chunk INTEGER NOT NULL,
    first_step INTEGER NOT NULL,
    first_time INTEGER NOT NULL,
    first_value REAL,
    latest_step INTEGER NOT NULL,
    latest_time INTEGER NOT NULL,
    latest_value REAL,
    min_value REAL,
    max_value REAL,
    source TEXT NOT NULL,
    confidence REAL,
    PRIMARY KEY (run, key)
) WITHOUT ROWID;
CREATE INDEX metrics_by_value ON metrics (experiment, key, latest_value, run);

-- The history itself. No point is in two chunks of a metric; chunks may overlap otherwise.
CREATE TABLE metric_chunks (
    run INTEGER NOT NULL,
    key TEXT NOT NULL,
    number INTEGER NOT NULL,
    count INTEGER NOT NULL,
    min_step INTEGER NOT NULL,
    max_step INTEGER NOT NULL,
    min_time INTEGER NOT NULL,
    max_time INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run, key, number),
    FOREIGN KEY (run, key) REFERENCES metrics ON DELETE CASCADE
);

CREATE TABLE datasets (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    source_type TEXT NOT NULL,
    source TEXT NOT NULL,
    schema TEXT,
    profile TEXT,
    UNIQUE (experiment, name, digest)
);

CREATE TABLE dataset_inputs (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    dataset INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
    captured_by TEXT NOT NULL,
    PRIMARY KEY (run, dataset)
) WITHOUT ROWID;
CREATE INDEX dataset_inputs_by_dataset ON dataset_inputs (dataset);

CREATE TABLE dataset_input_tags (
    run INTEGER NOT NULL,
    dataset INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, dataset, key),
    FOREIGN KEY (run, dataset) REFERENCES dataset_inputs ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE logged_models (
    model_id TEXT PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    name TEXT NOT NULL,
    creation_time INTEGER NOT NULL,
    last_update_time INTEGER NOT NULL,
    artifact_uri TEXT NOT NULL,
    status TEXT NOT NULL,
    model_type TEXT,
    source_run_id TEXT,
    deleted_time INTEGER,
    source TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX logged_models_by_creation ON logged_models (experiment, creation_time DESC, model_id);
CREATE INDEX logged_models_by_run ON logged_models (source_run_id);

CREATE TABLE logged_model_params (
    model_id TEXT NOT NULL REFERENCES logged_models ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

CREATE TABLE logged_model_tags (
    model_id TEXT NOT NULL REFERENCES logged_models ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

-- The latest point of each metric of a model, for each dataset that it was measured on.
CREATE TABLE logged_model_metrics (
    model_id TEXT NOT NULL REFERENCES logged_models ON DELETE CASCADE,
    key TEXT NOT NULL,
    dataset_name TEXT NOT NULL,
    dataset_digest TEXT NOT NULL,
    run_id TEXT NOT NULL,
    step INTEGER NOT NULL,
    time INTEGER NOT NULL,
    value REAL,
    PRIMARY KEY (model_id, key, dataset_name, dataset_digest)
) WITHOUT ROWID;

CREATE TABLE model_inputs (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    model_id TEXT NOT NULL,
    PRIMARY KEY (run, model_id)
) WITHOUT ROWID;

CREATE TABLE model_outputs (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    model_id TEXT NOT NULL,
    step INTEGER NOT NULL,
    PRIMARY KEY (run, model_id)
) WITHOUT ROWID;

CREATE TABLE registered_models (
    name TEXT PRIMARY KEY,
    creation_time INTEGER NOT NULL,
    last_update_time INTEGER NOT NULL,
    description TEXT,
    -- Numbers of deleted versions are not given again.
    last_version INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE registered_model_tags (
    name TEXT NOT NULL REFERENCES registered_models ON DELETE CASCADE ON UPDATE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name, key)
) WITHOUT ROWID;

CREATE TABLE model_versions (
    name TEXT NOT NULL REFERENCES registered_models ON DELETE CASCADE ON UPDATE CASCADE,
    version INTEGER NOT NULL,
    creation_time INTEGER NOT NULL,
    last_update_time INTEGER NOT NULL,
    stage TEXT NOT NULL,
    description TEXT,
    source TEXT NOT NULL,
    storage_location TEXT NOT NULL,
    run_id TEXT,
    run_link TEXT,
    model_id TEXT,
    status TEXT NOT NULL,
    PRIMARY KEY (name, version)
) WITHOUT ROWID;
CREATE INDEX model_versions_by_update ON model_versions (last_update_time);
CREATE INDEX model_versions_by_run ON model_versions (run_id);

CREATE TABLE model_version_tags (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name, version, key),
    FOREIGN KEY (name, version) REFERENCES model_versions ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;

CREATE TABLE model_aliases (
    name TEXT NOT NULL,
    alias TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (name, alias),
    FOREIGN KEY (name, version) REFERENCES model_versions ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
CREATE INDEX model_aliases_by_version ON model_aliases (name, version);

-- The artifact tree: files have a digest, folders have none. The root is the parent ''.
CREATE TABLE artifacts (
    parent TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT,
    size INTEGER,
    time INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (parent, name)
) WITHOUT ROWID;
CREATE INDEX artifacts_by_digest ON artifacts (digest) WHERE digest IS NOT NULL;

CREATE TABLE documents (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (run, kind)
) WITHOUT ROWID;
CREATE INDEX documents_by_digest ON documents (digest);

-- How far each journal has been written into this database.
CREATE TABLE journals (
    id TEXT PRIMARY KEY,
    drained INTEGER NOT NULL
) WITHOUT ROWID;

-- What the numbers of a journal's series stand for.
CREATE TABLE journal_series (
    journal TEXT NOT NULL REFERENCES journals ON DELETE CASCADE,
    number INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    key TEXT NOT NULL,
    source TEXT NOT NULL,
    confidence REAL,
    PRIMARY KEY (journal, number)
) WITHOUT ROWID;

-- Events, as JSON, of runs and logged models that have not come yet: another journal may bring them.
CREATE TABLE waiting_events (
    owner TEXT NOT NULL,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (owner, number)
) WITHOUT ROWID;

INSERT INTO meta (name, number) VALUES ('schema_version', 1), ('next_experiment', 1);
