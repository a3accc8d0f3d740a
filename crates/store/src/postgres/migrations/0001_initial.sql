-- Version 1. Times are milliseconds since the epoch, UTC. A row with a deleted_time was deleted softly.
-- A double that is NaN is written as NULL. `source` and `confidence` say where an item came from.
-- Text is compared by its bytes, as SQLite does.

-- A schema that an administrator made needs no further rights; even IF NOT EXISTS would ask for some.
DO $$ BEGIN
    IF to_regnamespace('trackline') IS NULL THEN CREATE SCHEMA trackline; END IF;
END $$;

CREATE TABLE meta (
    name TEXT COLLATE "C" PRIMARY KEY,
    number BIGINT NOT NULL
);

CREATE TABLE experiments (
    id BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    artifact_location TEXT COLLATE "C" NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    deleted_time BIGINT
);

CREATE TABLE experiment_tags (
    experiment BIGINT NOT NULL REFERENCES experiments ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (experiment, key)
);

CREATE TABLE runs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id TEXT COLLATE "C" NOT NULL UNIQUE,
    experiment BIGINT NOT NULL REFERENCES experiments ON DELETE CASCADE,
    run_name TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    start_time BIGINT NOT NULL,
    end_time BIGINT,
    artifact_uri TEXT COLLATE "C" NOT NULL,
    deleted_time BIGINT
);
CREATE INDEX runs_by_start ON runs (experiment, start_time DESC, run_id, deleted_time);
CREATE INDEX runs_by_deletion ON runs (deleted_time) WHERE deleted_time IS NOT NULL;

-- `experiment` is repeated in params, tags and metrics so that one index serves a search in one experiment.
-- Values are indexed by their first 64 characters.
CREATE TABLE params (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    experiment BIGINT NOT NULL,
    time BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    confidence DOUBLE PRECISION,
    PRIMARY KEY (run, key)
);
CREATE INDEX params_by_value ON params (experiment, key, substr(value, 1, 64), run);

-- Every value of the params that had more than one, in the order in which they came.
CREATE TABLE param_history (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    time BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, key, number)
);

CREATE TABLE tags (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    experiment BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, key)
);
CREATE INDEX tags_by_value ON tags (experiment, key, substr(value, 1, 64), run);

-- One row per metric of a run: what is known of its history without reading it.
CREATE TABLE metrics (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    experiment BIGINT NOT NULL,
    count BIGINT NOT NULL,
    next_chunk BIGINT NOT NULL,
    first_step BIGINT NOT NULL,
    first_time BIGINT NOT NULL,
    first_value DOUBLE PRECISION,
    latest_step BIGINT NOT NULL,
    latest_time BIGINT NOT NULL,
    latest_value DOUBLE PRECISION,
    min_value DOUBLE PRECISION,
    max_value DOUBLE PRECISION,
    source TEXT COLLATE "C" NOT NULL,
    confidence DOUBLE PRECISION,
    PRIMARY KEY (run, key)
);
CREATE INDEX metrics_by_value ON metrics (experiment, key, latest_value, run);

-- The history itself. No point is in two chunks of a metric; chunks may overlap otherwise.
CREATE TABLE metric_chunks (
    run BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    count BIGINT NOT NULL,
    min_step BIGINT NOT NULL,
    max_step BIGINT NOT NULL,
    min_time BIGINT NOT NULL,
    max_time BIGINT NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (run, key, number),
    FOREIGN KEY (run, key) REFERENCES metrics ON DELETE CASCADE
);

CREATE TABLE datasets (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    experiment BIGINT NOT NULL REFERENCES experiments ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    source_type TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    schema TEXT COLLATE "C",
    profile TEXT COLLATE "C",
    UNIQUE (experiment, name, digest)
);

CREATE TABLE dataset_inputs (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    dataset BIGINT NOT NULL REFERENCES datasets ON DELETE CASCADE,
    captured_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, dataset)
);
CREATE INDEX dataset_inputs_by_dataset ON dataset_inputs (dataset);

CREATE TABLE dataset_input_tags (
    run BIGINT NOT NULL,
    dataset BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, dataset, key),
    FOREIGN KEY (run, dataset) REFERENCES dataset_inputs ON DELETE CASCADE
);

