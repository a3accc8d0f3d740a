//! What a run is made of, its rules and limits, and the filter grammar.
//!
//! This crate is pure: it opens no file, reads no clock and knows neither SQL nor HTTP.
//! Times are milliseconds since the Unix epoch, UTC, unless a name says otherwise.

mod artifact;
mod captured;
mod dataset;
mod error;
mod exit;
mod experiment;
pub mod filter;
pub mod limits;
mod logged_model;
mod metric;
mod metric_batch;
pub mod order;
mod registry;
mod run;
mod span;
mod trace;
mod webhook;

pub use artifact::FileInfo;
pub use captured::{Captured, CapturedKind, INFERRED_PREFIX, USER_SOURCE};
pub use dataset::{Change, ColumnDrift, ColumnStatistics, Dataset, DatasetInput, Drift, MAX_TOP};
pub use error::Invalid;
pub use exit::{EXIT_REASON_TAG, EXIT_TAG, Ending, Exit, ExitKind, TRACEBACK_DOCUMENT};
pub use experiment::{DEFAULT_EXPERIMENT_ID, DEFAULT_EXPERIMENT_NAME, Experiment};
pub use logged_model::{LoggedModel, LoggedModelStatus, ModelMetric, ModelOutput};
pub use metric::{Metric, MetricSummary, Point};
pub use metric_batch::MetricBatch;
pub use registry::{Alias, ModelVersion, ModelVersionStatus, RegisteredModel, Stage};
pub use run::{LifecycleStage, Param, Run, RunData, RunInfo, RunStatus, Tag, ViewType};
pub use span::{Span, SpanStatus};
pub use trace::{Assessment, Trace, TraceState};
pub use webhook::{Webhook, WebhookAction, WebhookEntity, WebhookEvent, WebhookStatus};
