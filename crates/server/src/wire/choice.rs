//! Enumerations: by name or by number in requests, by name in answers.

use serde::{Deserialize, Deserializer, Serializer};
use trackline_model::{LoggedModelStatus, RunStatus, TraceState, ViewType};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// An enumeration of MLflow's protocol.
pub(crate) trait Choice: Copy + 'static {
    /// Number, name and meaning of each member.
    const MEMBERS: &'static [(i64, &'static str, Self)];
}

impl Choice for RunStatus {
    const MEMBERS: &'static [(i64, &'static str, Self)] = &[
        (1, "RUNNING", Self::Running),
        (2, "SCHEDULED", Self::Scheduled),
        (3, "FINISHED", Self::Finished),
        (4, "FAILED", Self::Failed),
        (5, "KILLED", Self::Killed),
    ];
}

impl Choice for ViewType {
    const MEMBERS: &'static [(i64, &'static str, Self)] = &[
        (1, "ACTIVE_ONLY", Self::ActiveOnly),
        (2, "DELETED_ONLY", Self::DeletedOnly),
        (3, "ALL", Self::All),
    ];
}

impl Choice for LoggedModelStatus {
    const MEMBERS: &'static [(i64, &'static str, Self)] = &[
        (0, "LOGGED_MODEL_STATUS_UNSPECIFIED", Self::Unspecified),
        (1, "LOGGED_MODEL_PENDING", Self::Pending),
        (2, "LOGGED_MODEL_READY", Self::Ready),
        (3, "LOGGED_MODEL_UPLOAD_FAILED", Self::UploadFailed),
    ];
}

impl Choice for TraceState {
    const MEMBERS: &'static [(i64, &'static str, Self)] = &[
        (0, "STATE_UNSPECIFIED", Self::StateUnspecified),
        (1, "OK", Self::Ok),
        (2, "ERROR", Self::Error),
        (3, "IN_PROGRESS", Self::InProgress),
    ];
}

/// Reads a member; as in MLflow, one that this version does not know is read as not set.
pub(crate) fn optional<'de, D, C>(deserializer: D) -> Result<Option<C>, D::Error>
where
    D: Deserializer<'de>,
    C: Choice,
{
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "the name or the number of a member")]
    enum Given {
        Number(i64),
        Name(String),
    }
    let given = Option::<Given>::deserialize(deserializer)?;
    Ok(given.and_then(|given| {
        let member = C::MEMBERS.iter().find(|(number, name, _)| match &given {
            Given::Number(given) => given == number,
            Given::Name(given) => given == name || given.parse() == Ok(*number),
        });
        member.map(|(_, _, choice)| *choice)
    }))
}

/// Writes the name of a member.
pub(crate) fn by_name<C, S>(choice: &Option<C>, serializer: S) -> Result<S::Ok, S::Error>
where
    C: Choice + PartialEq,
    S: Serializer,
{
    let named = choice.and_then(|choice| C::MEMBERS.iter().find(|(_, _, member)| *member == choice));
    serializer.serialize_some(&named.map(|(_, name, _)| *name))
}

/// What the API document says of an enumeration: its names.
pub(crate) fn schema<C: Choice>() -> Schema {
    let names = C::MEMBERS.iter().map(|(_, name, _)| *name);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build().into()
}
