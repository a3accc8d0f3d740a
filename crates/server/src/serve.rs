use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tower_http::timeout::RequestBodyTimeoutLayer;
use trackline_store::{ErrorKind, Location, Store, StoreOptions};

use crate::accept::answer;
use crate::app::{Settings, telling};
use crate::memory;
use crate::silence::end_silent;
use crate::webhooks::Webhooks;

/// How long requests that are under way may go on after the signal to end.
const GRACE: Duration = Duration::from_secs(10);

/// Where to listen, and what to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// A name or an address of this machine; `127.0.0.1` is reached from this machine only.
    pub host: String,
    /// 0 for any free port.
    pub port: u16,
    /// The store; what is missing is made.
    pub store: Location,
    /// What holds for what is written to it.
    pub store_options: StoreOptions,
    /// How it answers; `host` is one of the names that it may be called by without being listed.
    pub settings: Settings,
    /// How long a client may take for the head of a request, pause within its body, and keep a connection open
    /// between two requests; then it is cut off.
    pub patience: Duration,
    /// Other machines may reach a server that asks for no token.
    pub open_to_all: bool,
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program listens there, or the address is not this machine's.
    #[error("{}", explain_bind(host, *port, source))]
    Bind {
        /// As it was asked for.
        host: String,
        /// As it was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// Other machines would reach a server that asks for no token.
    #[error("{host} is reached from other machines, and without a token everybody there may read and write.")]
    Open {
        /// As it was asked for.
        host: String,
    },
    /// The store could not be opened.
    #[error(transparent)]
    Store(#[from] trackline_store::Error),
    /// The system refused threads, signals or connections.
    #[error("The server cannot run: {0}.")]
    System(#[from] io::Error),
}

fn explain_bind(host: &str, port: u16, source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "Port {port} of {host} is in use. Stop what listens there, or choose another port with --port."
            )
        }
        io::ErrorKind::PermissionDenied => {
            format!("Port {port} of {host} may not be used by this user. Choose one above 1023 with --port.")
        }
        _ => format!("Cannot listen on {host}, port {port}: {source}. Check --host and --port."),
    }
}

/// A server that listens but does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    store: Store,
    router: Router,
    webhooks: Webhooks,
    patience: Duration,
    runtime: Runtime,
    end: EndSignal,
}

impl Server {
    /// Takes the port and the signals to end, then opens the store.
    ///
    /// # Errors
    /// When the port is taken, the store cannot be opened, or the system refuses threads or signals.
    pub fn bind(options: &ServeOptions) -> Result<Self, ServeError> {
        let ServeOptions { host, port, store, store_options, settings, patience, open_to_all } = options;
        let mut settings = settings.clone();
        let listener = TcpListener::bind((host.as_str(), *port)).map_err(|source| ServeError::Bind {
            host: host.clone(),
            port: *port,
            source,
        })?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() && settings.access.tokens.is_empty() && !open_to_all {
            return Err(ServeError::Open { host: host.clone() });
        }
        settings.access.hosts.push(host.clone());
        // Until the store is open, a signal ends the process.
        let store = open(store, store_options)?;
        let runtime = runtime()?;
        let end = EndSignal::of(&runtime)?;
        let webhooks = Webhooks::new(store.clone(), settings.webhooks.clone());
        let router = telling(store.clone(), settings, webhooks.clone());
        let router = router.layer(RequestBodyTimeoutLayer::new(*patience));
        Ok(Self { listener, address, store, router, webhooks, patience: *patience, runtime, end })
    }

    /// What it serves.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until SIGINT or SIGTERM; then ends what is under way, for ten seconds at most.
    ///
    /// # Errors
    /// When the system refuses connections.
    pub fn run(self) -> Result<(), ServeError> {
        memory::give_back();
        let served: io::Result<()> = self.runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            tokio::spawn(end_silent(self.store));
            let (stop, stopped) = tokio::sync::watch::channel(());
            let ended = async move {
                self.end.wait().await;
                drop(stop);
            };
            tokio::select! {
                () = async {
                    answer(listener, self.router, self.patience, ended).await;
                    self.webhooks.idle().await;
                } => {}
                () = grace_over(stopped) => {}
            }
            Ok(())
        });
        self.runtime.shutdown_timeout(Duration::from_secs(1));
        Ok(served?)
    }
}

/// Opens the store, however long another server takes to bring its tables up to date: the lock goes with whoever has it.
fn open(store: &Location, options: &StoreOptions) -> trackline_store::Result<Store> {
    loop {
        match Store::with_options(store, options.clone()) {
            Err(error) if error.kind == ErrorKind::Locked => {
                tracing::warn!(cause = error.message, "still waiting for the store");
            }
            opened => return opened,
        }
    }
}

/// Two threads answer, since what waits for the disk runs elsewhere; few threads keep the memory small.
fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).max_blocking_threads(64).enable_all().build()
}

/// SIGINT and SIGTERM. From the time this is made they no longer kill the process.
#[derive(Debug)]
struct EndSignal {
    interrupt: Signal,
    terminate: Signal,
}

impl EndSignal {
    fn of(runtime: &Runtime) -> io::Result<Self> {
        let _entered = runtime.enter();
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

async fn grace_over(mut stopped: tokio::sync::watch::Receiver<()>) {
    // The sender never sends: this waits until it is dropped.
    while stopped.changed().await.is_ok() {}
    tokio::time::sleep(GRACE).await;
}
