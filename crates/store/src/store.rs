use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use trackline_model::limits::validate_length;

use crate::batch::Queue;
use crate::blobs::Blobs;
#[cfg(feature = "bucket")]
use crate::blobs::Bucket;
#[cfg(feature = "postgres")]
use crate::postgres::{self, Postgres};
use crate::sql::{Connection, Database, Scope, Transaction};
use crate::sqlite::Sqlite;
use crate::{ArtifactRoot, Error, Result, experiments, schema};

/// Where a store is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder with an embedded database and blobs.
    Folder(PathBuf),
    /// A PostgreSQL database, and blobs beside it.
    #[cfg(feature = "postgres")]
    Database {
        /// `postgresql://user:password@host:port/database`
        uri: String,
        /// Where the bytes of artifacts are.
        artifacts: Artifacts,
    },
}

/// Where a store in a database has the bytes of artifacts.
#[cfg(feature = "postgres")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Artifacts {
    /// In a folder.
    Folder(PathBuf),
    /// In an object store.
    #[cfg(feature = "bucket")]
    Bucket(Bucket),
}

#[cfg(feature = "postgres")]
impl<P: AsRef<Path> + ?Sized> From<&P> for Artifacts {
    fn from(folder: &P) -> Self {
        Self::Folder(folder.as_ref().to_owned())
    }
}

#[cfg(feature = "bucket")]
impl From<Bucket> for Artifacts {
    fn from(bucket: Bucket) -> Self {
        Self::Bucket(bucket)
    }
}

/// As it may be shown: without a password.
impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            #[cfg(feature = "postgres")]
            Self::Database { uri, .. } => f.write_str(&postgres::shown(uri)),
        }
    }
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Location({self})")
    }
}

/// What holds for what is written to a store.
#[derive(Debug, Clone, Default)]
pub struct StoreOptions {
    /// Where experiments that are made from now on have their artifacts; none for the store itself.
    pub artifact_root: Option<ArtifactRoot>,
    /// Values of params and run tags that are too long are refused, and not cut.
    pub refuse_long_values: bool,
}

/// The database with its blobs: the one face to both. Cheap to clone; calls block.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    database: Box<dyn Database>,
    blobs: Blobs,
    options: StoreOptions,
    batches: Queue,
}

impl Store {
    /// Opens the store that is there.
    ///
    /// # Errors
    /// Those of [`Store::open`] and of [`Store::connect`].
    pub fn at(location: &Location) -> Result<Self> {
        Self::with_options(location, StoreOptions::default())
    }

    /// Opens the store that is there, with these options.
    ///
    /// # Errors
    /// Those of [`Store::open`] and of [`Store::connect`].
    pub fn with_options(location: &Location, options: StoreOptions) -> Result<Self> {
        match location {
            Location::Folder(folder) => Self::in_folder(folder, options),
            #[cfg(feature = "postgres")]
            Location::Database { uri, artifacts } => Self::in_database(uri, artifacts.clone(), options),
        }
    }

