//! What people and programs think of traces.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{required, required_text};
use crate::error::ApiError;

/// Fields that can be changed.
const FIELDS: [&str; 7] =
    ["assessment_name", "feedback", "expectation", "rationale", "metadata", "source", "valid"];

#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct OneAssessment {
    #[schema(value_type = Object)]
    pub(crate) assessment: Option<Map<String, Value>>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct ChangeAssessment {
    #[schema(value_type = Object)]
    assessment: Option<Map<String, Value>>,
    /// Names of fields, with commas between them.
    #[schema(value_type = String)]
    update_mask: Option<String>,
}

impl ChangeAssessment {
    /// The fields that are named, with null for those that are to go.
    pub(crate) fn changes(self) -> Result<Map<String, Value>, ApiError> {
        let given = required("assessment", self.assessment)?;
        let mask = required_text("update_mask", self.update_mask)?;
        let fields = mask.split(',').map(|name| {
            // In camel case, as protobuf's JSON has it.
            let field = FIELDS
                .iter()
                .find(|field| name == **field || name.eq_ignore_ascii_case(&field.replace('_', "")));
            let field = field.ok_or_else(|| {
                ApiError::invalid(format!(
                    "'{name}' of an assessment cannot be changed: {} can.",
                    FIELDS.join(", ")
                ))
            })?;
            Ok(((*field).to_owned(), given.get(*field).cloned().unwrap_or_default()))
        });
        fields.collect()
    }
}
