//! What can be written on the command line, and what `--help` teaches.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::run::RunArgs;
use crate::serve::ServeArgs;

/// Record training runs; look at them, compare them, register the best model.
///
/// `trackline run train.py` runs a script and records it in the folder `.trackline/`; so does a script with the line
/// `import trackline; trackline.autolog()`. Then look with the commands below.
#[derive(Debug, Parser)]
#[command(
    name = "trackline",
    bin_name = "trackline",
    version,
    propagate_version = false,
    disable_help_subcommand = true
)]
#[command(after_help = "Examples:
  trackline run train.py --lr 0.1              record a script
  trackline ui                                 look at the runs in a browser
  trackline runs list --filter \"metrics.accuracy > 0.9\"
  trackline runs diff 3fa85f64 9b2c01aa        what changed between two runs

`trackline COMMAND --help` says more about each.")]
pub(crate) struct Cli {
    /// MLflow's command reads the environment from a file
    #[arg(long, hide = true, value_name = "FILE")]
    pub(crate) env_file: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at the runs in a browser
    ///
    /// Serves the page on this machine until Ctrl-C. Shows the store of this folder (or of the nearest folder
    /// above that has one), and makes one if there is none.
    #[command(after_help = "Examples:
  trackline ui
  trackline ui --port 8080
  trackline ui --store ../other-project/.trackline")]
    Ui(ServeArgs),
    /// Run a program and record what it does
    ///
    /// PROGRAM is a Python script, for the Python that Trackline is installed in, or any command: python -m, torchrun,
    /// accelerate, bash, cargo run. Exit code, output, terminal and signals are as without. Pythons below it join the
    /// run: everything that `autolog()` captures is captured, and the script's own first `start_run()` goes on with it.
    #[command(after_help = "Examples:
  trackline run train.py --lr 0.1
  trackline run --experiment iris --name wider -- python -m project.train
  trackline run --mlflow train.py          an MLflow script, without MLflow
  trackline run -- torchrun --nproc-per-node 4 train.py")]
    Run(RunArgs),
    /// Serve runs to scripts, MLflow clients and browsers
    ///
    /// The same program as `ui`, for a machine that others reach. MLflow clients of version 3 need only
    /// MLFLOW_TRACKING_URI=http://HOST:PORT. Where other machines reach it, give it a token.
    #[command(after_help = "Examples:
  trackline server --store /srv/runs
  trackline server --store postgresql://trackline@db/runs --artifacts /srv/artifacts
  trackline server --store postgresql://trackline@db/runs --artifacts s3://bucket/runs
  TRACKLINE_SERVER_TOKEN=s3cret trackline server --host 0.0.0.0 --store /srv/runs")]
    Server(ServeArgs),
    /// List, show and compare runs in the terminal
    #[command(subcommand, arg_required_else_help = true)]
    Runs(RunsCommand),
    /// List experiments in the terminal
    #[command(subcommand, arg_required_else_help = true)]
    Experiments(ExperimentsCommand),
    /// Send or bring in what waits
    ///
    /// What a process could not bring to its store or server before it ended, or was not to while TRACKLINE_MODE was
    /// offline, waits in its journal. Without --store, everything that waits is brought in: in the store of this folder
    /// (or of the nearest folder above that has one), and for every server. A second time, nothing happens.
    #[command(after_help = "Examples:
  trackline sync
  trackline sync --store http://host:5000")]
    Sync(SyncArgs),
    /// Copy a store to another folder, while it is in use
    ///
    /// The copy is a store itself: `trackline ui --store FOLDER` shows it. A second backup to the same folder copies only
    /// what is new. Of a store in PostgreSQL, pg_dump and a copy of the folder of the artifacts are the backup.
    #[command(after_help = "Examples:
  trackline backup /mnt/backup/runs
  trackline backup --store /srv/runs /mnt/backup/runs")]
    Backup(BackupArgs),
    /// Remove for good what was deleted
    ///
    /// Deleted runs, models and experiments can be restored until then. Files that nothing refers to any more go too.
    #[command(after_help = "Examples:
  trackline gc
  trackline gc --older-than 0s")]
    Gc(GcArgs),
    /// Print the version
    Version,
}

