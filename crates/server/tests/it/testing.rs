//! A server to talk to.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use trackline_server::{Access, Settings};
use trackline_store::Store;

use crate::backend::{self, Place};

/// The whole server over a store of its own.
pub struct TestServer {
    store: Store,
    app: Router,
    _place: Place,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The body of a success.
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.json()
    }

    /// Status, code and message of an error.
    pub fn error(&self) -> (u16, String, String) {
        let body = self.json();
        let text = |key: &str| body[key].as_str().unwrap_or_else(|| panic!("no {key}: {self:?}")).to_owned();
        (self.status.as_u16(), text("error_code"), text("message"))
    }

    /// Asserts a 400 `INVALID_PARAMETER_VALUE` and returns its message.
    pub fn invalid(&self) -> String {
        let (status, code, message) = self.error();
        assert_eq!((status, code.as_str()), (400, "INVALID_PARAMETER_VALUE"), "{message}");
        message
    }

    /// Asserts a 404 `RESOURCE_DOES_NOT_EXIST` and returns its message.
    pub fn missing(&self) -> String {
        let (status, code, message) = self.error();
        assert_eq!((status, code.as_str()), (404, "RESOURCE_DOES_NOT_EXIST"), "{message}");
        message
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }
}

impl TestServer {
    pub fn new() -> Self {
        Self::with(Access::default())
    }

    pub fn with(access: Access) -> Self {
        Self::set(Settings { access, ..Settings::default() })
    }

    pub fn set(settings: Settings) -> Self {
        let (store, place) = blocking(backend::open);
        Self { app: trackline_server::app(store.clone(), settings), store, _place: place }
    }

    /// Does something to the store itself.
    pub fn in_store<T: Send>(&self, work: impl FnOnce(&Store) -> T + Send) -> T {
        blocking(|| work(&self.store))
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// A GET of a whole path with its query.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// A call of one of MLflow's endpoints with a JSON body.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send_json(method, &format!("/api/2.0/mlflow/{path}"), body).await
    }

    /// A call of a whole path with a JSON body.
    pub async fn send_json(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = request(method, path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    /// A GET of one of MLflow's endpoints.
    pub async fn query(&self, path_and_query: &str) -> Answer {
        self.get(&format!("/api/2.0/mlflow/{path_and_query}")).await
    }

    pub async fn put_artifact(&self, path: &str, bytes: &'static [u8]) -> Answer {
        let path = format!("/api/2.0/mlflow-artifacts/artifacts/{path}");
        self.send(request(Method::PUT, &path).body(Body::from(bytes)).unwrap()).await
    }

    /// Makes an experiment and returns its id.
    pub async fn experiment(&self, name: &str) -> String {
        let made = self.post("experiments/create", json!({ "name": name })).await.ok();
        made["experiment_id"].as_str().unwrap().to_owned()
    }

    /// Starts a run and returns its id.
    pub async fn run(&self, experiment_id: &str) -> String {
        let body =
            json!({ "experiment_id": experiment_id, "start_time": 1, "user_id": "ann", "run_name": "first" });
        let made = self.post("runs/create", body).await.ok();
        made["run"]["info"]["run_id"].as_str().unwrap().to_owned()
    }

    /// Makes a logged model and returns its id.
    pub async fn logged_model(&self, experiment_id: &str, run_id: &str) -> String {
        let body = json!({ "experiment_id": experiment_id, "name": "tree", "source_run_id": run_id });
        let made = self.post("logged-models", body).await.ok();
        made["model"]["info"]["model_id"].as_str().unwrap().to_owned()
    }
}

/// Runs work that waits where nothing asynchronous is under way, as the server does.
fn blocking<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

pub fn request(method: Method, path: &str) -> Builder {
    Request::builder().method(method).uri(path).header("host", "localhost:5000")
}

/// A POST of JSON.
pub fn json_post(path: &str, body: &Value) -> Request<Body> {
    let request = request(Method::POST, path).header("content-type", "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

/// Asserts a snapshot, which is the same whatever the store is kept in.
#[track_caller]
pub fn matches_snapshot(name: &str, value: &Value) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_json_snapshot!(name, value));
}
