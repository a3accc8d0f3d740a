use trackline_model::{Metric, Point};

use super::chunk::unpack;
use super::order::{by_step, by_time};
use crate::runs::{self, RunKey};
use crate::sql::{Connection, values};
use crate::{Error, ErrorKind, Page, Result, Store, page};

/// A point with the run that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct RunPoint {
    /// The run.
    pub run_id: String,
    /// What was measured.
    pub point: Point,
}

/// Steps from the first to the second, both included.
pub type StepRange = (i64, i64);

impl Store {
    /// The history of a metric in MLflow's order: by time, step, value. Without `max_results` all of it.
    pub fn history(
        &self,
        run_id: &str,
        key: &str,
        max_results: Option<usize>,
        page_token: Option<&str>,
    ) -> Result<Page<Metric>> {
        let offset = page::offset(page_token)?;
        let mut points = self.points_if_run(run_id, key)?;
        points.sort_unstable_by(by_time);
        let end = max_results.map_or(points.len(), |max| offset.saturating_add(max));
        let next_page_token = (end < points.len()).then(|| page::token(end));
        let items = points.iter().skip(offset).take(max_results.unwrap_or(usize::MAX));
        Ok(Page { items: items.map(|point| Metric::of_point(key, point)).collect(), next_page_token })
    }

    /// The whole history of a metric by step, time, value; empty if there is no such metric.
    pub fn points(&self, run_id: &str, key: &str) -> Result<Vec<Point>> {
        self.read(|connection| {
            let run = runs::find(connection, run_id)?;
            read(connection, run, key, None)
        })
    }

    /// As in MLflow, a run that is not there has no points.
    fn points_if_run(&self, run_id: &str, key: &str) -> Result<Vec<Point>> {
        match self.points(run_id, key) {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(Vec::new()),
            points => points,
        }
    }

    /// How many bytes the packed history of a metric takes.
    pub fn stored_bytes(&self, run_id: &str, key: &str) -> Result<u64> {
        self.read(|connection| {
            let run = runs::find(connection, run_id)?;
            let row = connection.first(
                "SELECT COALESCE(SUM(LENGTH(data)), 0) FROM metric_chunks WHERE run = ? AND key = ?",
                values![run.id, key],
            )?;
            Ok(row.map(|row| row.integer(0)).transpose()?.unwrap_or(0).unsigned_abs())
        })
    }

    /// The histories of a metric in several runs by run id, time, step, value: at most `max_results`
    /// points in all.
    pub fn history_bulk(&self, run_ids: &[String], key: &str, max_results: usize) -> Result<Vec<RunPoint>> {
        let mut run_ids = run_ids.to_vec();
        run_ids.sort_unstable();
        run_ids.dedup();
        let mut answer: Vec<RunPoint> = Vec::new();
        for run_id in run_ids {
            let mut points = self.points_if_run(&run_id, key)?;
            points.sort_unstable_by(by_time);
            points.truncate(max_results - answer.len());
            answer.extend(points.into_iter().map(|point| RunPoint { run_id: run_id.clone(), point }));
        }
        Ok(answer)
    }

    /// At most `max_results` points of a metric for each run, evenly chosen by step, time, value; the
    /// first and the last are among them (the last alone if `max_results` is 1).
    pub fn interval(
        &self,
        run_ids: &[String],
        key: &str,
        steps: Option<StepRange>,
        max_results: usize,
    ) -> Result<Vec<RunPoint>> {
        self.read(|connection| {
            let mut answer = Vec::new();
            for run_id in run_ids {
                let run = match runs::find(connection, run_id) {
                    Err(error) if error.kind == ErrorKind::NotFound => continue,
                    found => found?,
                };
                let points = read(connection, run, key, steps)?;
                let chosen = evenly(&points, max_results.max(1));
                answer.extend(chosen.into_iter().map(|point| RunPoint { run_id: run_id.clone(), point }));
            }
            Ok(answer)
        })
    }
}

/// The points of a metric by step, time, value.
pub(super) fn read(
    connection: &dyn Connection,
    run: RunKey,
    key: &str,
    steps: Option<StepRange>,
) -> Result<Vec<Point>> {
    let (from, to) = steps.unwrap_or((i64::MIN, i64::MAX));
    if from > to {
        return Err(Error::invalid(format!(
            "The first step, {from}, comes after the last, {to}. Exchange them."
        )));
    }
    let rows = connection.query(
        "SELECT data FROM metric_chunks WHERE run = ? AND key = ? AND min_step <= ? AND max_step >= ? \
         ORDER BY min_step, min_time",
        values![run.id, key, to, from],
    )?;
    let mut points = Vec::new();
    for row in &rows {
        points.append(&mut unpack(row.blob(0)?)?);
    }
    if steps.is_some() {
        points.retain(|point| (from..=to).contains(&point.step));
    }
    // Chunks are ordered inside and mostly follow one another: this sort finds them so.
    points.sort_by(by_step);
    Ok(points)
}

/// The first point of each of `count` parts of nearly the same size (larger ones first, as SQL's NTILE
/// cuts them), with the last point of all at the end.
fn evenly(points: &[Point], count: usize) -> Vec<Point> {
    let Some(last) = points.last() else { return Vec::new() };
    if points.len() <= count {
        return points.to_vec();
    }
    let (size, larger) = (points.len() / count, points.len() % count);
    let start = |part: usize| part * size + part.min(larger);
    let mut chosen: Vec<Point> = (0..count).filter_map(|part| points.get(start(part)).copied()).collect();
    if start(count - 1) != points.len() - 1 {
        chosen.pop();
        chosen.push(*last);
    }
    chosen
}
