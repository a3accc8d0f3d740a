use std::cmp::Ordering;

use trackline_model::Point;

/// MLflow keeps NaN as 0 beside a flag, and compares what it keeps.
fn comparable(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value }
}

fn by_value(a: &Point, b: &Point) -> Ordering {
    comparable(a.value)
        .total_cmp(&comparable(b.value))
        .then(a.value.is_nan().cmp(&b.value.is_nan()))
        .then(a.value.to_bits().cmp(&b.value.to_bits()))
}

/// By step, then time, then value: the order of "latest", of charts, and of points inside a chunk.
pub(crate) fn by_step(a: &Point, b: &Point) -> Ordering {
    (a.step, a.timestamp).cmp(&(b.step, b.timestamp)).then_with(|| by_value(a, b))
}

/// By time, then step, then value: the order in which MLflow's server returns a history.
pub(crate) fn by_time(a: &Point, b: &Point) -> Ordering {
    (a.timestamp, a.step).cmp(&(b.timestamp, b.step)).then_with(|| by_value(a, b))
}

/// Whether two points are the same to the last bit; by [`by_step`] they are then neighbours.
pub(crate) fn same(a: &Point, b: &Point) -> bool {
    a.step == b.step && a.timestamp == b.timestamp && a.value.to_bits() == b.value.to_bits()
}
