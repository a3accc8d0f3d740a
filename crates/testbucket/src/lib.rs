//! Private object stores for tests: S3 in the process, over files in a temporary folder; Azure by Azurite.

#![allow(clippy::unwrap_used, reason = "only tests use it")]

mod azure;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

pub use azure::Container;
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::AUTHORIZATION;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const BUCKET: &str = "artifacts";
const KEY: &str = "tester";
const SECRET: &str = "secret";

/// A new bucket on a server of its own, on a free port of this machine; both end with it.
#[derive(Debug)]
pub struct Bucket {
    folder: TempDir,
    address: SocketAddr,
    open_to_all: bool,
    server: Option<Runtime>,
}

impl Bucket {
    /// Starts the server.
    pub fn new() -> Self {
        Self::start(false)
    }

    /// One that asks for no credentials: the dialect of Google Cloud Storage is then much the same.
    pub fn open_to_all() -> Self {
        Self::start(true)
    }

    fn start(open_to_all: bool) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut bucket = Self { folder, address, open_to_all, server: None };
        bucket.serve(listener);
        bucket
    }

    fn serve(&mut self, listener: TcpListener) {
        let mut service = S3ServiceBuilder::new(FileSystem::new(self.folder.path()).unwrap());
        if !self.open_to_all {
            service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        }
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        listener.set_nonblocking(true).unwrap();
        runtime.spawn(answer(listener, service.build(), self.open_to_all));
        self.server = Some(runtime);
    }

    /// Ends the server; what is in the bucket stays.
    pub fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown_background();
        }
    }

    /// Starts it again where it was.
    pub fn restart(&mut self) {
        self.stop();
        // The port is free once the last one has let go of it.
        let listener = std::iter::repeat_with(|| TcpListener::bind(self.address)).find_map(Result::ok);
        self.serve(listener.unwrap());
    }

    /// `s3://artifacts`, with a place within it.
    pub fn uri(&self, prefix: &str) -> String {
        format!("s3://{BUCKET}/{prefix}")
    }

    /// What the environment of a server must say.
    pub fn settings(&self) -> [(&'static str, String); 3] {
        [
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
        ]
    }

    /// What the environment of a server must say that takes it for Google's.
    pub fn google_settings(&self) -> [(&'static str, String); 2] {
        [("GOOGLE_BASE_URL", format!("http://{}", self.address)), ("GOOGLE_BEARER_TOKEN", "token".to_owned())]
    }

    /// The file in which the server keeps an object.
    pub fn file(&self, object: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(BUCKET).join(object)
    }
}

impl Default for Bucket {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn answer(listener: TcpListener, service: S3Service, open_to_all: bool) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let service = service.clone();
        let answer = service_fn(move |mut request: Request<Incoming>| {
            if open_to_all {
                // Google's tokens mean nothing to S3.
                request.headers_mut().remove(AUTHORIZATION);
            }
            Service::call(&service, request)
        });
        // A client that goes away is no trouble.
        tokio::spawn(async move {
            drop(Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), answer).await);
        });
    }
}
