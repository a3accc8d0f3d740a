use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use trackline_model::{
    Captured, Experiment, FileInfo, LoggedModel, LoggedModelStatus, Metric, MetricSummary, ModelVersion,
    Param, RegisteredModel, Run, RunInfo, RunStatus, Stage, Tag,
};
use trackline_store::{
    Artifact, DatasetDrift, ExperimentQuery, ModelQuery, NewLoggedModel, NewModelVersion, NewRun, Page,
    ParamChange, RegistryQuery, Result, RunQuery, Store,
};

use crate::locate::Place;
use crate::remote::Server;
use crate::sink::Sink;
use crate::{Error, fork, locate};

/// What a tracker logs to, for reading what was logged, and for all that is written directly. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Backend {
    /// The store of a folder.
    Store(Store),
    /// A server.
    Server(Arc<Server>),
}

impl Backend {
    pub(crate) fn open(place: &Place) -> std::result::Result<Self, Error> {
        match place {
            Place::Folder(folder) | Place::Nowhere(folder) => {
                fork::opens_store();
                Ok(Self::Store(Store::open(folder)?))
            }
            Place::Server(address) => Ok(Self::Server(Arc::new(Server::new(address)?))),
        }
    }

    /// What `uri`, or else the environment, or else the working directory, chooses, as
    /// [`Tracker::open`](crate::Tracker::open) does.
    ///
    /// # Errors
    /// As there, and when the store cannot be opened. A server is not asked yet.
    pub fn at(uri: Option<&str>) -> std::result::Result<Self, Error> {
        Self::open(&locate::place(uri)?)
    }

    pub(crate) fn sink(&self) -> &dyn Sink {
        match self {
            Self::Store(store) => store,
            Self::Server(server) => &**server,
        }
    }
}

/// Its address, without credentials, or its folder.
impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(store) => write!(f, "{}", store.folder().display()),
            Self::Server(server) => f.write_str(server.url()),
        }
    }
}

/// Methods that a store and a server both have, under one name.
macro_rules! both {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        /// What these do, and their errors, stands at the methods of [`Store`] of the same name. A server that cannot
        /// be reached is an error of the kind `Io`.
        #[allow(missing_docs)]
        impl Backend {
            $(pub fn $name(&self, $($argument: $type),*) -> Result<$answer> {
                match self {
                    Self::Store(store) => store.$name($($argument),*),
                    Self::Server(server) => server.$name($($argument),*),
                }
            })*
        }
    };
}

both! {
    create_experiment(name: &str, location: Option<&str>, tags: &[Tag]) -> Experiment;
    get_experiment(experiment_id: &str) -> Experiment;
    get_experiment_by_name(name: &str) -> Experiment;
    search_experiments(query: &ExperimentQuery) -> Page<Experiment>;
    rename_experiment(experiment_id: &str, new_name: &str) -> ();
    delete_experiment(experiment_id: &str) -> ();
    restore_experiment(experiment_id: &str) -> ();
    set_experiment_tag(experiment_id: &str, tag: &Tag) -> ();
    delete_experiment_tag(experiment_id: &str, key: &str) -> ();

    create_run(run: &NewRun) -> Run;
    get_run(run_id: &str) -> Run;
    search_runs(query: &RunQuery) -> Page<Run>;
    update_run(run_id: &str, status: Option<RunStatus>, end_time: Option<i64>, name: Option<&str>) -> RunInfo;
    delete_run(run_id: &str) -> ();
    restore_run(run_id: &str) -> ();
    delete_tag(run_id: &str, key: &str) -> ();
    captured(run_id: &str) -> Vec<Captured>;
    documents(run_id: &str) -> Vec<(String, String)>;
    summaries(run_id: &str) -> Vec<MetricSummary>;

    create_logged_model(model: &NewLoggedModel) -> LoggedModel;
    get_logged_model(model_id: &str) -> LoggedModel;
    finalize_logged_model(model_id: &str, status: LoggedModelStatus) -> LoggedModel;
    delete_logged_model(model_id: &str) -> ();
    set_logged_model_tags(model_id: &str, tags: &[Tag]) -> LoggedModel;
    delete_logged_model_tag(model_id: &str, key: &str) -> ();
    log_logged_model_params(model_id: &str, params: &[Param]) -> ();
    search_logged_models(query: &ModelQuery) -> Page<LoggedModel>;

    create_registered_model(name: &str, description: Option<&str>, tags: &[Tag]) -> RegisteredModel;
    get_registered_model(name: &str) -> RegisteredModel;
    update_registered_model(name: &str, description: Option<&str>) -> RegisteredModel;
    rename_registered_model(name: &str, new_name: &str) -> RegisteredModel;
    delete_registered_model(name: &str) -> ();
    search_registered_models(query: &RegistryQuery) -> Page<RegisteredModel>;
    set_registered_model_tag(name: &str, tag: &Tag) -> ();
    delete_registered_model_tag(name: &str, key: &str) -> ();
    set_alias(name: &str, alias: &str, version: u64) -> ();
    delete_alias(name: &str, alias: &str) -> ();
    get_version_by_alias(name: &str, alias: &str) -> ModelVersion;
    latest_versions(name: &str, stages: &[Stage]) -> Vec<ModelVersion>;

    create_model_version(version: &NewModelVersion) -> ModelVersion;
    get_model_version(name: &str, version: u64) -> ModelVersion;
    update_model_version(name: &str, version: u64, description: Option<&str>) -> ModelVersion;
    delete_model_version(name: &str, version: u64) -> ();
    transition_stage(name: &str, version: u64, stage: Stage, archive_existing: bool) -> ModelVersion;
    search_model_versions(query: &RegistryQuery) -> Page<ModelVersion>;
    download_uri(name: &str, version: u64) -> String;
    set_model_version_tag(name: &str, version: u64, tag: &Tag) -> ();
    delete_model_version_tag(name: &str, version: u64, key: &str) -> ();

    list_artifacts(path: &str) -> Vec<FileInfo>;
}

