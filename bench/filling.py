"""Many runs with metrics and params, written to the database of either tracker as its server would.

Through the servers a million runs take hours. The SQL is the same on both databases.
"""

from __future__ import annotations

import sqlalchemy

METRICS, PARAMS = 6, 12
# Rows are written for so many runs in a transaction.
BATCH = 100_000

# `run` and `number` count runs, and the metrics or params of each; `chance` looks random, below the prime.
PRIME = 2_147_483_647
MIXED = f"((run * 1000003 + number * 7919) % {PRIME})"
SQUARED = f"(({MIXED} * {MIXED} + 104729 * {MIXED}) % {PRIME})"
CHANCE = f"(({SQUARED} * {SQUARED} + 7) % {PRIME})"
ID = f"substr('{'0' * 32}' || CAST(run AS TEXT), length(CAST(run AS TEXT)) + 1)"

ROWS = {
    "trackline": {
        "INSERT INTO runs (run_id, experiment, run_name, user_id, status, start_time, artifact_uri)": (
            f"{ID}, 0, 'run', 'ann', 'FINISHED', run, 'x'", 1),
        "INSERT INTO params (run, key, value, experiment, time, source)": (
            "run + 1, 'p' || CAST(number AS TEXT), CAST(chance % 10 AS TEXT), 0, 1, 'user'", PARAMS),
        "INSERT INTO metrics (run, key, experiment, count, next_chunk, first_step, first_time, first_value, latest_step,"
        " latest_time, latest_value, min_value, max_value, source)": (
            "run + 1, 'm' || CAST(number AS TEXT), 0, 1, 0, 0, 1, value, 0, 1, value, value, value, 'user'", METRICS),
    },
    "mlflow": {
        "INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, artifact_uri, experiment_id,"
        " source_type, user_id)": (f"{ID}, 'run', 'FINISHED', run, 'active', 'x', 0, 'LOCAL', 'ann'", 1),
        "INSERT INTO params (key, value, run_uuid)": (
            f"'p' || CAST(number AS TEXT), CAST(chance % 10 AS TEXT), {ID}", PARAMS),
        "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)": (
            f"'m' || CAST(number AS TEXT), value, 1, 0, false, {ID}", METRICS),
        "INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid)": (
            f"'m' || CAST(number AS TEXT), value, 1, 0, false, {ID}", METRICS),
    },
}

# Before rows are written, which refer to each other rightly and are not checked.
PREPARED = {
    "SQLite": ["PRAGMA cache_size = -500000"],
    "PostgreSQL": ["SET session_replication_role = replica", "SET search_path = trackline, public"],
}

NUMBERS = """
WITH RECURSIVE
runs_of(run) AS (SELECT CAST({first} AS BIGINT) UNION ALL SELECT run + 1 FROM runs_of WHERE run < {last}),
each_of(number) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT number + 1 FROM each_of WHERE number < {count}),
chances AS (SELECT run, number - 1 AS number, {chance} AS chance, {chance} / {prime}.0 AS value FROM runs_of CROSS JOIN each_of)
"""


def insert(tracker: str, engine: str, uri: str, runs: int) -> None:
    """Writes so many runs into a new store."""
    database = sqlalchemy.create_engine(uri)
    for first in range(0, runs, BATCH):
        with database.begin() as connection:
            for statement in PREPARED[engine]:
                connection.execute(sqlalchemy.text(statement))
            for into, (columns, count) in ROWS[tracker].items():
                last = min(first + BATCH, runs) - 1
                numbers = NUMBERS.format(first=first, last=last, count=count, chance=CHANCE, prime=PRIME)
                connection.execute(sqlalchemy.text(f"{into} {numbers} SELECT {columns} FROM chances"))
    database.dispose()
