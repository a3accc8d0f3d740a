use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::remote::{Address, without_credentials};
use crate::{Error, ErrorKind};

/// The name of a store's folder, where none is given.
const FOLDER: &str = ".trackline";

/// What a tracker logs to.
#[derive(Debug, Clone)]
pub enum Place {
    /// The store in this folder.
    Folder(PathBuf),
    /// A server.
    Server(Address),
    /// Nothing is recorded; what is read comes from an empty store that is made here for it.
    Nowhere(PathBuf),
}

impl Place {
    /// What another process opens it by.
    pub fn uri(&self) -> String {
        match self {
            Self::Folder(folder) | Self::Nowhere(folder) => folder.to_string_lossy().into_owned(),
            Self::Server(address) => address.uri.clone(),
        }
    }

    /// Where journals and blobs lie: in the store, or in the spool of the server.
    pub fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) | Self::Nowhere(folder) => folder,
            Self::Server(address) => &address.spool,
        }
    }
}

/// Finds the folder of the store: `uri`, else `TRACKLINE_URI`, else `MLFLOW_TRACKING_URI`, else `.trackline` in the
/// working directory or the nearest folder above that has one, else `.trackline` in the working directory, which
/// need not exist yet. A URI is a path (of the store's folder itself) or a `file:` URI.
///
/// # Errors
/// `Unsupported` for other schemes and for a server, `Invalid` for a path that is no folder or a `file:` URI of another
/// host.
pub fn locate(uri: Option<&str>) -> Result<PathBuf, Error> {
    match place(uri)? {
        Place::Folder(folder) | Place::Nowhere(folder) => Ok(folder),
        Place::Server(address) => {
            let message = format!("{} is a server: for this, give the folder of a store", address.url);
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    }
}

/// As [`locate`], but a server is a place too.
pub fn place(uri: Option<&str>) -> Result<Place, Error> {
    // Only where it is needed: a program may have removed the folder that it works in.
    let here = || env::current_dir().map_err(|error| Error::io("find the working directory", &error));
    let given = match uri.map(OsString::from) {
        Some(uri) => Some(uri),
        None => ["TRACKLINE_URI", "MLFLOW_TRACKING_URI"].into_iter().find_map(env::var_os),
    };
    let given = given.filter(|uri| !uri.is_empty());
    let folder = match given.as_deref().map(|uri| uri.to_str().ok_or(uri)) {
        None => return Ok(Place::Folder(nearest(&here()?))),
        Some(Ok(text)) if is_server(text) => return Ok(Place::Server(Address::parse(text)?)),
        Some(Ok(text)) => folder_of(text)?,
        Some(Err(path)) => PathBuf::from(path),
    };
    if folder.exists() && !folder.is_dir() {
        let message = format!("{} is not a folder: the store is a folder, give its path", folder.display());
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    Ok(Place::Folder(if folder.is_absolute() { folder } else { here()?.join(folder) }))
}

/// Makes the folder of a store, with what keeps it out of version control, and gives its folder for journals.
pub fn prepare(folder: &Path) -> io::Result<PathBuf> {
    let journals = folder.join("journals");
    fs::create_dir_all(&journals)?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        fs::write(ignore, "*\n")?;
    }
    Ok(journals)
}

fn nearest(here: &Path) -> PathBuf {
    let found = here.ancestors().map(|folder| folder.join(FOLDER)).find(|folder| folder.is_dir());
    found.unwrap_or_else(|| here.join(FOLDER))
}

fn folder_of(uri: &str) -> Result<PathBuf, Error> {
    let Some((scheme, rest)) = uri.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Ok(PathBuf::from(uri));
    };
    let unsupported = |why: &str| {
        let message = format!("cannot log to {}: {why}", without_credentials(uri));
        Err(Error::new(ErrorKind::Unsupported, message))
    };
    let scheme = scheme.to_ascii_lowercase();
    // What follows a plus is the driver: mysql+pymysql://…
    match scheme.split('+').next().unwrap_or_default() {
        "file" => file_path(uri, rest),
        "sqlite" => unsupported("the database file is Trackline's own, give the path of the store's folder"),
        "postgresql" | "postgres" => unsupported("a database is reached through a server, give a folder"),
        "mysql" | "mssql" | "mariadb" | "oracle" => {
            unsupported("of databases, PostgreSQL alone is known; give the path of a folder")
        }
        _ => unsupported("this kind of address is not known, give the path of a folder"),
    }
}

fn is_server(uri: &str) -> bool {
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// `file:relative`, `file:/absolute`, `file:///absolute` and `file://localhost/absolute`, with `%20` and the like.
fn file_path(uri: &str, rest: &str) -> Result<PathBuf, Error> {
    let path = match rest.strip_prefix("//") {
        None => rest,
        Some(rest) => match rest.find('/').map(|slash| rest.split_at(slash)) {
            Some(("" | "localhost", path)) => path,
            _ => {
                let message = format!(
                    "cannot log to {}: it names another host, write file:///path",
                    without_credentials(uri)
                );
                return Err(Error::new(ErrorKind::Invalid, message));
            }
        },
    };
    Ok(PathBuf::from(percent_encoding::percent_decode_str(path).decode_utf8_lossy().as_ref()))
}

/// Two letters at least, so that a drive letter is none.
fn is_scheme(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}
