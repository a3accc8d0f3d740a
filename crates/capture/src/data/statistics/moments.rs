use serde_json::Number;
use trackline_model::ColumnStatistics;

/// Sums of one numeric column under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    min: f64,
    max: f64,
    /// The first value. Sums are of the distances to it, so that a large mean does not drown a small variance:
    /// Chan, Golub and LeVeque, "Algorithms for Computing the Sample Variance", 1983.
    shift: f64,
    sum: f64,
    squares: f64,
    count: usize,
    missing: usize,
}

impl Default for Moments {
    fn default() -> Self {
        let (min, max) = (f64::INFINITY, f64::NEG_INFINITY);
        Self { min, max, shift: 0.0, sum: 0.0, squares: 0.0, count: 0, missing: 0 }
    }
}

impl Moments {
    /// Counts a value in; not-a-number is a missing one.
    pub(super) fn add(&mut self, value: f64) {
        if value.is_nan() {
            self.missing += 1;
            return;
        }
        if self.count == 0 {
            self.shift = value;
        }
        let distance = value - self.shift;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.sum += distance;
        self.squares += distance * distance;
        self.count += 1;
    }

    /// What they come to; values that are not finite are left out.
    pub(super) fn finish(self, whole: bool) -> ColumnStatistics {
        let count = self.count as f64;
        let spread = (self.squares - self.sum * self.sum / count).max(0.0);
        let finite = |number: f64, enough: bool| Some(number).filter(|number| enough && number.is_finite());
        ColumnStatistics {
            count: Some(self.count),
            null_count: Some(self.missing),
            min: number(self.min, whole),
            max: number(self.max, whole),
            mean: finite(self.shift + self.sum / count, self.count > 0),
            std: finite((spread / (count - 1.0)).sqrt(), self.count > 1),
            ..ColumnStatistics::default()
        }
    }
}

/// A JSON number, without a point for a whole one; none for what is not finite.
pub(super) fn number(value: f64, whole: bool) -> Option<Number> {
    match value {
        // Beyond 2^53 not every whole number has a float of its own.
        _ if whole && value.abs() < 9e15 => Some(Number::from(value as i64)),
        _ => Number::from_f64(value),
    }
}
