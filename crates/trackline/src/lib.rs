//! Experiment tracking in the process of the user: runs, journal, drain.
//!
//! Every logging call appends one record to a journal file of this process and returns: what was appended
//! survives the process. One background thread carries the journal into the store. Nothing here panics or
//! prints, and trouble of our own never becomes an error of a logging call: [`Tracker::take_problem`] tells it.
//!
//! ```no_run
//! use trackline::{NewRun, RunStatus, Tracker};
//!
//! let tracker = Tracker::open(None)?;
//! let run = tracker.start_run(NewRun::default())?;
//! run.log_metric("loss", 0.25, 1, None)?;
//! run.end(RunStatus::Finished, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod artifact;
mod at_exit;
mod attended;
mod autolog;
mod backend;
mod bounded;
mod budget;
mod clock;
mod code;
pub mod console;
mod demise;
mod drain;
mod ending;
mod error;
mod explicit;
mod facts;
mod feed;
mod files;
mod fork;
mod heart;
mod keeper;
mod lingering;
mod locate;
mod lost_ranks;
mod mode;
mod model;
mod new_run;
mod off;
mod own_journal;
pub mod own_thread;
mod panicking;
mod part;
mod pictures;
mod problems;
mod process;
mod quota;
mod reason;
mod recover;
mod remote;
mod run;
mod series;
mod sink;
mod source;
mod spent;
mod summary;
mod switches;
mod sync;
mod system_metrics;
mod tracker;
mod witness;

pub use autolog::{Autolog, autolog};
pub use backend::Backend;
pub use budget::{Detail, allowed_before_run};
pub use clock::of_thread as thread_time;
pub use code::Code;
pub use error::{Error, ErrorKind};
pub use files::FileAccess;
pub use keeper::Keeper;
pub use locate::locate;
pub use mode::Mode;
pub use model::{ModelHandle, NewModel};
pub use new_run::NewRun;
pub use pictures::{Interpreter, Picture};
pub use recover::recover;
pub use run::RunHandle;
pub use source::Source;
pub use spent::{Hook, SampledHook, hook_begins, hook_ends, hook_goes_on, hook_pauses};
pub use summary::Summary;
pub use switches::{Category, variable_is_on};
pub use sync::{Synced, sync};
pub use tracker::Tracker;
pub use trackline_journal::ExperimentRef;
pub use trackline_model::{
    Dataset, DatasetInput, Ending, Exit, ExitKind, Invalid, LoggedModelStatus, Metric, ModelOutput, Param,
    RunStatus, Tag,
};
/// What [`Tracker::store`] gives, and its queries.
pub use trackline_store as store;
pub use witness::Witness;