    /// Opens the store in this folder. What is missing is made; an older format is brought up to date.
    ///
    /// # Errors
    /// `Denied` without write permission, `TooNew` for a store of a newer program, `Full`, `Corrupt`.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::in_folder(folder, StoreOptions::default())
    }

    fn in_folder(folder: &Path, options: StoreOptions) -> Result<Self> {
        prepare(folder)
            .map_err(|error| Error::io(&format!("open the store {}", folder.display()), &error))?;
        let database = Box::new(Sqlite::open(&folder.join("trackline.db")).map_err(|error| Error {
            message: format!("{} The store is {}.", error.message, folder.display()),
            ..error
        })?);
        Self::over(database, folder, Blobs::in_folder(&folder.join("blobs"))?, options)
    }

    /// Opens the store in a PostgreSQL database, `postgresql://user:password@host:port/database`, with the bytes of
    /// its artifacts in a folder or a bucket. What is missing is made, but for the database and the bucket themselves;
    /// an older format is brought up to date.
    ///
    /// # Errors
    /// `Invalid` for an address that is none, `Unavailable` if the server or the bucket cannot be reached, `NotFound`
    /// without the database or the bucket, `Denied` without rights, `TooNew`, `Full`, `Corrupt`.
    #[cfg(feature = "postgres")]
    pub fn connect(uri: &str, artifacts: impl Into<Artifacts>) -> Result<Self> {
        Self::in_database(uri, artifacts.into(), StoreOptions::default())
    }

    #[cfg(feature = "postgres")]
    fn in_database(uri: &str, artifacts: Artifacts, options: StoreOptions) -> Result<Self> {
        let database = Self::database(uri)?;
        match artifacts {
            Artifacts::Folder(folder) => {
                Self::over(Box::new(database), &folder, Blobs::in_folder(&folder)?, options)
            }
            #[cfg(feature = "bucket")]
            Artifacts::Bucket(bucket) => {
                let blobs = Blobs::in_bucket(&bucket)?;
                Self::over(Box::new(database), Path::new(bucket.address()), blobs, options)
            }
        }
    }

    /// Opens the store that is in a PostgreSQL database already, and makes no folder. One of an older version is brought to
    /// the newest, as ever.
    ///
    /// # Errors
    /// Those of [`Store::connect`], and `NotFound` for a database without a store.
    #[cfg(feature = "postgres")]
    pub fn connect_existing(uri: &str, artifacts: Artifacts) -> Result<Self> {
        let database = Self::database(uri)?;
        if !schema::is_there(&database)? {
            let place = postgres::shown(uri);
            return Err(Error::not_found(format!("There is no store in the database {place}.")));
        }
        match artifacts {
            Artifacts::Folder(folder) => {
                let blobs = Blobs::found_in_folder(&folder);
                Self::over(Box::new(database), &folder, blobs, StoreOptions::default())
            }
            #[cfg(feature = "bucket")]
            bucket @ Artifacts::Bucket(_) => Self::connect(uri, bucket),
        }
    }

    #[cfg(feature = "postgres")]
    fn database(uri: &str) -> Result<Postgres> {
        Postgres::open(uri).map_err(|error| Error {
            message: format!("{} The database is {}.", error.message, postgres::shown(uri)),
            ..error
        })
    }

    fn over(database: Box<dyn Database>, folder: &Path, blobs: Blobs, options: StoreOptions) -> Result<Self> {
        schema::migrate(&*database)?;
        let (folder, batches) = (folder.to_owned(), Queue::default());
        let store = Self { inner: Arc::new(Inner { folder, database, blobs, options, batches }) };
        if store.read(|connection| experiments::find(connection, 0))?.is_none() {
            store.write(|transaction| experiments::insert_default(transaction, store.root()))?;
        }
        Ok(store)
    }

    /// The folder that was opened; of a store in a PostgreSQL database, the folder or the address of the artifacts.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// Where experiments that are made now have their artifacts; none for the store itself.
    pub(crate) fn root(&self) -> Option<&ArtifactRoot> {
        self.inner.options.artifact_root.as_ref()
    }

    /// # Errors
    /// `Invalid` for a value of a param or a run tag that is too long, where those are not cut.
    pub(crate) fn check_length(&self, what: &str, key: &str, value: &str, limit: usize) -> Result<()> {
        if self.inner.options.refuse_long_values {
            validate_length(format_args!("the value of the {what} '{key}'"), value, limit)?;
        }
        Ok(())
    }

    /// The content-addressed files.
    pub fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    /// What is to be logged.
    pub(crate) fn batches(&self) -> &Queue {
        &self.inner.batches
    }

    pub(crate) fn copy_database(&self, to: &Path) -> Result<()> {
        self.inner.database.copy_to(to)
    }

    /// A number that differs after any commit by any process since this store was opened. Cheap.
    pub fn change_count(&self) -> Result<u64> {
        self.inner.database.change_count()
    }

    pub(crate) fn read<T>(&self, work: impl Fn(&dyn Connection) -> Result<T>) -> Result<T> {
        let mut answer = None;
        self.inner.database.read(&mut |connection| {
            answer = Some(work(connection)?);
            Ok(())
        })?;
        answer.ok_or_else(never_ran)
    }

    /// Writes whatever it may be, apart from all other writers.
    pub(crate) fn write<T>(&self, work: impl Fn(&dyn Transaction) -> Result<T>) -> Result<T> {
        self.write_in(|_| Ok(Scope::Everything), work)
    }

    /// Writes what is in the scope.
    pub(crate) fn write_in<T>(
        &self,
        scope: impl Fn(&dyn Connection) -> Result<Scope>,
        work: impl Fn(&dyn Transaction) -> Result<T>,
    ) -> Result<T> {
        let mut answer = None;
        self.inner.database.write(&scope, &mut |transaction| {
            answer = Some(work(transaction)?);
            Ok(())
        })?;
        answer.ok_or_else(never_ran)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.inner.folder).finish_non_exhaustive()
    }
}

fn never_ran() -> Error {
    Error::corrupt("The database engine did not run what it was given.")
}

/// The folder itself; everything in it is kept out of the user's version control.
fn prepare(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        std::fs::write(ignore, "*\n")?;
    }
    Ok(())
}

/// Milliseconds since the epoch.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
