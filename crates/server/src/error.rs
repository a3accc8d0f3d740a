//! The only place where an error becomes an HTTP status and MLflow's `{"error_code", "message"}`.

use axum::extract::rejection::BytesRejection;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use trackline_store::ErrorKind;
use utoipa::ToSchema;

use crate::wire::Json;

/// The answer to a request that could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: ErrorCode,
    message: String,
}

/// MLflow's names for what went wrong, as far as this server uses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ErrorCode {
    InvalidParameterValue,
    BadRequest,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
    EndpointNotFound,
    PermissionDenied,
    Unauthenticated,
    NotImplemented,
    TemporarilyUnavailable,
    InternalError,
}

impl ErrorCode {
    fn status(self) -> StatusCode {
        match self {
            Self::InvalidParameterValue | Self::BadRequest | Self::ResourceAlreadyExists => {
                StatusCode::BAD_REQUEST
            }
            Self::PermissionDenied => StatusCode::FORBIDDEN,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::ResourceDoesNotExist | Self::EndpointNotFound => StatusCode::NOT_FOUND,
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
            Self::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The body of every answer that is not a success.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    error_code: ErrorCode,
    /// What failed, the value, and what to do.
    message: String,
}

impl ApiError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status: code.status(), code, message: message.into() }
    }

    /// What failed, for logs.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The request is wrong in itself.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidParameterValue, message)
    }

    /// The request is well-formed, but what it says cannot be taken: how MLflow answers spans.
    pub(crate) fn unprocessable(message: impl Into<String>) -> Self {
        let code = ErrorCode::InvalidParameterValue;
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, code, message: message.into() }
    }

    /// What the request is about is not there.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::ResourceDoesNotExist, message)
    }

    /// It is the server's fault.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InternalError, message)
    }

    /// The request did not arrive as it should.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message)
    }

    /// The body could not be read: too large, or the client went away.
    pub(crate) fn body(rejection: &BytesRejection) -> Self {
        let message = format!("The request body could not be read: {}.", rejection.body_text());
        Self { status: rejection.status(), code: ErrorCode::BadRequest, message }
    }
}

impl From<trackline_store::Error> for ApiError {
    fn from(error: trackline_store::Error) -> Self {
        let code = match error.kind {
            ErrorKind::Invalid | ErrorKind::Conflict => ErrorCode::InvalidParameterValue,
            ErrorKind::NotFound => ErrorCode::ResourceDoesNotExist,
            ErrorKind::AlreadyExists => ErrorCode::ResourceAlreadyExists,
            ErrorKind::Unavailable | ErrorKind::Locked => ErrorCode::TemporarilyUnavailable,
            ErrorKind::TooNew | ErrorKind::Denied | ErrorKind::Full | ErrorKind::Io | ErrorKind::Corrupt => {
                ErrorCode::InternalError
            }
        };
        Self::new(code, error.message)
    }
}

/// The answer to calls of endpoints that do not exist.
pub(crate) async fn endpoint_not_found(method: Method, uri: Uri) -> ApiError {
    ApiError::new(ErrorCode::EndpointNotFound, format!("There is no endpoint {method} {}.", uri.path()))
}

/// The answer to calls for a link to a file: it is asked of this server itself.
pub(crate) async fn no_presigned_links() -> ApiError {
    ApiError::invalid(
        "There are no presigned URLs for runs: their artifacts are at mlflow-artifacts:, where /presigned/ answers.",
    )
}

/// The answer to calls of an endpoint with a method it does not have.
pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    let message = format!("The endpoint {} does not take {method}.", uri.path());
    ApiError { status: StatusCode::METHOD_NOT_ALLOWED, code: ErrorCode::EndpointNotFound, message }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if self.status.is_server_error() {
            tracing::error!(error_code = ?self.code, message = self.message, "request failed");
        }
        (self.status, Json(ErrorBody { error_code: self.code, message: self.message })).into_response()
    }
}
