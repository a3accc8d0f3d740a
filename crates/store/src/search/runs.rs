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
use super::place::{Mark, Place};
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
        let place = Place::of(query)?;
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
            let (ids, next) = search.page(connection, &place, query.max_results)?;
            Ok(Page {
                items: runs::load_many(connection, &ids)?,
                next_page_token: next.as_ref().map(page::encode),
            })
        })
    }
}

/// At least so many are asked of each of several experiments.
const FEW: usize = 8;
/// How many times as many are asked next.
const GROWTH: usize = 4;

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

    /// The numbers of the runs from a place on, at most `count`, and where to go on if there are more.
    fn page(
        &self,
        connection: &dyn Connection,
        place: &Place,
        count: usize,
    ) -> Result<(Vec<i64>, Option<Place>)> {
        let mut found: Vec<(i64, Mark)> = Vec::new();
        let mut candidates = Candidates::new();
        let mut offset = place.offset;
        let parts = Part::of(&self.order, &self.conjuncts())?;
        for (number, part) in parts.iter().enumerate().skip(place.part()) {
            // One more only says that there are more.
            let wanted = (count + 1).saturating_sub(found.len());
            if wanted == 0 {
                break;
            }
            let keys = part.sort_keys(&self.order)?;
            let path = part.path(&keys);
            let bound = (number == place.part()).then(|| place.bound(part, path)).flatten();
            let stretch = Stretch { part, keys: &keys, bound: bound.as_ref() };
            let rows = self.rows(connection, &stretch, &mut candidates, offset, wanted)?;
            if rows.is_empty() && place.is_plain() {
                offset = offset.saturating_sub(self.count(connection, &stretch, &mut candidates)?);
            } else {
                offset = 0;
            }
            for row in &rows {
                found.push((row.integer(0)?, Mark::of(number, path, row)));
            }
        }
        let more = found.len() > count;
        found.truncate(count);
        let (ids, marks): (Vec<i64>, Vec<Mark>) = found.into_iter().unzip();
        let next = more.then(|| place.behind(&marks));
        Ok((ids, next))
    }

    fn rows(
        &self,
        connection: &dyn Connection,
        stretch: &Stretch<'_>,
        candidates: &mut Candidates,
        offset: usize,
        count: usize,
    ) -> Result<Vec<Row>> {
        if let [experiment] = self.experiments[..] {
            return self.first(connection, stretch, experiment, candidates, (offset, count));
        }
        // What is passed over is known only when the answers are merged.
        let rows = self.merged(connection, stretch, candidates, offset + count)?;
        Ok(rows.into_iter().skip(offset).collect())
    }

    /// The first so many of all experiments. Each is asked for a few, and for more where all of them are among the first.
    fn merged(
        &self,
        connection: &dyn Connection,
        stretch: &Stretch<'_>,
        candidates: &mut Candidates,
        count: usize,
    ) -> Result<Vec<Row>> {
        let mut found: HashMap<i64, Vec<Row>> = HashMap::new();
        let mut unfinished = self.experiments.clone();
        let mut few = (2 * count / self.experiments.len().max(1)).clamp(FEW, count.max(FEW));
        loop {
            for experiment in &unfinished {
                let rows = self.first(connection, stretch, *experiment, candidates, (0, few))?;
                found.insert(*experiment, rows);
            }
            let mut rows: Vec<&Row> = found.values().flatten().collect();
            rows.sort_by(|a, b| compare_rows(a, b, stretch.keys));
            rows.truncate(count);
            let last = rows.last().filter(|_| rows.len() == count);
            let ends_before =
                |end: &Row| last.is_none_or(|last| compare_rows(end, last, stretch.keys).is_lt());
            let goes_on = |rows: &Vec<Row>| rows.len() == few && rows.last().is_some_and(ends_before);
            unfinished.retain(|experiment| few < count && found.get(experiment).is_some_and(goes_on));
            if unfinished.is_empty() {
                return Ok(rows.into_iter().cloned().collect());
            }
            few = few.saturating_mul(GROWTH).min(count);
        }
    }

    /// The first so many of one experiment, behind as many as are passed over.
    fn first(
        &self,
        connection: &dyn Connection,
        stretch: &Stretch<'_>,
        experiment: i64,
        candidates: &mut Candidates,
        (skip, take): (usize, usize),
    ) -> Result<Vec<Row>> {
        let mut statement = self.statement(connection, stretch, experiment, candidates, skip + take)?;
        statement.push(&order_by(stretch.keys));
        statement.bind(" LIMIT ? OFFSET ?", [(take as i64).into(), (skip as i64).into()]);
        statement.query_as_written(connection)
    }

    fn count(
        &self,
        connection: &dyn Connection,
        stretch: &Stretch<'_>,
        candidates: &mut Candidates,
    ) -> Result<usize> {
        let stretch = Stretch { keys: &[], ..*stretch };
        let mut count = 0;
        for experiment in &self.experiments {
            let inner = self.statement(connection, &stretch, *experiment, candidates, usize::MAX)?;
            let mut statement = Statement::new("SELECT COUNT(*) FROM (");
            statement.append(&inner).push(") AS c");
            if let Some(row) = statement.query_as_written(connection)?.first() {
                count += usize::try_from(row.integer(0)?).unwrap_or(0);
            }
        }
        Ok(count)
    }

    /// Finds the runs of a stretch in one experiment, of which the first `page` are asked for.
    fn statement(
        &self,
        connection: &dyn Connection,
        stretch: &Stretch<'_>,
        experiment: i64,
        candidates: &mut Candidates,
        page: usize,
    ) -> Result<Statement> {
        let Stretch { part, keys, bound } = *stretch;
        let selection = Selection { search: self, part, experiment, bound, dialect: connection.dialect() };
        if !candidates.contains_key(&experiment)
            && let Some(few) = few(connection, &selection, part.path(keys), page)?
        {
            candidates.insert(experiment, few);
        }
        selection.runs(candidates.get(&experiment), keys)
    }
}

/// What is read of a part of the sorted runs.
#[derive(Clone, Copy)]
struct Stretch<'a> {
    part: &'a Part,
    keys: &'a [SortKey],
    /// What holds from the place on where the page begins.
    bound: Option<&'a Statement>,
}
