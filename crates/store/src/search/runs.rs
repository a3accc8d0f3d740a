use trackline_model::filter::{self, Expr};
use trackline_model::limits;
use trackline_model::order::{self, OrderBy};
use trackline_model::{Run, ViewType};

use super::order::{SortKey, compare_rows, order_by, run_column};
use super::part::Part;
use super::{Related, Shape, Statement, candidates, condition};
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

/// Where the fields of runs `r` are.
fn shape() -> Shape {
    Shape {
        attribute: run_column,
        metrics: Some(Related::new("metrics", "x.run = r.id", "x.latest_value")),
        params: Some(Related::new("params", "x.run = r.id", "x.value")),
        tags: Some(Related::new("tags", "x.run = r.id", "x.value")),
        datasets: Some("i.run = r.id"),
    }
}

struct Search {
    experiments: Vec<i64>,
    filter: Option<Expr>,
    order: Vec<OrderBy>,
    view: ViewType,
}

impl Search {
    /// The numbers of the runs from `offset` on, at most `count`.
    fn ids(&self, connection: &dyn Connection, offset: usize, count: usize) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        let mut offset = offset;
        for part in Part::of(&self.order, &candidates::conjuncts(self.filter.as_ref()))? {
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
            rows.extend(statement.query(connection)?);
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
            let inner = self.statement(connection, part, *experiment, &[], 0)?;
            let mut statement = Statement::new("SELECT COUNT(*) FROM (");
            statement.append(&inner).push(") AS c");
            if let Some(row) = statement.query(connection)?.first() {
                count += usize::try_from(row.integer(0)?).unwrap_or(0);
            }
        }
        Ok(count)
    }

    /// `SELECT r.id, <keys> FROM … WHERE …` for one experiment, of which a page of so many is asked for.
    fn statement(
        &self,
        connection: &dyn Connection,
        part: &Part,
        experiment: i64,
        keys: &[SortKey],
        page: usize,
    ) -> Result<Statement> {
        let conjuncts = candidates::conjuncts(self.filter.as_ref());
        let few = candidates::few(connection, experiment, &conjuncts, page)?;
        let mut statement = Statement::new("SELECT r.id");
        for key in keys {
            statement.push(", ").push(&key.sql);
        }
        statement.append(&tables(part, few.as_ref()));
        for (index, table) in part.joined(&self.order)? {
            let join =
                format!(" LEFT JOIN {} o{index} ON o{index}.run = r.id AND o{index}.key = ?", table.table);
            statement.bind(&join, [table.key.into()]);
        }
        // A run that is known already is best found by its number, and so is its value: the sums keep engines from
        // other ways.
        let known = few.is_some() || part.followed().is_some();
        let own = if known { " WHERE r.experiment + 0 = ?" } else { " WHERE r.experiment = ?" };
        statement.bind(own, [experiment.into()]);
        if few.is_some() {
            statement.push(" AND r.id = c.run");
        }
        if let Some(table) = part.followed() {
            let join = match few {
                Some(_) => " AND o0.run = r.id AND o0.experiment + 0 = ? AND o0.key = ?",
                None => " AND o0.run = r.id AND o0.experiment = ? AND o0.key = ?",
            };
            statement.bind(join, [experiment.into(), (&table.key).into()]);
        }
        for condition in part.condition().iter().chain(&self.view_condition()) {
            statement.push(" AND ").append(condition);
        }
        for expr in conjuncts {
            let condition = match part.inline(expr)? {
                Some(inline) => inline,
                None => condition(&shape(), connection.dialect(), expr)?,
            };
            statement.push(" AND ").append(&condition);
        }
        Ok(statement)
    }

    fn view_condition(&self) -> Option<Statement> {
        match self.view {
            ViewType::ActiveOnly => Some(Statement::new("r.deleted_time IS NULL")),
            ViewType::DeletedOnly => Some(Statement::new("r.deleted_time IS NOT NULL")),
            ViewType::All => None,
        }
    }
}

/// ` FROM …`: engines that keep to the order of tables at a `CROSS JOIN` read them in this order.
fn tables(part: &Part, few: Option<&Statement>) -> Statement {
    let mut tables = Vec::new();
    if let Some(few) = few {
        let mut candidates = Statement::new("(");
        candidates.append(few).push(") c");
        tables.push(candidates);
    }
    let followed = part.followed().map(|table| Statement::new(format!("{} o0", table.table)));
    let runs = Statement::new("runs r");
    // With few candidates, the run is found first; else the table that is followed leads to the runs.
    match (few, followed) {
        (Some(_), Some(followed)) => tables.extend([runs, followed]),
        (None, Some(followed)) => tables.extend([followed, runs]),
        (_, None) => tables.push(runs),
    }
    let mut from = Statement::default();
    for (index, table) in tables.iter().enumerate() {
        from.push(if index == 0 { " FROM " } else { " CROSS JOIN " }).append(table);
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Value;

    /// How the engine would go about the first part of a search: a line for each step.
    fn plan(filter: &str, order: &str) -> String {
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
                let parts = Part::of(&search.order, &candidates::conjuncts(search.filter.as_ref()))?;
                if let Some(part) = parts.first() {
                    let keys = part.sort_keys(&search.order)?;
                    let mut statement = Statement::new("EXPLAIN QUERY PLAN ");
                    statement.append(&search.statement(connection, part, 0, &keys, 100)?);
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
            let plan = plan(filter, order);
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
            ("run_name = 'n'", "tags_by_value"),
            ("run_id = 'r'", "sqlite_autoindex_runs_1"),
        ] {
            let plan = plan(filter, "start_time ASC");
            let begin = plan.lines().next().unwrap_or_default();
            assert!(begin.contains("SEARCH x") && begin.contains(index), "{filter:?}:\n{plan}");
        }
    }
}
