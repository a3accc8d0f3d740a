//! What a dataset is, told from its memory and without a copy: digest, schema, sizes and column statistics.

mod array;
mod column;
mod describe;
mod digest;
mod dtype;
mod sample;
mod schema;
mod statistics;

pub use array::ArrayView;
pub use column::{Column, Values};
pub use describe::{Description, describe_table, describe_tensors, describe_unseen};
pub use dtype::{Dtype, Kind};
pub use sample::sampled_rows;
pub use schema::{column_spec, tensor_spec};
