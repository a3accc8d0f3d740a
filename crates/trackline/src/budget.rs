//! What tracking may cost a run, and what is left out so that it does not cost more.

use std::env;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use trackline_model::Tag;

use crate::spent::owed;
use crate::{RunHandle, Source};

/// Of the time that a run has lasted, tracking may take so many percent,
const PERCENT: f64 = 1.0;
/// and this in any case.
const LEAST: Duration = Duration::from_millis(50);
/// Says the percentage, or `off`: nothing is left out, whatever it costs.
const VARIABLE: &str = "TRACKLINE_BUDGET";
/// The tag that says what was left out.
const SHED_TAG: &str = "trackline.shed";

/// What hooks leave out when tracking has cost a run too much, in this order. What the user logs, and the values of a loss or a
/// score, are never left out: nobody asks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Histograms and statistics of data: allowed for the first half of the budget.
    Statistics,
    /// Values that hooks see at each step, of which fewer will do.
    Steps,
    /// Figures that are not saved.
    Figures,
}

impl Detail {
    const ALL: [Self; 3] = [Self::Statistics, Self::Steps, Self::Figures];

    /// As it stands in the tag `trackline.shed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Statistics => "statistics",
            Self::Steps => "steps",
            Self::Figures => "figures",
        }
    }

    /// By its name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|detail| detail.as_str() == name)
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// Since when a run lasts, what tracking may take of that, and what was left out.
#[derive(Debug)]
pub struct Budget {
    began: Instant,
    percent: f64,
    shed: AtomicU8,
}

impl Default for Budget {
    fn default() -> Self {
        Self::since(Instant::now())
    }
}

impl Budget {
    fn since(began: Instant) -> Self {
        let percent = env::var(VARIABLE).ok().and_then(|text| percent(&text)).unwrap_or(PERCENT);
        Self { began, percent, shed: AtomicU8::new(0) }
    }

    /// Of a run that begins now, and is charged for the hooks that came before it.
    pub fn of_new_run() -> Self {
        owed().1.map_or_else(Self::default, Self::since)
    }

    /// What tracking may have taken of a run that has lasted so long.
    fn whole(&self, lasted: Duration) -> Duration {
        Duration::try_from_secs_f64(lasted.as_secs_f64() * self.percent / 100.0)
            .unwrap_or(Duration::MAX)
            .max(LEAST)
    }

    fn limit(&self, detail: Detail, lasted: Duration) -> Duration {
        let whole = self.whole(lasted);
        match detail {
            Detail::Statistics => (whole / 2).max(LEAST),
            Detail::Steps => whole / 4 * 3,
            Detail::Figures => whole,
        }
    }
}

fn percent(text: &str) -> Option<f64> {
    match text.trim() {
        "off" => Some(f64::INFINITY),
        number => number.trim_end_matches('%').trim_end().parse().ok().filter(|percent| *percent >= 0.0),
    }
}

/// As [`RunHandle::allows`], while there is no run yet: what hooks take is charged to the first one that begins.
#[must_use]
pub fn allowed_before_run(detail: Detail, cost: Duration) -> bool {
    let budget = Budget::of_new_run();
    owed().0.saturating_add(cost) <= budget.limit(detail, budget.began.elapsed())
}

impl RunHandle {
    /// How much processor time tracking may have taken of the run until now: 1 % of the time, or as many percent as
    /// `TRACKLINE_BUDGET` says, and 50 ms at least; [`Duration::MAX`] if that is `off`.
    pub fn budget(&self) -> Duration {
        let budget = &self.state.budget;
        budget.whole(budget.began.elapsed())
    }

    /// Whether a hook may record something of this kind now that takes `cost`. Once it may not, the run says so in the tag
    /// `trackline.shed`.
    pub fn allows(&self, detail: Detail, cost: Duration) -> bool {
        let budget = &self.state.budget;
        if self.spent().saturating_add(cost) <= budget.limit(detail, budget.began.elapsed()) {
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

    fn budget(text: &str) -> Budget {
        Budget { percent: percent(text).unwrap(), ..Budget::default() }
    }

    #[test]
    fn a_short_run_has_its_least_and_a_long_one_its_part() {
        let limits = |text: &str, seconds| {
            let lasted = Duration::from_secs(seconds);
            Detail::ALL.map(|detail| budget(text).limit(detail, lasted).as_millis())
        };
        assert_eq!(limits("1", 0), [50, 37, 50]);
        assert_eq!(limits("1", 8), [50, 60, 80]);
        assert_eq!(limits("1", 3_600), [18_000, 27_000, 36_000]);
        assert_eq!(limits(" 10 %", 8), [400, 600, 800]);
    }

    #[test]
    fn without_a_budget_there_is_no_limit() {
        assert_eq!(budget("off").limit(Detail::Figures, Duration::from_nanos(1)), Duration::MAX);
        assert_eq!(percent("-1"), None);
        assert_eq!(percent("much"), None);
    }
}
