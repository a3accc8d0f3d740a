use std::collections::HashMap;

use trackline_model::filter::{self, Expr};
use trackline_model::limits;
use trackline_model::order::{self, OrderBy};
use trackline_model::{Run, ViewType};

use super::Statement;
use super::candidates::few;
use super::known::Found;
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

/// Of experiments where a search began with few runs: all parts of the answer are among them.
type Candidates = HashMap<i64, Found>;

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
        let mut candidates = Candidates::new();
        let mut offset = offset;
        for part in Part::of(&self.order, &self.conjuncts())? {
            if ids.len() == count {
                break;
            }
            let found = self.part(connection, &part, &mut candidates, offset, count - ids.len())?;
            if found.is_empty() && offset > 0 {
                offset -= self.count(connection, &part, &mut candidates)?.min(offset);
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
        candidates: &mut Candidates,
        offset: usize,
        count: usize,
    ) -> Result<Vec<i64>> {
        let keys = part.sort_keys(&self.order)?;
        let one = self.experiments.len() == 1;
        let mut rows: Vec<Row> = Vec::new();
        for experiment in &self.experiments {
            let mut statement =
                self.statement(connection, part, *experiment, candidates, &keys, offset + count)?;
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

    fn count(&self, connection: &dyn Connection, part: &Part, candidates: &mut Candidates) -> Result<usize> {
        let mut count = 0;
        for experiment in &self.experiments {
            let inner = self.statement(connection, part, *experiment, candidates, &[], usize::MAX)?;
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
        candidates: &mut Candidates,
        keys: &[SortKey],
        page: usize,
    ) -> Result<Statement> {
        let selection = Selection { search: self, part, experiment, dialect: connection.dialect() };
        if !candidates.contains_key(&experiment)
            && let Some(few) = few(connection, &selection, part.path(keys), page)?
        {
            candidates.insert(experiment, few);
        }
        selection.runs(candidates.get(&experiment), keys)
    }
}
