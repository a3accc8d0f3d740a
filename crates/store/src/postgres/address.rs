use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::tls::Wanted;
use crate::{Error, Result};

/// How long to wait for a server that does not answer.
const CONNECT: Duration = Duration::from_secs(5);
/// How long until a connection counts as dead whose other end is silent.
const SILENCE: Duration = Duration::from_secs(20);

/// Whether this is the address of a PostgreSQL database. SQLAlchemy's forms with a driver are.
pub fn is_database(uri: &str) -> bool {
    scheme(uri).is_some()
}

fn scheme(uri: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = uri.split_once("://")?;
    let engine = scheme.split_once('+').map_or(scheme, |(engine, _)| engine);
    matches!(engine, "postgresql" | "postgres").then_some((scheme, rest))
}

/// Reads `postgresql://user:password@host:port/database?…`.
pub(super) fn parse(uri: &str) -> Result<(Config, Wanted)> {
    let form = "Write postgresql://user:password@host:port/database.";
    // An address may hold a password, so it is not repeated.
    let Some((_, rest)) = scheme(uri) else {
        return Err(Error::invalid(format!("This is no address of a PostgreSQL database. {form}")));
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (tls, query) = Wanted::take(pairs(query))?;
    let query: Vec<String> = query.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mut config: Config = format!("postgresql://{rest}?{}", query.join("&")).parse().map_err(|error| {
        let reason = std::error::Error::source(&error).map(ToString::to_string);
        let reason = reason.unwrap_or_else(|| ToString::to_string(&error));
        Error::invalid(format!("The address of the database cannot be understood: {reason}. {form}"))
    })?;
    if config.get_application_name().is_none() {
        config.application_name("trackline");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    config.keepalives_idle(SILENCE / 2).keepalives_interval(SILENCE / 4).keepalives_retries(2);
    config.tcp_user_timeout(SILENCE);
    config.ssl_mode(tls.mode());
    Ok((config, tls))
}

/// Keys and values as they stand in a query.
fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The address as it may be shown: without the password.
pub(crate) fn shown(uri: &str) -> String {
    let Ok((config, _)) = parse(uri) else { return "a PostgreSQL database".to_owned() };
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(path)) => path.display().to_string(),
        None => String::new(),
    };
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    let port = config.get_ports().first().map(|port| format!(":{port}")).unwrap_or_default();
    let database = config.get_dbname().unwrap_or_default();
    format!("postgresql://{user}{host}{port}/{database}")
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::SslMode;

    use super::*;

    #[test]
    fn addresses_are_known_by_their_scheme() {
        for uri in ["postgresql://h/d", "postgres://h/d", "postgresql+psycopg2://u:p@h/d"] {
            assert!(is_database(uri), "{uri}");
        }
        for uri in ["sqlite:///a", "http://postgresql", "postgresql", "/srv/postgresql://x", "mysql://h/d"] {
            assert!(!is_database(uri), "{uri}");
        }
    }

    #[test]
    fn encryption_is_asked_for_as_of_libpq() {
        let mode = |query: &str| {
            parse(&format!("postgresql://ann@db/runs{query}")).map(|(config, _)| config.get_ssl_mode())
        };
        assert_eq!(mode(""), Ok(SslMode::Prefer));
        assert_eq!(mode("?sslmode=disable"), Ok(SslMode::Disable));
        assert_eq!(mode("?connect_timeout=3&sslmode=verify-full&sslrootcert=system"), Ok(SslMode::Require));
        assert!(mode("?sslmode=yes").unwrap_err().message.contains("sslmode=yes"));
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(shown("postgresql+psycopg2://ann:s%40fe@db:5433/runs"), "postgresql://ann@db:5433/runs");
        let error = parse("postgresql://ann:secret@db:port/runs").unwrap_err();
        assert!(
            !error.message.contains("secret") && error.message.contains("Write postgresql://"),
            "{error}"
        );
    }
}