CREATE TABLE logged_models (
    model_id TEXT COLLATE "C" PRIMARY KEY,
    experiment BIGINT NOT NULL REFERENCES experiments ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    artifact_uri TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    model_type TEXT COLLATE "C",
    source_run_id TEXT COLLATE "C",
    deleted_time BIGINT,
    source TEXT COLLATE "C" NOT NULL
);
CREATE INDEX logged_models_by_creation ON logged_models (experiment, creation_time DESC, model_id);
CREATE INDEX logged_models_by_run ON logged_models (source_run_id);

CREATE TABLE logged_model_params (
    model_id TEXT COLLATE "C" NOT NULL REFERENCES logged_models ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (model_id, key)
);

CREATE TABLE logged_model_tags (
    model_id TEXT COLLATE "C" NOT NULL REFERENCES logged_models ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (model_id, key)
);

-- The latest point of each metric of a model, for each dataset that it was measured on.
CREATE TABLE logged_model_metrics (
    model_id TEXT COLLATE "C" NOT NULL REFERENCES logged_models ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    dataset_name TEXT COLLATE "C" NOT NULL,
    dataset_digest TEXT COLLATE "C" NOT NULL,
    run_id TEXT COLLATE "C" NOT NULL,
    step BIGINT NOT NULL,
    time BIGINT NOT NULL,
    value DOUBLE PRECISION,
    PRIMARY KEY (model_id, key, dataset_name, dataset_digest)
);

CREATE TABLE model_inputs (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    model_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, model_id)
);

CREATE TABLE model_outputs (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    model_id TEXT COLLATE "C" NOT NULL,
    step BIGINT NOT NULL,
    PRIMARY KEY (run, model_id)
);

CREATE TABLE registered_models (
    name TEXT COLLATE "C" PRIMARY KEY,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    description TEXT COLLATE "C",
    -- Numbers of deleted versions are not given again.
    last_version BIGINT NOT NULL
);

CREATE TABLE registered_model_tags (
    name TEXT COLLATE "C" NOT NULL REFERENCES registered_models ON DELETE CASCADE ON UPDATE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name, key)
);

CREATE TABLE model_versions (
    name TEXT COLLATE "C" NOT NULL REFERENCES registered_models ON DELETE CASCADE ON UPDATE CASCADE,
    version BIGINT NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    source TEXT COLLATE "C" NOT NULL,
    storage_location TEXT COLLATE "C" NOT NULL,
    run_id TEXT COLLATE "C",
    run_link TEXT COLLATE "C",
    model_id TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name, version)
);
CREATE INDEX model_versions_by_update ON model_versions (last_update_time);
CREATE INDEX model_versions_by_run ON model_versions (run_id);

CREATE TABLE model_version_tags (
    name TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name, version, key),
    FOREIGN KEY (name, version) REFERENCES model_versions ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE model_aliases (
    name TEXT COLLATE "C" NOT NULL,
    alias TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (name, alias),
    FOREIGN KEY (name, version) REFERENCES model_versions ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX model_aliases_by_version ON model_aliases (name, version);

-- What is packed already is not packed again.
ALTER TABLE metric_chunks ALTER data SET STORAGE EXTERNAL;

-- The artifact tree: files have a digest, folders have none. The root is the parent ''.
CREATE TABLE artifacts (
    parent TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C",
    size BIGINT,
    time BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (parent, name)
);
CREATE INDEX artifacts_by_digest ON artifacts (digest) WHERE digest IS NOT NULL;

CREATE TABLE documents (
    run BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run, kind)
);
CREATE INDEX documents_by_digest ON documents (digest);

-- How far each journal has been written into this database.
CREATE TABLE journals (
    id TEXT COLLATE "C" PRIMARY KEY,
    drained BIGINT NOT NULL
);

-- What the numbers of a journal's series stand for.
CREATE TABLE journal_series (
    journal TEXT COLLATE "C" NOT NULL REFERENCES journals ON DELETE CASCADE,
    number BIGINT NOT NULL,
    run_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    confidence DOUBLE PRECISION,
    PRIMARY KEY (journal, number)
);

-- Events, as JSON, of runs and logged models that have not come yet: another journal may bring them.
CREATE TABLE waiting_events (
    owner TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    time BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (owner, number)
);

-- How many transactions there were, in parts, so that writers do not wait for each other. SQLite counts by itself.
CREATE TABLE changes (
    part BIGINT PRIMARY KEY,
    count BIGINT NOT NULL
);

INSERT INTO meta (name, number) VALUES ('schema_version', 1), ('next_experiment', 1);
