use trackline_model::Point;

use crate::Event;

/// One entry of a journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// Anything but a plain metric point.
    Event(Event),
    /// Gives a number to a metric of a run, for the points that follow in the same journal.
    Series {
        /// Counted up from 0 within the journal.
        number: u32,
        /// The run.
        run_id: String,
        /// The metric's key.
        key: String,
        /// Where its points come from: `user`, `xgboost.train`, …
        source: String,
        /// How sure the source was, 0 to 1; absent where nothing was inferred.
        confidence: Option<f64>,
    },
    /// A point of a series defined before in the same journal.
    Point {
        /// The number given by [`Record::Series`].
        series: u32,
        /// What was measured.
        point: Point,
    },
}
