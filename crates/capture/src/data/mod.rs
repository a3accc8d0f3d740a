//! What a dataset is, told from its memory and without a copy: digest, schema, sizes and column statistics.

mod array;
mod describe;
mod dtype;

pub use array::ArrayView;
pub use describe::{Description, column_spec, describe_table, describe_tensors, tensor_spec};
pub use dtype::{Dtype, Kind};

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
    /// An array with a mask beside it, 1 where the value is missing (pandas `Int64`, `boolean`, …).
    Masked(ArrayView<'a>, ArrayView<'a>),
    /// Text; `None` where it is missing.
    Text(Vec<Option<String>>),
    /// Values of other kinds (Python objects): only their number is known.
    Opaque(usize),
}
