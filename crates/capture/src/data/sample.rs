//! Which elements of a large array are looked at, so that looking takes milliseconds whatever its size.

/// The most elements of a dataset that are looked at.
const MAX_ELEMENTS: usize = 1 << 20;

/// A row is not thinned out below this many elements.
const MIN_PLACES: usize = 1024;

/// The most values of a dataset that are put in order, and the least and most of one column.
const MAX_RANKED: usize = 1 << 15;
const RANKED_OF_COLUMN: (usize, usize) = (512, 4096);

/// Evenly spread positions out of `0..length`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    length: usize,
    taken: usize,
}

impl Spread {
    fn new(length: usize, taken: usize) -> Self {
        Self { length, taken: taken.min(length) }
    }

    pub(super) fn all(self) -> bool {
        self.taken == self.length
    }

    /// As many of a column of another length.
    pub(super) fn over(self, length: usize) -> Self {
        Self::new(length, self.taken)
    }

    /// The positions, rising; the first and the last of `0..length` are among them.
    pub(super) fn positions(self) -> impl Iterator<Item = usize> {
        // Steps of a whole number, one longer whenever the fractions that were left out add up to one.
        let (last, steps) = (self.length.saturating_sub(1), self.taken.saturating_sub(1).max(1));
        let (stride, fraction) = (last / steps, last % steps);
        let (mut position, mut owed) = (0, 0);
        (0..self.taken).map(move |_| {
            let here = position;
            position += stride;
            owed += fraction;
            if owed >= steps {
                owed -= steps;
                position += 1;
            }
            here
        })
    }
}

/// The rows, and the places within a row, that are looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) rows: Spread,
    pub(super) places: Spread,
    /// The rows whose values are put in order.
    pub(super) ranked: Spread,
}

impl Sample {
    pub(super) fn new(rows: usize, row_size: usize) -> Self {
        let places = row_size.min(MIN_PLACES.max(MAX_ELEMENTS / rows.max(1)));
        let (least, most) = RANKED_OF_COLUMN;
        Self {
            rows: Spread::new(rows, (MAX_ELEMENTS / places.max(1)).max(1)),
            places: Spread::new(row_size, places),
            ranked: Spread::new(rows, (MAX_RANKED / row_size.max(1)).clamp(least, most)),
        }
    }

    /// The same rows of a single column.
    pub(super) fn one_column(self) -> Self {
        Self { places: Spread::new(1, 1), ..self }
    }

    /// Whether nothing is left out.
    pub(super) fn all(self) -> bool {
        self.rows.all() && self.places.all()
    }
}

/// The rows that [`super::describe_table`] looks at in a table of this size; all of them when it is small.
pub fn sampled_rows(rows: usize, columns: usize) -> impl Iterator<Item = usize> {
    Sample::new(rows, columns).rows.positions()
}
