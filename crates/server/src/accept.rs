//! Taking connections and answering on them.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

/// How long to wait when the system has no more file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers until `end`; then takes no connection any more, and waits until those that are under way have their
/// answer. Who takes longer than `patience` for the head of a request is cut off.
pub(crate) async fn answer(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    end: impl Future<Output = ()>,
) {
    let connections = GracefulShutdown::new();
    let mut end = pin!(end);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => serve(stream, router.clone(), patience, &connections),
                // A client that went away at once, or no descriptor left: others may still be served.
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            () = &mut end => break,
        }
    }
    drop(listener);
    connections.shutdown().await;
}

fn serve(stream: TcpStream, router: Router, patience: Duration, connections: &GracefulShutdown) {
    // Answers go out at once; a socket that cannot be told so still works.
    drop(stream.set_nodelay(true));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let connection = connections.watch(connection);
    // How a connection ends is the client's affair.
    tokio::spawn(async move { drop(connection.await) });
}
