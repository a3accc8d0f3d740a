//! The order of search results: clauses `field [ASC|DESC]`, with the fields of [`crate::filter`].

use crate::filter::{Field, FilterError};

/// One key of an order; the first clause counts most.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderBy {
    /// What is compared; never a dataset.
    pub field: Field,
    /// Whether the least comes first.
    pub ascending: bool,
}

/// Parses an order of runs.
pub fn parse_runs(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    let _ = clauses;
    Ok(Vec::new())
}

/// Parses an order of experiments.
pub fn parse_experiments(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    let _ = clauses;
    Ok(Vec::new())
}

/// Parses an order of registered models.
pub fn parse_registered_models(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    let _ = clauses;
    Ok(Vec::new())
}

/// Parses an order of model versions.
pub fn parse_model_versions(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    let _ = clauses;
    Ok(Vec::new())
}

/// Parses an order of logged models.
pub fn parse_logged_models(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    let _ = clauses;
    Ok(Vec::new())
}
