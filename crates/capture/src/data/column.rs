use super::ArrayView;

/// A named column of a table.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Values<'a>,
}

/// The values of a column.
#[derive(Debug, Clone)]
pub enum Values<'a> {
    /// A one-dimensional array of fixed-size elements.
    Array(ArrayView<'a>),
    /// An array with a mask of the same length beside it, not 0 where the value is missing (pandas `Int64`, …).
    Masked(ArrayView<'a>, ArrayView<'a>),
    /// Text; `None` where it is missing. A long column may be given by the rows of [`super::sampled_rows`] alone.
    Text(Vec<Option<String>>),
    /// Values of other kinds (Python objects), of which nothing is known.
    Opaque,
}
