//! The HTTP server: MLflow's REST surface, the page and the page's own endpoints.
//!
//! `router.rs` lists every endpoint, `routes/` holds one file per resource, `wire/` the messages, and
//! `error.rs` is the only place that knows which error is which HTTP status.

mod accept;
mod access_log;
mod app;
mod artifact_path;
mod auth;
mod clock;
mod error;
mod framing;
mod graphql;
mod guard;
mod memory;
mod model_sources;
mod openapi;
mod origins;
mod prefix;
mod prometheus;
mod receive_file;
mod router;
mod routes;
mod send_file;
mod serve;
mod silence;
mod ui;
mod webhooks;
mod wire;

pub use app::{Access, Settings, app, openapi};
pub use framing::Framing;
pub use model_sources::ModelSources;
pub use origins::{InvalidOrigin, Origins};
pub use prefix::{InvalidPrefix, Prefix};
pub use serve::{ServeError, ServeOptions, Server};
pub use webhooks::WebhookRules;
