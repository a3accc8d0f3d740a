//! What tracking may cost a run, and what is left out so that it does not cost more.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use trackline_model::Tag;

use crate::{RunHandle, Source};

/// Of the time that a run has lasted, this part is the budget: 1 %,
const PART: u32 = 100;
/// and never less than this.
const LEAST: Duration = Duration::from_millis(50);
/// The tag that says what was left out.
const SHED_TAG: &str = "trackline.shed";

/// What hooks leave out when tracking has cost a run too much, in this order. What the user logs, and the values of a loss or a
/// score, are never left out: nobody asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Histograms, figures, statistics of data: allowed for the first half of the budget.
    Statistics,
    /// Values that hooks see at each step, of which fewer will do.
    Steps,
}

impl Detail {
    const ALL: [Self; 2] = [Self::Statistics, Self::Steps];

    /// As it stands in the tag `trackline.shed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Statistics => "statistics",
            Self::Steps => "steps",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }

    fn limit(self, lasted: Duration) -> Duration {
        let whole = lasted / PART;
        match self {
            Self::Statistics => (whole / 2).max(LEAST),
            Self::Steps => whole.max(LEAST),
        }
    }
}

/// Since when a run lasts, and what was left out.
#[derive(Debug)]
pub struct Budget {
    began: Instant,
    shed: AtomicU8,
}

impl Default for Budget {
    fn default() -> Self {
        Self { began: Instant::now(), shed: AtomicU8::new(0) }
    }
}

impl RunHandle {
    /// Whether a hook may record something of this kind now. Once it may not, the run says so in the tag `trackline.shed`.
    pub fn allows(&self, detail: Detail) -> bool {
        let budget = &self.state.budget;
        if self.spent() <= detail.limit(budget.began.elapsed()) {
            return true;
        }
        let before = budget.shed.fetch_or(detail.bit(), Ordering::Relaxed);
        let now = before | detail.bit();
        if now != before {
            let shed = Detail::ALL.into_iter().filter(|detail| now & detail.bit() != 0);
            let value = shed.map(Detail::as_str).collect::<Vec<_>>().join(", ");
            self.with_source(Source::hook("trackline"))
                .keep_tags(vec![Tag { key: SHED_TAG.to_owned(), value }]);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_has_its_least_and_a_long_one_its_part() {
        let limits =
            |seconds| Detail::ALL.map(|detail| detail.limit(Duration::from_secs(seconds)).as_millis());
        assert_eq!(limits(0), [50, 50]);
        assert_eq!(limits(8), [50, 80]);
        assert_eq!(limits(3_600), [18_000, 36_000]);
    }
}
