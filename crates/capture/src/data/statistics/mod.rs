//! What the values of a column are like.

mod moments;
mod ranks;

use trackline_model::ColumnStatistics;

use self::moments::Moments;
use super::sample::Sample;
use super::{ArrayView, Kind, Values};

/// Statistics of each column of a numeric array of one or two dimensions.
pub(super) fn of_tensor(array: &ArrayView<'_>, sample: Sample) -> Option<Vec<ColumnStatistics>> {
    let dtype = array.dtype();
    if !dtype.is_number() || !matches!(array.shape().len(), 1 | 2) || array.size() == 0 {
        return None;
    }
    let mut columns = vec![Moments::default(); array.row_size()];
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
    let whole = is_whole(array);
    let one = |(place, moments): (usize, Moments)| {
        let mut found = moments.finish(whole);
        let values = sample.ranked.positions().map(|row| dtype.number(array.element(row, place)));
        ranks::of_numbers(&mut found, values, whole);
        found
    };
    Some(columns.into_iter().enumerate().map(one).collect())
}

/// Statistics of a column of a table. Its name is for the rule that the values of a secret are not told.
pub(super) fn of_column(name: &str, values: &Values<'_>, sample: Sample) -> ColumnStatistics {
    let found = match values {
        Values::Array(array) if array.dtype().is_number() => {
            of_tensor(array, sample).and_then(|mut columns| columns.pop())
        }
        Values::Array(array) => of_other(name, array, sample),
        Values::Masked(array, mask) if array.dtype().is_number() && array.rows() == mask.rows() => {
            Some(of_masked(array, mask, sample))
        }
        Values::Text(values) => Some(of_texts(name, values, sample)),
        Values::Masked(..) | Values::Opaque => None,
    };
    ColumnStatistics { name: Some(name.to_owned()), ..found.unwrap_or_default() }
}

fn of_masked(array: &ArrayView<'_>, mask: &ArrayView<'_>, sample: Sample) -> ColumnStatistics {
    let value = |row| match mask.dtype().number(mask.element(row, 0)) {
        0.0 => array.dtype().number(array.element(row, 0)),
        _ => f64::NAN,
    };
    let mut moments = Moments::default();
    sample.rows.positions().for_each(|row| moments.add(value(row)));
    let mut found = moments.finish(is_whole(array));
    ranks::of_numbers(&mut found, sample.ranked.positions().map(value), is_whole(array));
    found
}

fn of_texts(name: &str, values: &[Option<String>], sample: Sample) -> ColumnStatistics {
    let missing = values.iter().filter(|value| value.is_none()).count();
    let mut found = counted(values.len(), missing);
    // A long column is there with its sampled rows only.
    let positions = sample.ranked.over(values.len()).positions();
    ranks::of_texts(
        &mut found,
        name,
        positions.filter_map(|place| values.get(place)?.as_deref().map(Into::into)),
    );
    found
}

/// Dates are counted; text of a fixed width is text.
fn of_other(name: &str, array: &ArrayView<'_>, sample: Sample) -> Option<ColumnStatistics> {
    let dtype = array.dtype();
    let rows = || sample.rows.positions();
    match dtype.kind {
        Kind::Datetime | Kind::Timedelta => {
            let missing = rows().filter(|row| dtype.is_not_a_time(array.element(*row, 0))).count();
            Some(counted(rows().count(), missing))
        }
        Kind::Unicode | Kind::Bytes => {
            let mut found = counted(rows().count(), 0);
            let positions = sample.ranked.positions();
            let texts = positions.filter_map(|row| dtype.text(array.element(row, 0)).map(Into::into));
            ranks::of_texts(&mut found, name, texts);
            Some(found)
        }
        _ => None,
    }
}

fn counted(looked_at: usize, missing: usize) -> ColumnStatistics {
    ColumnStatistics { count: Some(looked_at - missing), null_count: Some(missing), ..Default::default() }
}

fn is_whole(array: &ArrayView<'_>) -> bool {
    matches!(array.dtype().kind, Kind::Bool | Kind::Int | Kind::Uint)
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
