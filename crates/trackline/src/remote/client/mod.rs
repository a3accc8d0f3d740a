//! MLflow's REST API as the methods that a store has: reads, and what is written directly. One file a resource.

mod artifacts;
mod experiments;
mod facts;
mod fields;
mod models;
mod registry;
mod runs;
mod versions;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use trackline_model::{Param, Tag};
use trackline_store::{Error, ErrorKind, Page, Result};
use ureq::http::Method;

pub use self::fields::Fields;
use super::http::{Failure, Refusal};
use super::{Kind, Server};

/// What stands for itself in a path.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');
/// What stands for itself in a query.
const IN_QUERY: &AsciiSet = &IN_PATH.add(b'/');

impl Server {
    /// For reads.
    fn known_kind(&self) -> Result<Kind> {
        self.kind().map_err(|error| failed(Failure::Trouble(error)))
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        self.mlflow(Method::GET, &format!("{path}{}", self.query(query)?), None)
    }

    /// Pairs as they stand behind a path. The ids in them are translated before they are encoded, and no longer seen.
    fn query(&self, pairs: &[(&str, &str)]) -> Result<String> {
        let translated = self.known_kind()? == Kind::Mlflow;
        let pairs = pairs.iter().map(|(name, value)| {
            let value = if translated { self.mlflow.ids.to_server(value) } else { (*value).into() };
            format!("{name}={}", in_query(&value))
        });
        let pairs: Vec<String> = pairs.collect();
        Ok(if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) })
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.mlflow(Method::POST, path, Some(body))
    }

    /// A call of one of MLflow's endpoints, `path` being what follows `/api/2.0/mlflow/`.
    fn mlflow(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        self.ask(method, &format!("/api/2.0/mlflow/{path}"), body)
    }

    pub(super) fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        if self.known_kind()? == Kind::Trackline {
            return self.http.patiently(|http| http.json(method.clone(), path, body)).map_err(failed);
        }
        let path = self.mlflow.ids.to_server(path);
        let body = body.map(|body| self.in_server_ids(body));
        let answer = self.http.patiently(|http| http.json(method.clone(), &path, body.as_ref()));
        Ok(self.in_our_ids(answer.map_err(failed)?))
    }
}

/// As it stands in a query.
pub fn in_query(text: &str) -> String {
    utf8_percent_encode(text, IN_QUERY).to_string()
}

/// As it stands in a path.
pub fn in_path(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}

/// The server's word for what went wrong becomes the store's.
fn failed(failure: Failure) -> Error {
    match failure {
        Failure::Refused(Refusal { status, code, message }) => {
            let kind = match code.as_str() {
                "RESOURCE_DOES_NOT_EXIST" | "NOT_FOUND" => ErrorKind::NotFound,
                "RESOURCE_ALREADY_EXISTS" | "ALREADY_EXISTS" => ErrorKind::AlreadyExists,
                "" | "ENDPOINT_NOT_FOUND" if status == 404 => ErrorKind::NotFound,
                "INVALID_STATE" | "RESOURCE_CONFLICT" => ErrorKind::Conflict,
                _ => ErrorKind::Invalid,
            };
            Error { kind, message }
        }
        Failure::Trouble(error) if error.kind == crate::ErrorKind::Denied => {
            Error { kind: ErrorKind::Denied, message: error.message }
        }
        Failure::Trouble(error) => Error { kind: ErrorKind::Io, message: error.message },
    }
}

fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
    pairs.into_iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
}

fn tags(tags: &[Tag]) -> Value {
    pairs(tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())))
}

fn params(params: &[Param]) -> Value {
    pairs(params.iter().map(|param| (param.key.as_str(), param.value.as_str())))
}

/// One page of an answer: the items of a list, and where it goes on.
fn page<T>(answer: &Value, list: &str, item: impl Fn(Fields<'_>) -> T) -> Page<T> {
    let answer = Fields(answer);
    Page { items: answer.list(list, item), next_page_token: answer.optional_text("next_page_token") }
}
