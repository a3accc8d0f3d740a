use trackline_model::filter::{self, Expr};
use trackline_model::limits;
use trackline_model::order::{self, OrderBy};
use trackline_model::{Run, ViewType};

use super::Statement;
use super::candidates::few;
use super::order::{SortKey, compare_rows, order_by};
use super::part::Part;
use super::selection::Selection;
use crate::sql::{Connection, Row};
use crate::{Page, Result, RunQuery, Store, experiments, page, runs};

impl Store {
    /// The runs that match, a page at a time.
    ///
    /// # Errors
    /// `Invalid` for a filter, an order or a page token that cannot be understood.
    pub fn search_runs(&self, query: &RunQuery) -> Result<Page<Run>> {
        page::check_max_results(query.max_results, limits::MAX_RUNS_PAGE)?;
        let offset = page::offset(query.page_token.as_deref())?;
        let mut experiments =
            query.experiment_ids.iter().map(|id| experiments::parse_id(id)).collect::<Result<Vec<_>>>()?;
        experiments.sort_unstable();
        experiments.dedup();
        let search = Search {
            experiments,
            filter: filter::parse_runs(&query.filter)?.expr,
            order: order::parse_runs(&query.order_by)?,
            view: query.view,
        };
        self.read(|connection| {
            let ids = search.ids(connection, offset, query.max_results + 1)?;
            let page = page::cut(ids, offset, query.max_results);
            Ok(Page {
                items: runs::load_many(connection, &page.items)?,
                next_page_token: page.next_page_token,
            })
        })
    }
}

pub(super) struct Search {
    pub experiments: Vec<i64>,
    pub filter: Option<Expr>,
    pub order: Vec<OrderBy>,
    pub view: ViewType,
}

impl Search {
    /// The conditions that all have to hold.
    pub fn conjuncts(&self) -> Vec<&Expr> {
        match &self.filter {
            None => Vec::new(),
            Some(Expr::And(parts)) => parts.iter().collect(),
            Some(other) => vec![other],
        }
    }

    /// The numbers of the runs from `offset` on, at most `count`.
    fn ids(&self, connection: &dyn Connection, offset: usize, count: usize) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        let mut offset = offset;
        for part in Part::of(&self.order, &self.conjuncts())? {
            if ids.len() == count {
                break;
            }
            let found = self.part(connection, &part, offset, count - ids.len())?;
            if found.is_empty() && offset > 0 {
                offset -= self.count(connection, &part)?.min(offset);
            } else {
                offset = 0;
            }
            ids.extend(found);
        }
        Ok(ids)
    }

    fn part(
        &self,
        connection: &dyn Connection,
        part: &Part,
        offset: usize,
        count: usize,
    ) -> Result<Vec<i64>> {
        let keys = part.sort_keys(&self.order)?;
        let one = self.experiments.len() == 1;
        let mut rows: Vec<Row> = Vec::new();
        for experiment in &self.experiments {
            let mut statement = self.statement(connection, part, *experiment, &keys, offset + count)?;
            statement.push(&order_by(&keys));
            // Several sorted answers are merged, and what is passed over is known only then.
            let (skip, take) = if one { (offset, count) } else { (0, offset + count) };
            statement.bind(" LIMIT ? OFFSET ?", [(take as i64).into(), (skip as i64).into()]);
            rows.extend(statement.query_as_written(connection)?);
        }
        if !one {
            rows.sort_by(|a, b| compare_rows(a, b, &keys));
            rows = rows.into_iter().skip(offset).take(count).collect();
        }
        rows.iter().map(|row| row.integer(0)).collect()
    }

    fn count(&self, connection: &dyn Connection, part: &Part) -> Result<usize> {
        let mut count = 0;
        for experiment in &self.experiments {
            let inner = self.statement(connection, part, *experiment, &[], usize::MAX)?;
            let mut statement = Statement::new("SELECT COUNT(*) FROM (");
            statement.append(&inner).push(") AS c");
            if let Some(row) = statement.query_as_written(connection)?.first() {
                count += usize::try_from(row.integer(0)?).unwrap_or(0);
            }
        }
        Ok(count)
    }

    /// Finds the runs of a part in one experiment, of which the first `page` are asked for.
    fn statement(
        &self,
        connection: &dyn Connection,
        part: &Part,
        experiment: i64,
        keys: &[SortKey],
        page: usize,
    ) -> Result<Statement> {
        let selection = Selection { search: self, part, experiment, dialect: connection.dialect() };
        let few = few(connection, &selection, part.path(keys), page)?;
        selection.runs(few.as_ref(), keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::candidates::known;
    use crate::sql::Value;

    /// How the engine would go about the first part of a search, along the order or from the runs that meet the first
    /// condition: a line for each step.
    fn plan(filter: &str, order: &str, along: bool) -> String {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let order: Vec<String> =
            Some(order.to_owned()).filter(|order| !order.is_empty()).into_iter().collect();
        let search = Search {
            experiments: vec![0],
            filter: filter::parse_runs(filter).unwrap().expr,
            order: order::parse_runs(&order).unwrap(),
            view: ViewType::ActiveOnly,
        };
        store
            .read(|connection| {
                let mut lines = Vec::new();
                let parts = Part::of(&search.order, &search.conjuncts())?;
                if let Some(part) = parts.first() {
                    let keys = part.sort_keys(&search.order)?;
                    let dialect = connection.dialect();
                    let selection = Selection { search: &search, part, experiment: 0, dialect };
                    let few = if along { None } else { known(&selection)?.into_iter().next() };
                    let mut statement = Statement::new("EXPLAIN QUERY PLAN ");
                    statement.append(&selection.runs(few.as_ref(), &keys)?);
                    statement.push(&order_by(&keys));
                    statement.bind(" LIMIT ?", [Value::Integer(100)]);
                    for row in statement.query(connection)? {
                        lines.push(row.text(3)?);
                    }
                }
                Ok(lines.join("\n"))
            })
            .unwrap()
    }

    #[test]
    fn an_index_serves_the_filter_and_the_order_together() {
        for (filter, order, begins) in [
            ("", "", "SEARCH r USING COVERING INDEX runs_by_start (experiment=?)"),
            (
                "metrics.a != 1",
                "start_time ASC",
                "SEARCH r USING COVERING INDEX runs_by_start (experiment=?)",
            ),
            ("", "metrics.a DESC", "SEARCH o0 USING COVERING INDEX metrics_by_value (experiment=? AND key=?"),
            (
                "metrics.a != 1",
                "metrics.a",
                "SEARCH o0 USING COVERING INDEX metrics_by_value (experiment=? AND key=?",
            ),
            ("", "params.p ASC", "SEARCH o0 USING INDEX params_by_value (experiment=? AND key=?)"),
            ("", "tags.t DESC", "SEARCH o0 USING INDEX tags_by_value (experiment=? AND key=?)"),
        ] {
            let plan = plan(filter, order, true);
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
        ] {
            let plan = plan(filter, "start_time ASC", false);
            let begin = plan.lines().next().unwrap_or_default();
            assert!(begin.contains("SEARCH x") && begin.contains(index), "{filter:?}:\n{plan}");
        }
    }
}
