//! How the engines go about searches: along the index of the order, or from the runs that meet a rare condition.

use trackline_model::ViewType;
use trackline_model::{filter, order};

use super::Statement;
use super::known::{Found, Known};
use super::order::order_by;
use super::part::Part;
use super::runs::Search;
use super::selection::Selection;
use crate::Store;
use crate::sql::Value;

/// Where a search begins.
#[derive(Clone, Copy)]
enum From {
    /// The order.
    Path,
    /// The runs that meet the conditions which indexes know; their plans come first.
    Few,
}

/// The plan of the first part of a search, as this column of what explains it: a line for each step.
fn plan(store: &Store, explain: (&str, usize), filter: &str, order: &str, from: From) -> String {
    let order: Vec<String> = Some(order.to_owned()).filter(|order| !order.is_empty()).into_iter().collect();
    let search = Search {
        experiments: vec![0],
        filter: filter::parse_runs(filter).unwrap().expr,
        order: order::parse_runs(&order).unwrap(),
        view: ViewType::ActiveOnly,
    };
    let (explain, column) = explain;
    store
        .read(|connection| {
            let mut lines = Vec::new();
            let parts = Part::of(&search.order, &search.conjuncts())?;
            if let Some(part) = parts.first() {
                let keys = part.sort_keys(&search.order)?;
                let dialect = connection.dialect();
                let selection = Selection { search: &search, part, experiment: 0, bound: None, dialect };
                let mut statements = Vec::new();
                let mut few = None;
                if let From::Few = from {
                    let mut found = Found { runs: (1..=100).collect(), met: Vec::new() };
                    for (number, expr) in search.conjuncts().into_iter().enumerate() {
                        if let Some(Known::Listed(runs, exactly)) = Known::of(0, expr)? {
                            statements.push(runs);
                            found.met.extend(exactly.then_some(number));
                        }
                    }
                    few = Some(found);
                }
                let mut runs = selection.runs(few.as_ref(), &keys)?;
                runs.push(&order_by(&keys));
                statements.push(runs);
                for statement in statements {
                    let mut explained = Statement::new(explain);
                    explained.append(&statement).bind(" LIMIT ?", [Value::Integer(100)]);
                    for row in explained.query_as_written(connection)? {
                        lines.push(row.text(column)?);
                    }
                }
            }
            Ok(lines.join("\n"))
        })
        .unwrap()
}

mod sqlite {
    use super::*;

    fn plan(filter: &str, order: &str, from: From) -> String {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        super::plan(&store, ("EXPLAIN QUERY PLAN ", 3), filter, order, from)
    }

    #[test]
    fn an_index_serves_the_filter_and_the_order_together() {
        let by_start = "SEARCH r USING COVERING INDEX runs_by_start (experiment=?)";
        let by_metric = "SEARCH o0 USING COVERING INDEX metrics_by_value (experiment=? AND key=?";
        for (filter, order, begins) in [
            ("", "", by_start),
            ("metrics.a != 1", "start_time ASC", by_start),
            ("", "metrics.a DESC", by_metric),
            ("metrics.a != 1", "metrics.a", by_metric),
            ("", "params.p ASC", "SEARCH o0 USING INDEX params_by_value (experiment=? AND key=?)"),
            ("", "tags.t DESC", "SEARCH o0 USING INDEX tags_by_value (experiment=? AND key=?)"),
            ("", "end_time DESC", "SEARCH r USING INDEX runs_by_end (experiment=? AND end_time>?)"),
            ("", "run_name", "SEARCH r USING INDEX runs_by_name (experiment=? AND run_name>?)"),
            ("", "status", "SEARCH r USING INDEX runs_by_status (experiment=? AND status=?)"),
        ] {
            let plan = plan(filter, order, From::Path);
            assert!(plan.starts_with(begins), "{filter:?} by {order:?}:\n{plan}");
            assert!(!plan.contains("SCAN"), "{filter:?} by {order:?}:\n{plan}");
            assert!(!plan.contains("TEMP B-TREE FOR ORDER BY"), "{filter:?} by {order:?}:\n{plan}");
        }
    }

