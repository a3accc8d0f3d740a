use trackline_model::Point;

use super::history::{StepRange, read};
use crate::{Result, Store, runs};

/// A metric of a run, thinned out for a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The run.
    pub run_id: String,
    /// The metric.
    pub key: String,
    /// How many points there are in the range.
    pub total: u64,
    /// By step, time, value.
    pub points: Vec<Point>,
}

impl Store {
    /// A metric of several runs, each thinned out to at most `max_points` (at least 4): the first and
    /// the last point stay, and of every stretch between them the least and the greatest, so that no
    /// spike is lost. Of values that are not finite, the first of each stretch stays.
    pub fn series(
        &self,
        run_ids: &[String],
        key: &str,
        steps: Option<StepRange>,
        max_points: usize,
    ) -> Result<Vec<Series>> {
        self.read(|connection| {
            run_ids
                .iter()
                .map(|run_id| {
                    let run = runs::find(connection, run_id)?;
                    let points = read(connection, run, key, steps)?;
                    Ok(Series {
                        run_id: run_id.clone(),
                        key: key.to_owned(),
                        total: points.len() as u64,
                        points: thin(points, max_points.max(4)),
                    })
                })
                .collect()
        })
    }
}

fn thin(points: Vec<Point>, max_points: usize) -> Vec<Point> {
    let [first, inner @ .., last] = points.as_slice() else { return points };
    if points.len() <= max_points {
        return points;
    }
    // Up to three of each stretch are kept only where a value is not finite, so room is made for that.
    let kept = if inner.iter().all(|point| point.value.is_finite()) { 2 } else { 3 };
    let stretches = ((max_points - 2) / kept).max(1);
    let mut answer = Vec::with_capacity(max_points);
    answer.push(*first);
    for stretch in inner.chunks(inner.len().div_ceil(stretches)) {
        let mut keep = extremes(stretch);
        keep.sort_unstable();
        keep.dedup();
        answer.extend(keep.into_iter().filter_map(|index| stretch.get(index)));
    }
    answer.push(*last);
    answer
}

/// Where the least, the greatest, and the first value that is not finite are.
fn extremes(points: &[Point]) -> Vec<usize> {
    let mut least: Option<usize> = None;
    let mut greatest: Option<usize> = None;
    let mut odd = None;
    for (index, point) in points.iter().enumerate() {
        if !point.value.is_finite() {
            odd = odd.or(Some(index));
            continue;
        }
        if least.is_none_or(|least| point.value < points[least].value) {
            least = Some(index);
        }
        if greatest.is_none_or(|greatest| point.value > points[greatest].value) {
            greatest = Some(index);
        }
    }
    [least, greatest, odd].into_iter().flatten().collect()
}
