use trackline_model::ViewType;

use super::indexed::of_attribute;
use super::known::Found;
use super::order::{SortKey, order_by, run_column};
use super::part::Part;
use super::runs::Search;
use super::{Related, Shape, Statement, condition};
use crate::Result;
use crate::sql::Dialect;

/// One part of the sorted runs of one experiment.
pub(super) struct Selection<'a> {
    pub search: &'a Search,
    pub part: &'a Part,
    pub experiment: i64,
    /// What holds from the place on where the page begins.
    pub bound: Option<&'a Statement>,
    pub dialect: &'a dyn Dialect,
}

impl Selection<'_> {
    /// `SELECT r.id, <keys> FROM … WHERE …`: the runs that match, looked for among a few if there are such.
    pub fn runs(&self, few: Option<&Found>, keys: &[SortKey]) -> Result<Statement> {
        let mut statement = Statement::new("SELECT r.id");
        for key in keys {
            statement.push(", ").push(&key.sql);
        }
        statement.append(&self.tables(few));
        for (index, table) in self.part.joined(&self.search.order)? {
            let join =
                format!(" LEFT JOIN {} o{index} ON o{index}.run = r.id AND o{index}.key = ?", table.table);
            statement.bind(&join, [table.key.into()]);
        }
        statement.push(" WHERE ").append(&self.joins(few));
        statement.append(&self.bounded()).push(" AND ").append(&self.matches(few)?);
        Ok(statement)
    }

    /// Of the first so many runs along a path, how many there are, and how many of them match.
    pub fn sample(&self, path: &[SortKey], size: i64) -> Result<Statement> {
        let mut statement = Statement::new("SELECT COUNT(*), COUNT(CASE WHEN ");
        statement.append(&self.matches(None)?).push(" THEN 1 END) FROM (");
        match self.part.followed() {
            Some(table) => {
                statement.push(&format!(
                    "SELECT o0.run, {} FROM {} o0 WHERE ",
                    table.value("o0"),
                    table.table
                ));
                statement.append(&self.followed_is_of_experiment());
                for expr in self.search.conjuncts() {
                    if let Some(inline) = self.part.inline(expr)? {
                        statement.push(" AND ").append(&inline);
                    }
                }
                if let Some(condition) = self.part.condition("o0.run") {
                    statement.push(" AND ").append(&condition);
                }
            }
            None => {
                statement.bind("SELECT r.* FROM runs r WHERE r.experiment = ?", [self.experiment.into()]);
                if let Part::Attribute(holds, _) = self.part {
                    statement.push(" AND ").append(holds);
                }
                // Where the index of the path is entered.
                for (column, is) in self.search.conjuncts().into_iter().filter_map(of_attribute) {
                    if path.first().is_some_and(|key| key.sql == column) {
                        statement.push(" AND ").append(&is);
                    }
                }
            }
        }
        statement.append(&self.bounded());
        if !path.is_empty() {
            statement.push(&order_by(path));
        }
        statement.bind(" LIMIT ?) ", [size.into()]);
        statement.push(match self.part.followed() {
            Some(_) => "o0 CROSS JOIN runs r WHERE r.id = o0.run",
            None => "r",
        });
        Ok(statement)
    }

    /// ` FROM …`: engines that keep to the order of tables at a `CROSS JOIN` read them in this order.
    fn tables(&self, few: Option<&Found>) -> Statement {
        let mut from = Statement::new(" FROM ");
        let followed = self.part.followed();
        // With few candidates, the run is found first; else the table that is followed leads to the runs.
        match (few, followed) {
            (Some(few), followed) => {
                let (numbers, value) = self.dialect.numbers(&few.runs);
                from.push("(").bind(numbers, [value]).push(") c");
                from.push(&self.dialect.look_up("runs", "r", "r.id = c.n"));
                if let Some(table) = followed {
                    let look_up = self.dialect.look_up(table.table, "o0", "o0.run = r.id AND o0.key = ?");
                    from.bind(&look_up, [(&table.key).into()]);
                }
            }
            (None, Some(table)) => {
                from.push(table.table).push(" o0 CROSS JOIN runs r");
            }
            (None, None) => {
                from.push("runs r");
            }
        }
        from
    }

    /// What joins the tables. A run that is known already is best found by its number: the sum keeps engines from another
    /// way.
    fn joins(&self, few: Option<&Found>) -> Statement {
        let mut joins = Statement::default();
        let own = if self.run(few) == "r.id" { "r.experiment = ?" } else { "r.experiment + 0 = ?" };
        joins.bind(own, [self.experiment.into()]);
        if few.is_none() && self.part.followed().is_some() {
            joins.push(" AND r.id = o0.run AND ").append(&self.followed_is_of_experiment());
        }
        joins
    }

    fn followed_is_of_experiment(&self) -> Statement {
        let mut own = Statement::default();
        if let Some(table) = self.part.followed() {
            own.bind("o0.experiment = ? AND o0.key = ?", [self.experiment.into(), (&table.key).into()]);
        }
        own
    }

    /// ` AND …`, if the page begins at a bound.
    fn bounded(&self) -> Statement {
        let mut bounded = Statement::default();
        if let Some(bound) = self.bound {
            bounded.push(" AND ").append(bound);
        }
        bounded
    }

    /// The number of the run, in the first table that has it: what does not match goes no further.
    fn run(&self, few: Option<&Found>) -> &'static str {
        match (few, self.part.followed()) {
            (Some(_), _) => "c.n",
            (None, Some(_)) => "o0.run",
            (None, None) => "r.id",
        }
    }

    /// What a run of the part has to be, beside what a few candidates are anyway.
    fn matches(&self, few: Option<&Found>) -> Result<Statement> {
        let run = self.run(few);
        let mut all: Vec<Statement> = self.part.condition(run).into_iter().chain(self.view()).collect();
        for (index, expr) in self.search.conjuncts().into_iter().enumerate() {
            if few.is_some_and(|few| few.met.contains(&index)) {
                continue;
            }
            all.push(match self.part.inline(expr)? {
                Some(inline) => inline,
                None => condition(&shape(run), self.dialect, expr)?,
            });
        }
        let mut matches = Statement::new("TRUE");
        for condition in &all {
            matches.push(" AND ").append(condition);
        }
        Ok(matches)
    }

    fn view(&self) -> Option<Statement> {
        match self.search.view {
            ViewType::ActiveOnly => Some(Statement::new("r.deleted_time IS NULL")),
            ViewType::DeletedOnly => Some(Statement::new("r.deleted_time IS NOT NULL")),
            ViewType::All => None,
        }
    }
}

/// Where the fields of runs `r` are, the number of which is `run`.
fn shape(run: &str) -> Shape {
    let join = format!("x.run = {run}");
    Shape {
        attribute: run_column,
        metrics: Some(Related::new("metrics", &join, "x.latest_value")),
        params: Some(Related::new("params", &join, "x.value")),
        tags: Some(Related::new("tags", &join, "x.value")),
        metadata: None,
        datasets: Some(format!("i.run = {run}")),
        spans: None,
    }
}
