use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::{fs, io};

use percent_encoding::percent_decode_str;

use super::settings::{Settings, basic};
use super::spool_place;
use crate::{Error, ErrorKind, locate};

/// The file in a spool that holds the address, without credentials.
const URL: &str = "url";

/// A server, and where that which is to be sent to it waits.
#[derive(Debug, Clone)]
pub struct Address {
    /// As it was given, credentials included.
    pub uri: String,
    /// Without credentials and without a slash at the end.
    pub url: String,
    /// The header `Authorization` that its credentials make.
    authorization: Option<String>,
    pub spool: PathBuf,
    settings: Arc<OnceLock<Settings>>,
}

impl Address {
    /// Reads `http(s)://[user:password@]host[:port][/prefix]`.
    pub fn parse(uri: &str) -> Result<Self, Error> {
        let bad = |why: &str| {
            let message = format!("cannot log to {}: {why}", without_credentials(uri));
            Error::new(ErrorKind::Invalid, message)
        };
        let (scheme, rest) = uri.split_once("://").ok_or_else(|| bad("write http://host:port"))?;
        let (authority, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, host) = match authority.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, authority),
        };
        if host.is_empty() || host.starts_with(':') || host.contains(char::is_whitespace) {
            return Err(bad("it names no host, write http://host:port"));
        }
        if prefix.contains(['?', '#']) {
            return Err(bad("it holds more than a host and a path, write http://host:port/path"));
        }
        let url = format!("{}://{}/{prefix}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let url = url.trim_end_matches('/').to_owned();
        let authorization = credentials.map(|credentials| {
            let plain: Vec<u8> = percent_decode_str(credentials).collect();
            basic(&plain)
        });
        Ok(Self { uri: uri.to_owned(), spool: spool_of(&url)?, url, authorization, settings: Arc::default() })
    }

    /// What the environment says, as it was when it was first asked for: on a thread that the program waits for.
    pub fn settings(&self) -> Settings {
        // Made before a place is asked for: a child that is forked meanwhile must not wait for a thread it lacks.
        self.settings.get().cloned().unwrap_or_else(|| {
            let settings = Settings::of(&self.url);
            drop(self.settings.set(settings.clone()));
            settings
        })
    }

    /// The header `Authorization`, if there is something to say. Credentials of the address come before those of the
    /// environment.
    pub fn authorization(&self) -> Option<String> {
        self.authorization.clone().or_else(|| self.settings().authorization)
    }

    /// The servers that this user has spools for, with the credentials of the environment.
    pub fn all_spooled() -> Vec<Self> {
        let spools = spool_place::all().flat_map(fs::read_dir).flatten().flatten();
        spools.filter_map(|spool| Self::spooled(spool.path())).collect()
    }

    /// The server of a spool, which need not be where one for it would be made now.
    fn spooled(spool: PathBuf) -> Option<Self> {
        let url = fs::read_to_string(spool.join(URL)).ok()?;
        Some(Self { spool, ..Self::parse(url.trim()).ok()? })
    }

    /// Makes the spool, which is for this user's eyes, and writes down which server it is for.
    pub fn prepare_spool(&self) -> io::Result<()> {
        let file = self.spool.join(URL);
        if !file.exists() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.spool)?;
            locate::prepare(&self.spool)?;
            fs::write(file, &self.url)?;
        }
        Ok(())
    }
}

/// As it may stand in a message.
pub(crate) fn without_credentials(uri: &str) -> String {
    match (uri.split_once("://"), uri.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => uri.to_owned(),
    }
}

/// One spool a server, whoever logs to it: named by the hash of the URL.
fn spool_of(url: &str) -> Result<PathBuf, Error> {
    let spools = spool_place::chosen().ok_or_else(|| {
        let message = format!("no folder for what waits for {url}: set HOME or XDG_STATE_HOME");
        Error::new(ErrorKind::Unsupported, message)
    })?;
    let hash = blake3::hash(url.as_bytes()).to_hex();
    Ok(spools.join(&hash[..16]))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_server_is_read() {
        let address = Address::parse("HTTP://ann:p%40ss@Host:5000/mlflow/").unwrap();
        assert_eq!(address.url, "http://host:5000/mlflow");
        assert_eq!(address.authorization().unwrap(), "Basic YW5uOnBAc3M=");
        let plain = Address::parse("http://host:5000/mlflow").unwrap();
        assert_eq!(plain.spool, address.spool, "credentials make no other spool");
        assert_ne!(Address::parse("http://host:5001").unwrap().spool, plain.spool);
    }

    #[test]
    fn a_spool_is_for_its_user_and_found_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (above, spool) = (folder.path().join("trackline"), folder.path().join("trackline").join("spool"));
        let address = Address { spool: spool.clone(), ..Address::parse("http://host:5000").unwrap() };
        address.prepare_spool().unwrap();
        assert_eq!(fs::metadata(above).unwrap().permissions().mode() & 0o777, 0o700);
        let found = Address::spooled(spool.clone()).unwrap();
        assert_eq!((found.url, found.spool), (address.url, spool));
    }

    #[test]
    fn what_names_no_server_is_refused() {
        for uri in ["http:", "http://", "http://:5000", "http://u:secret@", "http://a b", "http://host/?q=1"]
        {
            let error = Address::parse(uri).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Invalid, "{uri}");
            assert!(!error.message.contains("secret"), "{error}");
        }
    }
}
