//! A webhook on this machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What was posted to it.
pub struct Message {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Message {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn data(&self) -> Value {
        serde_json::from_slice::<Value>(&self.body).unwrap()["data"].take()
    }
}

pub struct Receiver {
    pub url: String,
    messages: Mutex<UnboundedReceiver<Message>>,
}

impl Receiver {
    /// Answers with these statuses, one after the other, and then with the last one; a redirect leads to itself.
    pub fn start(statuses: &[u16]) -> Self {
        let (sender, messages) = unbounded_channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (statuses, count) = (Arc::<[u16]>::from(statuses), Arc::new(AtomicUsize::new(0)));
        let here = url.clone();
        let heard = Router::new().fallback(async move |headers: HeaderMap, body: Bytes| {
            let turn = count.fetch_add(1, Ordering::Relaxed).min(statuses.len() - 1);
            sender.send(Message { headers, body }).unwrap();
            (StatusCode::from_u16(statuses[turn]).unwrap(), [(header::LOCATION, here)], "heard")
                .into_response()
        });
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        tokio::spawn(async move { axum::serve(listener, heard).await.unwrap() });
        Self { url, messages: Mutex::new(messages) }
    }

    /// The next message; a test fails that waits longer.
    pub async fn next(&self, patience: Duration) -> Message {
        let mut messages = self.messages.lock().await;
        let message = tokio::time::timeout(patience, messages.recv()).await;
        message.unwrap_or_else(|_| panic!("nothing was told")).unwrap()
    }
}
