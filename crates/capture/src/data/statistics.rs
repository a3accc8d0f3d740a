//! What the numbers of a column are like.

use serde_json::{Value, json};

use super::sample::Sample;
use super::{ArrayView, Kind, Values};

/// Statistics of the sampled values of one numeric column.
#[derive(Debug, Clone, Copy)]
struct Statistics {
    min: f64,
    max: f64,
    sum: f64,
    count: usize,
    missing: usize,
}

impl Statistics {
    const EMPTY: Self = Self { min: f64::INFINITY, max: f64::NEG_INFINITY, sum: 0.0, count: 0, missing: 0 };

    fn add(&mut self, value: f64) {
        if value.is_nan() {
            self.missing += 1;
        } else {
            self.min = self.min.min(value);
            self.max = self.max.max(value);
            self.sum += value;
            self.count += 1;
        }
    }

    /// JSON numbers; `null` where there is no finite one.
    fn json(self, whole: bool) -> Value {
        let number = |value: f64| match value {
            _ if self.count == 0 => Value::Null,
            // Beyond 2^53 not every whole number has a float of its own.
            _ if whole && value.abs() < 9e15 => json!(value as i64),
            _ => json!(value),
        };
        let mean = self.sum / self.count as f64;
        json!({"min": number(self.min), "max": number(self.max), "mean": json!(mean), "null_count": self.missing})
    }
}

fn is_whole(array: &ArrayView<'_>) -> bool {
    matches!(array.dtype().kind, Kind::Bool | Kind::Int | Kind::Uint)
}

/// Statistics of each column of a numeric array of one or two dimensions.
pub(super) fn of_tensor(array: &ArrayView<'_>, sample: Sample) -> Option<Vec<Value>> {
    let dtype = array.dtype();
    if !dtype.is_number() || !matches!(array.shape().len(), 1 | 2) || array.size() == 0 {
        return None;
    }
    let mut columns = vec![Statistics::EMPTY; array.row_size()];
    for row in sample.rows.positions() {
        match array.contiguous_row(row) {
            Some(bytes) => {
                for (column, element) in columns.iter_mut().zip(bytes.chunks_exact(dtype.size)) {
                    column.add(dtype.number(element));
                }
            }
            None => {
                for (place, column) in columns.iter_mut().enumerate() {
                    column.add(dtype.number(array.element(row, place)));
                }
            }
        }
    }
    Some(columns.into_iter().map(|column| column.json(is_whole(array))).collect())
}

/// Statistics of a column of a table; of text, the missing values only.
pub(super) fn of_column(values: &Values<'_>, sample: Sample) -> Option<Value> {
    match values {
        Values::Array(array) => of_tensor(array, sample).and_then(|mut columns| columns.pop()),
        Values::Masked(array, mask) if array.dtype().is_number() && array.rows() == mask.rows() => {
            let mut column = Statistics::EMPTY;
            for row in sample.rows.positions() {
                column.add(match mask.dtype().number(mask.element(row, 0)) {
                    0.0 => array.dtype().number(array.element(row, 0)),
                    _ => f64::NAN,
                });
            }
            Some(column.json(is_whole(array)))
        }
        Values::Text(values) => {
            Some(json!({"null_count": values.iter().filter(|value| value.is_none()).count()}))
        }
        Values::Masked(..) | Values::Opaque => None,
    }
}

/// Whether a sampled value is missing: not-a-number, not-a-time, masked, or no text. Unknown for objects, so yes.
pub(super) fn has_missing(values: &Values<'_>) -> bool {
    let rows = |array: &ArrayView<'_>| Sample::new(array.size().min(array.rows()), 1).rows.positions();
    match values {
        Values::Array(array) => match array.dtype().kind {
            Kind::Float => rows(array).any(|row| array.dtype().number(array.element(row, 0)).is_nan()),
            Kind::Datetime => rows(array).any(|row| array.dtype().is_not_a_time(array.element(row, 0))),
            Kind::Object => true,
            _ => false,
        },
        Values::Masked(_, mask) => rows(mask).any(|row| mask.dtype().number(mask.element(row, 0)) != 0.0),
        Values::Text(values) => values.iter().any(Option::is_none),
        Values::Opaque => true,
    }
}
