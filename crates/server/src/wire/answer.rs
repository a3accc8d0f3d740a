use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::ApiError;

/// An answer in JSON. The many short texts of a page of runs are cheaper to write into a plain `Vec` than through the writer
/// of `axum::Json`.
pub(crate) struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => ApiError::internal(format!("Cannot write the answer: {error}.")).into_response(),
        }
    }
}
