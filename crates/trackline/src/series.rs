//! What a journal has said of runs and metrics, and needs not say again.

use std::collections::HashSet;

use foldhash::HashMap;
use trackline_model::Point;

use crate::Source;
use crate::run::RunState;

/// The runs and the series that one journal knows.
#[derive(Debug, Default)]
pub struct Known {
    runs: HashSet<String>,
    series: HashMap<u64, Vec<OfSource>>,
    next: u32,
}

/// The metrics that one source logs to one run.
#[derive(Debug)]
struct OfSource {
    source: Source,
    keys: HashMap<Box<str>, Series>,
}

#[derive(Debug)]
struct Series {
    /// None: this journal does not know it yet.
    number: Option<u32>,
    latest: Point,
    /// The values before the latest, the newest first.
    before: [Option<f64>; RECENT - 1],
}

/// So many values of a series are known: two that share a value are not one for that.
const RECENT: usize = 3;

impl Series {
    fn add(&mut self, point: &Point) {
        self.before.rotate_right(1);
        self.before[0] = Some(self.latest.value);
        self.latest = *point;
    }

    fn recent(&self) -> Vec<f64> {
        let before = self.before.iter().rev().flatten().copied();
        before.chain([self.latest.value]).collect()
    }
}

impl Known {
    /// Notes a run; false if it was known.
    pub fn add_run(&mut self, run_id: &str) -> bool {
        !self.runs.contains(run_id) && self.runs.insert(run_id.to_owned())
    }

    /// The number of the series that this point belongs to, if it has one.
    pub fn number(&mut self, run: &RunState, source: &Source, key: &str, point: &Point) -> Option<u32> {
        let known = self.series.get_mut(&run.number)?.iter_mut().find(|known| known.source == *source)?;
        let series = known.keys.get_mut(key)?;
        series.add(point);
        series.number
    }

    /// A number for a series that has none.
    pub fn add(&mut self, run: &RunState, source: &Source, key: &str, point: &Point) -> u32 {
        let number = self.next;
        self.next = number.wrapping_add(1);
        let sources = self.series.entry(run.number).or_default();
        let at = sources.iter().position(|known| known.source == *source).unwrap_or_else(|| {
            sources.push(OfSource { source: source.clone(), keys: HashMap::default() });
            sources.len() - 1
        });
        let series = Series { number: Some(number), latest: *point, before: Default::default() };
        sources[at].keys.insert(key.into(), series);
        number
    }

    /// The latest point of each metric that was logged to a run here.
    pub fn latest(&self, run: &RunState) -> Vec<(String, Point)> {
        self.of_run(run).map(|(key, series)| (key.to_string(), series.latest)).collect()
    }

    /// The last three values of each, or fewer, in the order in which they came.
    pub fn recent(&self, run: &RunState) -> Vec<(String, Vec<f64>)> {
        self.of_run(run).map(|(key, series)| (key.to_string(), series.recent())).collect()
    }

    fn of_run(&self, run: &RunState) -> impl Iterator<Item = (&Box<str>, &Series)> {
        self.series.get(&run.number).into_iter().flatten().flat_map(|source| &source.keys)
    }

    /// Frees what is kept for a run; what is logged to it later is defined again.
    pub fn release(&mut self, run: &RunState) {
        self.series.remove(&run.number);
    }

    /// Forgets all definitions, some of which may be in no journal. Their numbers are not given again.
    pub fn forget(&mut self) {
        for source in self.series.values_mut().flatten() {
            source.keys.values_mut().for_each(|series| series.number = None);
        }
        self.runs.clear();
    }

    /// Forgets all definitions for a journal that has none.
    pub fn begin_again(&mut self) {
        self.next = 0;
        self.forget();
    }
}
