//! Searches: filter and order become SQL.

mod candidates;
mod condition;
mod experiments;
mod indexed;
mod known;
mod order;
mod part;
mod place;
#[cfg(test)]
mod plans;
mod runs;
mod selection;
mod spans;
mod statement;

pub(crate) use condition::{Related, Shape, condition};
pub(crate) use order::attribute_order;
pub(crate) use statement::Statement;