    #[test]
    fn a_rare_condition_is_where_a_search_begins() {
        for (filter, index) in [
            ("params.p = 'v'", "params_by_value"),
            ("tags.t = 'v' AND metrics.a != 1", "tags_by_value"),
            ("metrics.a > 0.5", "metrics_by_value"),
            ("params.p LIKE 'v%'", "params_by_value"),
            ("tags.t IS NOT NULL", "tags_by_value"),
            ("run_name = 'n'", "tags_by_value"),
            ("run_id = 'r'", "sqlite_autoindex_runs_1"),
            ("start_time > 5", "runs_by_start"),
            ("end_time < 5", "runs_by_end"),
            ("status = 'RUNNING'", "runs_by_status"),
        ] {
            let plan = plan(filter, "start_time ASC", From::Few);
            let begin = plan.lines().next().unwrap_or_default();
            assert!(begin.starts_with("SEARCH") && begin.contains(index), "{filter:?}:\n{plan}");
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use tempfile::TempDir;
    use trackline_testdb::Database;

    use super::*;

    /// A store with runs that the engine has no statistics of yet.
    struct Filled {
        store: Store,
        database: Database,
        _folder: TempDir,
    }

    impl Filled {
        fn new() -> Self {
            let (database, folder) = (Database::new(), TempDir::new().unwrap());
            let store = Store::connect(&database.uri(), folder.path()).unwrap();
            database.psql(
                "SET search_path = trackline; SET session_replication_role = replica;
                 ALTER TABLE runs SET (autovacuum_enabled = off);
                 ALTER TABLE metrics SET (autovacuum_enabled = off);
                 ALTER TABLE params SET (autovacuum_enabled = off);
                 ALTER TABLE tags SET (autovacuum_enabled = off);
                 INSERT INTO runs (run_id, experiment, run_name, user_id, status, start_time, end_time, artifact_uri)
                    SELECT 'r' || i, 0, 'n' || i, 'u', 'FINISHED', i, i, 'x' FROM generate_series(1, 4000) AS i;
                 INSERT INTO params (run, key, value, experiment, time, source)
                    SELECT i, 'p', 'v' || i, 0, 1, 'user' FROM generate_series(1, 4000) AS i;
                 INSERT INTO tags (run, key, value, experiment, source)
                    SELECT i, 't', 'v' || i, 0, 'user' FROM generate_series(1, 4000) AS i;
                 INSERT INTO metrics (run, key, experiment, count, next_chunk, first_step, first_time, latest_step,
                    latest_time, latest_value, source)
                    SELECT i, 'a', 0, 1, 0, 0, 1, 0, 1, i, 'user' FROM generate_series(1, 4000) AS i",
            );
            Self { store, database, _folder: folder }
        }

        fn plan(&self, filter: &str, order: &str, from: From) -> String {
            super::plan(&self.store, ("EXPLAIN (COSTS OFF) ", 0), filter, order, from)
        }
    }

    /// Whether a table is read from end to end, or more of it than is asked for.
    fn reads_too_much(plan: &str) -> bool {
        ["Seq Scan", "Bitmap", "Hash", "Merge Join", "Gather"].iter().any(|step| plan.contains(step))
    }

    #[test]
    fn an_index_serves_the_filter_and_the_order_together() {
        let filled = Filled::new();
        for (filter, order, step) in [
            ("", "", "using runs_by_start on runs r"),
            ("metrics.a != 1", "start_time ASC", "Backward using runs_by_start on runs r"),
            ("", "metrics.a DESC", "Backward using metrics_by_value on metrics o0"),
            ("metrics.a > 9 AND params.p = 'v7'", "metrics.a", "using metrics_by_value on metrics o0"),
            ("", "params.p ASC", "using params_by_value on params o0"),
            ("", "tags.t DESC", "Backward using tags_by_value on tags o0"),
            ("", "end_time DESC", "Backward using runs_by_end on runs r"),
            ("", "run_name DESC", "Backward using runs_by_name on runs r"),
            ("", "status", "using runs_by_status on runs r"),
        ] {
            let plan = filled.plan(filter, order, From::Path);
            assert!(plan.contains(step), "{filter:?} by {order:?}:\n{plan}");
            let sorts = plan.lines().any(|line| line.trim_start_matches([' ', '-', '>']) == "Sort");
            assert!(!reads_too_much(&plan) && !sorts, "{filter:?} by {order:?}:\n{plan}");
        }
    }

    #[test]
    fn a_rare_condition_is_where_a_search_begins() {
        let filled = Filled::new();
        // Without statistics, and with them.
        for _ in 0..2 {
            for (filter, index) in [
                ("params.p = 'v7'", "Index Only Scan using params_by_value on params x"),
                ("tags.t = 'v7' AND metrics.a != 1", "Index Only Scan using tags_by_value on tags x"),
                ("metrics.a > 3990", "metrics_by_value on metrics x"),
                ("params.p LIKE 'v7%'", "Index Only Scan using params_by_value on params x"),
                ("run_id = 'r7'", "runs_run_id_key on runs x"),
                ("start_time > 3990", "runs_by_start on runs r"),
                ("end_time < 5", "runs_by_end on runs r"),
            ] {
                let plan = filled.plan(filter, "metrics.a", From::Few);
                for step in [index, "runs_pkey on runs r", "metrics_pkey on metrics o0"] {
                    assert!(plan.contains(step) && !reads_too_much(&plan), "{filter:?}:\n{plan}");
                }
                assert!(!plan.contains("Join Filter"), "{filter:?}:\n{plan}");
            }
            filled.database.psql("ANALYZE");
        }
    }
}