/// Where a store and a server go about it differently.
impl Backend {
    /// The bytes of a document of a run.
    ///
    /// # Errors
    /// `NotFound` for a run that is not there.
    pub fn document(&self, run_id: &str, kind: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Store(store) => {
                let found = store.documents(run_id)?.into_iter().find(|(found, _)| found == kind);
                found.map(|(_, digest)| store.blobs().read(&digest)).transpose()
            }
            Self::Server(server) => server.document(run_id, kind),
        }
    }

    /// All values of the params that had several; a server does not tell.
    ///
    /// # Errors
    /// `NotFound` for a run that is not there.
    pub fn param_history(&self, run_id: &str) -> Result<Vec<ParamChange>> {
        match self {
            Self::Store(store) => store.param_history(run_id),
            Self::Server(_) => Ok(Vec::new()),
        }
    }

    /// How the datasets of a run differ from those of the run before that has them. A server does not tell.
    ///
    /// # Errors
    /// `NotFound` for a run that is not there.
    pub fn drift(&self, run_id: &str) -> Result<Vec<DatasetDrift>> {
        match self {
            Self::Store(store) => store.drift(run_id),
            Self::Server(_) => Ok(Vec::new()),
        }
    }

    /// Every value of a metric, by time.
    ///
    /// # Errors
    /// `NotFound` for a run that is not there.
    pub fn history(&self, run_id: &str, key: &str) -> Result<Vec<Metric>> {
        match self {
            Self::Store(store) => store.history(run_id, key, None, None).map(|page| page.items),
            Self::Server(server) => server.history(run_id, key),
        }
    }

    /// Whether a folder is at a path of the artifact tree, or a file; none where nothing is.
    ///
    /// # Errors
    /// `Invalid` for a path that leads out of the tree.
    pub fn is_artifact_folder(&self, path: &str) -> Result<Option<bool>> {
        match self {
            Self::Store(store) => Ok(store.stat_artifact(path)?.map(|found| found == Artifact::Folder)),
            Self::Server(server) => server.is_artifact_folder(path),
        }
    }

    /// The bytes of a file of the artifact tree.
    ///
    /// # Errors
    /// `NotFound` if no file is there.
    pub fn open_artifact(&self, path: &str) -> Result<Box<dyn Read + Send>> {
        match self {
            Self::Store(store) => match store.stat_artifact(path)? {
                Some(Artifact::File { blob, .. }) => Ok(store.blobs().open(&blob.digest)?),
                _ => Err(trackline_store::Error {
                    kind: trackline_store::ErrorKind::NotFound,
                    message: format!("There is no file '{path}'."),
                }),
            },
            Self::Server(server) => server.open_artifact(path),
        }
    }

    /// Keeps a copy of a file at a path of the artifact tree.
    ///
    /// # Errors
    /// For a file that cannot be read, and a path where none can be.
    pub fn put_artifact_file(&self, path: &str, local: &Path) -> Result<()> {
        match self {
            Self::Store(store) => store.put_artifact(path, &store.blobs().put_file(local)?),
            Self::Server(server) => server.put_artifact_file(path, local),
        }
    }
}
