//! Messages of Trackline's own clients, which send their journals as they are.

use serde::{Deserialize, Serialize};
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
