//! The arguments of a call: the query of a GET, the JSON body of anything else.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::ApiError;
use crate::wire::json;

/// The arguments of a call, from wherever MLflow's clients put them.
pub(crate) struct Args<T>(pub T);

impl<T: DeserializeOwned> Args<T> {
    /// Arguments that came inside another call.
    pub(crate) fn from_message(message: &Value) -> Result<Self, ApiError> {
        json::parse(message.to_string().as_bytes()).map(Self).map_err(ApiError::invalid)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Args<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if request.method() == Method::GET || request.method() == Method::HEAD {
            return parse_query(request.uri().query().unwrap_or_default()).map(Args);
        }
        require_json(&request)?;
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| ApiError::body(&rejection))?;
        json::parse(&body).map(Args).map_err(ApiError::invalid)
    }
}

/// The query of a call whose body is not JSON.
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parse_query(parts.uri.query().unwrap_or_default()).map(Query)
    }
}

/// The variable parts of a path.
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let parsed = axum::extract::Path::from_request_parts(parts, state).await;
        parsed.map(|path| Self(path.0)).map_err(|rejection| ApiError::invalid(rejection.body_text()))
    }
}

fn parse_query<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    let deserializer = serde_html_form::Deserializer::from_bytes(query.as_bytes());
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let name = error.path().iter().next().map(ToString::to_string).unwrap_or_default();
        let cause = error.into_inner();
        ApiError::invalid(json::invalid_value(&name, &value_in_query(query, &name), &cause.to_string()))
    })
}

fn value_in_query(query: &str, name: &str) -> String {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    let value = pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value);
    Value::from(value).to_string()
}

/// POST must say that it sends JSON: a form on another site cannot, so it cannot write here.
fn require_json(request: &Request) -> Result<(), ApiError> {
    if request.method() != Method::POST {
        return Ok(());
    }
    let Some(value) = request.headers().get(header::CONTENT_TYPE) else {
        return Err(ApiError::invalid("Bad Request. Content-Type header is missing."));
    };
    let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(ApiError::invalid("Bad Request. Content-Type must be one of ['application/json']."))
}
