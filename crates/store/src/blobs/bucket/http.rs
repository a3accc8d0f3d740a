//! HTTP for `object_store`, by the client that sends to servers too.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use ureq::Agent;
use ureq::http::{Method, Request, header};
use ureq::tls::TlsConfig;

use crate::{Result, authorities};

const CONNECT: Duration = Duration::from_secs(5);
/// How long a bucket may be silent before, within and after a body.
const SILENCE: Duration = Duration::from_secs(30);
/// As many requests at once keep their connections.
const IDLE_CONNECTIONS: usize = 16;

/// Answers are read whole: nothing asks for more at once than fits into memory.
///
/// A request blocks the thread that asks for it, which waits for the answer anyway.
#[derive(Debug, Clone)]
pub(super) struct Http {
    agent: Agent,
}

impl Http {
    /// With the authorities in the PEM file `certificates`, or the usual ones.
    pub fn new(certificates: Option<PathBuf>) -> Result<Self> {
        let mut tls = TlsConfig::builder();
        if let Some(file) = certificates {
            tls = tls.root_certs(authorities(&file)?);
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            .tls_config(tls.build())
            .user_agent(concat!("trackline/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE))
            .timeout_per_write(Some(SILENCE));
        Ok(Self { agent: config.build().new_agent() })
    }
}

impl HttpConnector for Http {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Http {
    async fn call(&self, request: HttpRequest) -> std::result::Result<HttpResponse, HttpError> {
        let (mut head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let answer = if matches!(head.method, Method::PUT | Method::POST) {
            self.agent.run(Request::from_parts(head, body.as_ref()))
        } else {
            head.headers.remove(header::CONTENT_LENGTH);
            self.agent.run(Request::from_parts(head, ()))
        };
        let (head, body) = answer.map_err(translate)?.into_parts();
        let bytes = body.into_with_config().limit(u64::MAX).read_to_vec().map_err(translate)?;
        Ok(HttpResponse::from_parts(head, bytes.into()))
    }
}

/// What `object_store` decides by whether it tries again.
fn translate(error: ureq::Error) -> HttpError {
    let kind = match &error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => HttpErrorKind::Connect,
        ureq::Error::Timeout(_) => HttpErrorKind::Timeout,
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => HttpErrorKind::Connect,
            io::ErrorKind::TimedOut => HttpErrorKind::Timeout,
            _ => HttpErrorKind::Interrupted,
        },
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, error)
}
