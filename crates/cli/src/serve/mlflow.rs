//! The command line of `mlflow server`, so that `trackline server` can take its place.

use std::path::{Path, PathBuf};

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};
use trackline_store::{ArtifactRoot, StoreOptions, tree_path};

use crate::failure::Failure;

/// What MLflow's server is told and ours need not be, or cannot do.
#[derive(Debug, Args)]
pub(crate) struct MlflowArgs {
    /// One process answers with as many threads as it needs
    #[arg(long, short, hide = true)]
    workers: Option<String>,
    /// There is no gunicorn
    #[arg(long, hide = true, allow_hyphen_values = true)]
    gunicorn_opts: Option<String>,
    /// There is no waitress
    #[arg(long, hide = true, allow_hyphen_values = true)]
    waitress_opts: Option<String>,
    /// There is no uvicorn
    #[arg(long, hide = true, allow_hyphen_values = true)]
    uvicorn_opts: Option<String>,
    /// Nothing is reloaded
    #[arg(long, hide = true)]
    dev: bool,
    /// `/metrics` is always there, and keeps nothing in a folder
    #[arg(long, hide = true)]
    expose_prometheus: Option<PathBuf>,
    /// Whether files that are not kept elsewhere go through the server
    #[arg(
        long,
        hide = true,
        env = "MLFLOW_SERVE_ARTIFACTS",
        hide_env = true,
        num_args = 0,
        default_missing_value = "true",
        value_parser = BoolishValueParser::new()
    )]
    serve_artifacts: Option<bool>,
    /// Where the bytes of artifacts go; a store in a folder keeps them itself
    #[arg(long, hide = true, env = "MLFLOW_ARTIFACTS_DESTINATION", hide_env = true)]
    pub(crate) artifacts_destination: Option<String>,
    /// Where new experiments have their artifacts; clients write there themselves, unless it is the server
    #[arg(long, hide = true, env = "MLFLOW_DEFAULT_ARTIFACT_ROOT", hide_env = true)]
    default_artifact_root: Option<String>,
    /// Values of params and run tags that are too long are cut, and not refused
    #[arg(
        long,
        hide = true,
        env = "MLFLOW_TRUNCATE_LONG_VALUES",
        hide_env = true,
        action = ArgAction::Set,
        default_value_t = true,
        value_parser = BoolishValueParser::new()
    )]
    truncate_long_values: bool,
    /// There are no secrets of gateways
    #[arg(long, hide = true)]
    secrets_cache_ttl: Option<u64>,
    /// There are no secrets of gateways
    #[arg(long, hide = true)]
    secrets_cache_max_size: Option<u64>,
    #[arg(long, hide = true)]
    disable_workspaces: bool,
    /// There is one workspace
    #[arg(long, hide = true)]
    workspace_store_uri: Option<String>,
    /// Reads go where writes do
    #[arg(long, hide = true)]
    read_replica_backend_store_uri: Option<String>,
    /// Traces are not archived
    #[arg(long, hide = true)]
    trace_archival_config: Option<PathBuf>,

    #[arg(long, hide = true, env = "MLFLOW_REGISTRY_STORE_URI", hide_env = true)]
    registry_store_uri: Option<String>,
    #[arg(long, hide = true, action = ArgAction::SetTrue)]
    no_serve_artifacts: bool,
    #[arg(long, hide = true, env = "MLFLOW_ARTIFACTS_ONLY", hide_env = true, value_parser = BoolishValueParser::new())]
    artifacts_only: bool,
    #[arg(long, hide = true, env = "MLFLOW_ENABLE_WORKSPACES", hide_env = true, value_parser = BoolishValueParser::new())]
    enable_workspaces: bool,
    #[arg(long, hide = true)]
    app_name: Option<String>,
}

impl MlflowArgs {
    /// What holds for what is written to the store.
    pub(crate) fn store_options(&self) -> Result<StoreOptions, Failure> {
        let root = self.default_artifact_root.as_deref().filter(|uri| !uri.is_empty());
        Ok(StoreOptions {
            artifact_root: root.map(ArtifactRoot::new).transpose()?,
            refuse_long_values: !self.truncate_long_values,
        })
    }

    /// Whether the server is to leave artifacts to clients.
    fn leaves_artifacts(&self) -> bool {
        self.no_serve_artifacts || self.serve_artifacts == Some(false)
    }

    /// Refuses what would be misunderstood.
    pub(crate) fn check(&self, store: Option<&str>) -> Result<(), Failure> {
        let through_server =
            self.default_artifact_root.as_deref().is_none_or(|root| tree_path(root).is_some());
        let refused = [
            (
                self.registry_store_uri.as_deref().is_some_and(|uri| Some(uri) != store),
                "--registry-store-uri: models are kept in the store of the runs",
                "leave it out",
            ),
            (
                self.leaves_artifacts() && through_server,
                "--no-serve-artifacts: clients are to write artifacts themselves, but where is not said",
                "give --default-artifact-root s3://BUCKET/PREFIX, or a folder that all clients see",
            ),
            (self.artifacts_only, "--artifacts-only: the server serves runs and artifacts", "leave it out"),
            (
                self.enable_workspaces,
                "--enable-workspaces: there is one workspace",
                "start one server for each",
            ),
            (
                self.app_name.is_some(),
                "--app-name: there are no plugins",
                "for authentication set TRACKLINE_SERVER_TOKEN",
            ),
        ];
        match refused.into_iter().find(|(given, ..)| *given) {
            Some((_, what, hint)) => Err(Failure::usage(what).hint(hint)),
            None => Ok(()),
        }
    }
}

/// The folder that takes the place of a database file of MLflow: beside it, with the ending `.trackline`. The address is
/// SQLAlchemy's: `sqlite:///relative.db`, `sqlite:////absolute.db`.
pub(crate) fn in_place_of_sqlite(uri: &str) -> Option<PathBuf> {
    let file = uri.strip_prefix("sqlite:///")?;
    let file = file.split('?').next().unwrap_or(file);
    Some(Path::new(file).with_extension("trackline"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_beside_the_database_it_takes_the_place_of() {
        let folder = |uri| in_place_of_sqlite(uri).map(|folder| folder.display().to_string());
        assert_eq!(folder("sqlite:///mlflow.db").as_deref(), Some("mlflow.trackline"));
        assert_eq!(folder("sqlite:////srv/a/b.db?timeout=5").as_deref(), Some("/srv/a/b.trackline"));
        assert_eq!(folder("/srv/a"), None);
    }
}
