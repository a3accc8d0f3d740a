//! The filter grammar of searches.
//!
//! ```text
//! filter  := [ or ]
//! or      := and ( OR and )*
//! and     := not ( AND not )* [ AND ]        the last AND only at the end of the filter
//! not     := NOT not | '(' or ')' | compare
//! compare := field op value | field [NOT] IN list | field IS [NOT] NULL
//! field   := [ entity '.' ] key              split at the first dot: tags.mlflow.runName
//! key     := bare | `backticks` | "double quotes"
//! value   := 'text' | "text" | number        a quote inside is doubled: 'it''s'
//! list    := '(' text ( ',' text )* [ ',' ] ')'
//! ```
//!
//! This is MLflow's grammar with `OR`, `NOT`, parentheses and doubled quotes added.

mod ast;
mod compare;
mod entity;
mod error;
mod field;
mod parse;
mod print;
mod resolve;
mod token;

pub use ast::{Expr, Filter, Op, Value};
pub use error::FilterError;
pub use field::{Attribute, DatasetField, Field, SpanField};

pub(crate) use entity::{
    EXPERIMENTS, Entity, LOGGED_MODELS, MODEL_VERSIONS, REGISTERED_MODELS, RUNS, TRACES,
};
pub(crate) use parse::Parser;
pub(crate) use token::Kind;

/// Parses a filter over runs.
///
/// Attributes: `run_id`, `run_name`, `status`, `artifact_uri`, `user_id`, `start_time`, `end_time`; also
/// `metrics.`, `params.`, `tags.` and `dataset.{name,digest,context}`. `IN` is for `run_id` and datasets.
pub fn parse_runs(text: &str) -> Result<Filter, FilterError> {
    parse::filter(text, &RUNS)
}

/// Parses a filter over experiments.
///
/// Attributes: `name`, `experiment_id`, `creation_time`, `last_update_time`; also `tags.`.
/// `IN` is for `experiment_id`.
pub fn parse_experiments(text: &str) -> Result<Filter, FilterError> {
    parse::filter(text, &EXPERIMENTS)
}

/// Parses a filter over registered models.
///
/// Attributes: `name`, `creation_time`, `last_update_time`; also `tags.`. `IN` is for `name`.
pub fn parse_registered_models(text: &str) -> Result<Filter, FilterError> {
    parse::filter(text, &REGISTERED_MODELS)
}

/// Parses a filter over model versions.
///
/// Attributes: `name`, `version_number`, `run_id`, `source_path`, `creation_time`, `last_update_time`;
/// also `tags.`. `IN` is for `name` and `run_id`.
pub fn parse_model_versions(text: &str) -> Result<Filter, FilterError> {
    parse::filter(text, &MODEL_VERSIONS)
}

/// Parses a filter over logged models.
///
/// Attributes: `name`, `model_id`, `model_type`, `status`, `source_run_id`, `creation_time`,
/// `last_update_time`; also `metrics.`, `params.` and `tags.`. `IN` is for everything that is text.
pub fn parse_logged_models(text: &str) -> Result<Filter, FilterError> {
    parse::filter(text, &LOGGED_MODELS)
}

/// Parses a filter over traces.
///
/// Attributes: `trace_id`, `client_request_id`, `name`, `status`, `run_id`, `experiment_id`, `timestamp_ms`, `end_time`,
/// `execution_time_ms`; also `tags.`, `metadata.`, and of spans `span.{name,type,status,content}` and `span.attributes.`;
/// `trace.text` is the content of a span. `IN` is for attributes that are text, and the first three of spans.
pub fn parse_traces(text: &str) -> Result<Filter, FilterError> {
    parse::filter(text, &TRACES)
}
