//! Messages of Trackline's own clients, which send their journals as they are.

use serde::{Deserialize, Serialize};
use trackline_model::{Exit, ExitKind};
use trackline_store::Received;
use utoipa::{IntoParams, ToSchema};

use super::number::Int64;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FirstByte {
    /// Where in the journal the body begins.
    #[param(value_type = i64)]
    pub from: Option<Int64>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Lease {
    /// Within how many seconds the process will be heard of again.
    #[param(value_type = i64)]
    pub lease: Option<Int64>,
}

/// How the process that wrote a journal went.
#[derive(Deserialize, ToSchema)]
pub(crate) struct EndProcess {
    /// When it last wrote.
    #[schema(value_type = i64)]
    pub time: Option<Int64>,
    #[schema(value_type = String, examples("killed", "lost"))]
    pub kind: Option<ExitKind>,
    pub reason: Option<String>,
}

impl EndProcess {
    pub fn exit(&self) -> Exit {
        Exit::new(self.kind.unwrap_or(ExitKind::Lost), self.reason.clone().unwrap_or_default())
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Drained {
    /// How many bytes of the journal are recorded; what follows is to be sent next.
    drained: u64,
    /// Records that make no sense here, and were passed over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<Skipped>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Skipped {
    /// The run, the logged model or the journal.
    owner: String,
    reason: String,
}

impl From<u64> for Drained {
    fn from(drained: u64) -> Self {
        Self { drained, skipped: Vec::new() }
    }
}

impl From<Received> for Drained {
    fn from(received: Received) -> Self {
        let skipped = received.skipped.into_iter();
        let skipped = skipped.map(|skipped| Skipped { owner: skipped.owner, reason: skipped.reason });
        Self { drained: received.drained, skipped: skipped.collect() }
    }
}
