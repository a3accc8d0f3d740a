//! Messages as they cross the wire: MLflow's protobuf-JSON, and the page's own.
//!
//! Requests are read by `Args`; all their fields are optional, and a handler asks for what it needs with
//! `required`. Fields that are not set are left out of answers, as are empty lists.

mod answer;
mod args;
pub(crate) mod artifacts;
pub(crate) mod assessments;
pub(crate) mod choice;
pub(crate) mod datasets;
pub(crate) mod direct;
pub(crate) mod drift;
pub(crate) mod experiments;
pub(crate) mod flag;
pub(crate) mod graphql;
pub(crate) mod journals;
mod json;
pub(crate) mod list;
pub(crate) mod logged_models;
pub(crate) mod metrics;
pub(crate) mod model_versions;
pub(crate) mod number;
pub(crate) mod otlp;
pub(crate) mod page;
pub(crate) mod registered_models;
mod required;
pub(crate) mod runs;
pub(crate) mod spans;
mod tag;
mod text;
pub(crate) mod traces;
pub(crate) mod webhooks;

pub(crate) use answer::Json;
pub(crate) use args::{Args, Path, Query};
pub(crate) use required::{optional_text, required, required_text, run_id};
pub(crate) use tag::{KeyValue, params, tags};
pub(crate) use text::Text;

use serde::Serialize;
use utoipa::ToSchema;

/// The answer of a call that has nothing to say: `{}`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Done {}
