//! The order of search results: clauses `field [ASC|DESC]`, with the fields of [`crate::filter`].

use std::ops::Range;

use crate::filter::{
    EXPERIMENTS, Entity, Field, FilterError, Kind, LOGGED_MODELS, MODEL_VERSIONS, Parser, REGISTERED_MODELS,
    RUNS, TRACES,
};

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
    parse(clauses, &RUNS)
}

/// Parses an order of experiments.
pub fn parse_experiments(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    parse(clauses, &EXPERIMENTS)
}

/// Parses an order of registered models.
pub fn parse_registered_models(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    parse(clauses, &REGISTERED_MODELS)
}

/// Parses an order of model versions.
pub fn parse_model_versions(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    parse(clauses, &MODEL_VERSIONS)
}

/// Parses an order of logged models.
pub fn parse_logged_models(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    parse(clauses, &LOGGED_MODELS)
}

/// Parses an order of traces.
pub fn parse_traces(clauses: &[String]) -> Result<Vec<OrderBy>, FilterError> {
    parse(clauses, &TRACES)
}

fn parse(clauses: &[String], entity: &'static Entity) -> Result<Vec<OrderBy>, FilterError> {
    let mut order: Vec<OrderBy> = Vec::with_capacity(clauses.len());
    for text in clauses {
        let (clause, at) = clause(text, entity)?;
        if order.iter().any(|earlier| earlier.field == clause.field) {
            let message = format!("{} is in the order twice", clause.field);
            return Err(FilterError::new(text, at, message).hint("leave one of them out"));
        }
        order.push(clause);
    }
    Ok(order)
}

/// One clause, and where its field stands.
fn clause(text: &str, entity: &'static Entity) -> Result<(OrderBy, Range<usize>), FilterError> {
    let mut parser = Parser::new(text, entity)?;
    if parser.peek().kind == Kind::End {
        let message = "the order clause is empty";
        return Err(FilterError::new(text, 0..text.len(), message).hint("write a field: start_time DESC"));
    }
    let (field, at) = parser.field()?;
    if let Field::Dataset(_) | Field::Span(_) = field {
        return Err(FilterError::new(text, at, "datasets have no order: a run may read several"));
    }
    let descending = parser.take_keyword("DESC");
    if !descending {
        parser.take_keyword("ASC");
    }
    match parser.peek().kind {
        Kind::End => Ok((OrderBy { field, ascending: !descending }, at)),
        Kind::Comma => {
            Err(parser.error_here("one order clause names one field").hint("give a list of clauses"))
        }
        _ => Err(parser.error_here("a field is followed by ASC, DESC or nothing")),
    }
}