#[derive(Debug, Args)]
pub(crate) struct StoreArgs {
    /// The store: a folder, or a database postgresql://USER:PASSWORD@HOST/NAME [default: TRACKLINE_URI,
    /// MLFLOW_TRACKING_URI, or .trackline here or above]
    #[arg(long, value_name = "PLACE", alias = "backend-store-uri")]
    pub(crate) store: Option<String>,
    /// With a database: the folder for the bytes of artifacts, or a bucket: s3://NAME/PREFIX, gs://…, az://…, wasbs://…
    /// [default: .trackline/blobs here or above]
    #[arg(long, value_name = "PLACE")]
    pub(crate) artifacts: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The folder of the copy; made if it is missing
    #[arg(value_name = "FOLDER")]
    pub(crate) to: PathBuf,
    /// The folder of the store [default: TRACKLINE_URI, MLFLOW_TRACKING_URI, or .trackline here or above]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) store: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct GcArgs {
    /// Only what was deleted so long ago: 30d, 12h, 1d2h3m4s
    #[arg(long, value_name = "AGE", default_value = "30d", value_parser = crate::gc::age)]
    pub(crate) older_than: Duration,
    /// Where clients of a server with this setting kept files themselves; those of what is removed go, too
    #[arg(long, value_name = "URI", env = "MLFLOW_DEFAULT_ARTIFACT_ROOT", hide_env = true)]
    pub(crate) default_artifact_root: Option<String>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// The folder of the store, the address of a server, or a database postgresql://USER:PASSWORD@HOST/NAME [default:
    /// TRACKLINE_URI, MLFLOW_TRACKING_URI, or .trackline here or above]
    #[arg(long, value_name = "PLACE", visible_alias = "uri")]
    pub(crate) store: Option<String>,
    /// With a database: the folder or the bucket that its server keeps artifacts in
    #[arg(long, value_name = "PLACE", hide = true)]
    pub(crate) artifacts: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Only what waits for this folder of a store, or this address of a server
    #[arg(long, value_name = "PLACE", visible_alias = "uri")]
    pub(crate) store: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List runs, the latest first
    ///
    /// Filters are MLflow's, with OR, NOT and parentheses added. Fields are metrics.KEY, params.KEY, tags.KEY,
    /// run_id, run_name, status, user_id, start_time, end_time, dataset.name, dataset.digest; keys with spaces
    /// are quoted with backticks. Metrics and times are compared with numbers, the rest with 'text'.
    ///
    /// Without a filter, the children of a run (candidates of a search, second fits) are counted beside it.
    #[command(after_help = "Examples:
  trackline runs list
  trackline runs list --children
  trackline runs list --filter \"metrics.loss < 0.1 AND params.model LIKE 'res%'\"
  trackline runs list --order-by \"metrics.accuracy DESC\" --limit 5
  trackline runs list --experiment iris --json")]
    List(ListArgs),
    /// Show all about one run
    ///
    /// RUN is an id, the beginning of one, or the name of the run.
    #[command(after_help = "Examples:
  trackline runs show 3fa85f64
  trackline runs show bold-fox-12 --why      where each item came from")]
    Show(ShowArgs),
    /// Show what differs between runs
    ///
    /// Compares params, latest metrics, tags, environment, packages and git commit. RUN is an id, the beginning
    /// of one, or the name of the run.
    #[command(after_help = "Examples:
  trackline runs diff 3fa85f64 9b2c01aa
  trackline runs diff baseline wider deeper --json")]
    Diff(DiffArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only runs that meet this condition
    #[arg(long, short, default_value = "", hide_default_value = true)]
    pub(crate) filter: String,
    /// What to sort by: a field, then ASC or DESC; may be given several times [default: start_time DESC]
    #[arg(long, short, value_name = "FIELD")]
    pub(crate) order_by: Vec<String>,
    /// How many at most
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    pub(crate) limit: u32,
    /// Only runs of this experiment, by name or id; may be given several times
    #[arg(long, short, value_name = "EXPERIMENT")]
    pub(crate) experiment: Vec<String>,
    /// Also children, each below its parent; with a filter, of the runs that meet it
    #[arg(long, short)]
    pub(crate) children: bool,
    /// Print JSON, with everything that was logged
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: PlaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// An id, the beginning of one, or a name
    pub(crate) run: String,
    /// Say where each item came from: a call, or the hook that captured it
    #[arg(long)]
    pub(crate) why: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: PlaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Two runs or more: ids, beginnings of ids, or names
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    pub(crate) runs: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: PlaceArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExperimentsCommand {
    /// List experiments, the newest first
    #[command(after_help = "Examples:
  trackline experiments list
  trackline experiments list --json")]
    List(ExperimentsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ExperimentsArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) store: PlaceArgs,
}
