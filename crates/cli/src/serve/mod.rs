//! `trackline ui` and `trackline server`.

mod args;
mod logs;
mod mlflow;
mod webhooks;

use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use trackline_server::{Access, ModelSources, Origins, ServeError, ServeOptions, Server, Settings};
use trackline_store::{Location, Store};

use crate::args::StoreArgs;
use crate::failure::Failure;
use crate::place;

use logs::log;

pub(crate) use args::ServeArgs;

const RECOVERY_INTERVAL: Duration = Duration::from_secs(5);

/// A client that says nothing for so long is gone, or means ill.
const PATIENCE: Duration = Duration::from_secs(60);

/// Serves until SIGINT or SIGTERM.
pub(crate) fn serve(args: &ServeArgs) -> Result<(), Failure> {
    args.mlflow.check(given(args).as_deref())?;
    log(args.log_format);
    let location = location(args)?;
    let is_new = matches!(&location, Location::Folder(folder) if !place::is_store(folder));
    let server = Server::bind(&ServeOptions {
        host: args.host.clone(),
        port: args.port,
        store: location.clone(),
        store_options: args.mlflow.store_options()?,
        settings: Settings {
            access: access(args)?,
            webhooks: args.webhooks.rules()?,
            framing: args.x_frame_options.into(),
            model_sources: ModelSources::matching(args.model_sources.clone()),
            prefix: args.static_prefix.clone(),
        },
        patience: PATIENCE,
        open_to_all: args.no_auth,
    })?;
    // Serving goes on when nobody reads what is printed.
    drop(std::io::stdout().write_all(greeting(server.address(), &location, is_new, args).as_bytes()));
    // Journals lie beside an embedded database only.
    if let Location::Folder(_) = location {
        let store = server.store().clone();
        std::thread::spawn(move || recover_for_ever(&store));
    }
    Ok(server.run()?)
}

/// The address of the store as it was asked for of a server.
fn given(args: &ServeArgs) -> Option<String> {
    args.store.store.clone().or_else(|| std::env::var("MLFLOW_BACKEND_STORE_URI").ok())
}

/// The place that was asked for, in MLflow's words too.
fn location(args: &ServeArgs) -> Result<Location, Failure> {
    let given = given(args);
    let store = given.clone().or_else(place::from_environment);
    let is_database = store.as_deref().is_some_and(trackline_store::is_database);
    let destination = args.mlflow.artifacts_destination.as_deref();
    if let Some(bucket) = destination.filter(|place| !is_database && trackline_store::is_bucket(place)) {
        let what = format!("artifacts go to {bucket} beside a database only: a folder keeps them itself");
        return Err(Failure::usage(what).hint(
            "leave --artifacts-destination out, or give --store postgresql://USER:PASSWORD@HOST/NAME",
        ));
    }
    match given.as_deref().and_then(mlflow::in_place_of_sqlite) {
        Some(folder) => Ok(Location::Folder(trackline::locate(folder.to_str())?)),
        None => {
            let destination = destination.filter(|_| is_database).map(str::to_owned);
            let artifacts = args.store.artifacts.clone().or(destination);
            place::location(&StoreArgs { store: given, artifacts })
        }
    }
}

fn access(args: &ServeArgs) -> Result<Access, Failure> {
    let mut hosts = args.allowed_hosts.clone();
    hosts.extend(args.any_host.then(|| "*".to_owned()));
    let origins =
        Origins::new(&args.cors_allowed_origins).map_err(|error| Failure::usage(error.to_string()))?;
    Ok(Access { hosts, tokens: args.tokens.clone(), origins })
}

/// Brings in what processes that were killed meanwhile have left, so that the page shows it.
fn recover_for_ever(store: &Store) {
    loop {
        match trackline::recover(store) {
            Ok(problems) => problems.iter().for_each(|problem| eprintln!("warning: {problem}")),
            Err(problem) => eprintln!("warning: {problem}"),
        }
        std::thread::sleep(RECOVERY_INTERVAL);
    }
}

fn greeting(address: SocketAddr, location: &Location, is_new: bool, args: &ServeArgs) -> String {
    let mut text = if is_new {
        format!("There was no store here: made {location}\n")
    } else {
        format!("Showing {location}\n")
    };
    let mut shown = address;
    if address.ip().is_unspecified() {
        shown.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    text.push_str(&format!("Look at http://{shown}{} (Ctrl-C ends it)\n", args.static_prefix));
    if args.no_auth && args.tokens.is_empty() && !address.ip().is_loopback() {
        text.push_str("There is no authentication: whoever reaches this port may read and write.\n");
    }
    text
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Bind { host, port, source } if source.kind() == ErrorKind::AddrInUse => {
                let other = if port == u16::MAX { 5000 } else { port + 1 };
                Self::new(format!("port {port} of {host} is in use"))
                    .hint(format!("stop what listens there, or choose another port: --port {other}"))
            }
            ServeError::Open { .. } => Self::usage(error.to_string())
                .hint("set TRACKLINE_SERVER_TOKEN to a secret that clients must send, or say --no-auth"),
            ServeError::Store(error) => error.into(),
            other => Self::new(other.to_string()),
        }
    }
}
