//! The extension module `trackline._native`: thin classes over the runtime, and no logic.

mod command;
mod console;
mod convert;
mod data;
mod documents;
mod dynamo;
mod error;
mod files;
mod hook;
mod loop_events;
mod mode;
mod model;
mod observed;
mod packages;
mod picture;
mod rank;
mod redact;
mod run;
mod script;
mod shown;
mod step_gate;
mod store;
mod switches;
mod thread;
mod tracker;
mod turns;
mod wait;

use pyo3::prelude::*;

/// The native half of the package.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::command::cli_main;
    #[pymodule_export]
    use crate::console::ConsoleWriter;
    #[pymodule_export]
    use crate::data::{
        classification_scores, column_spec, describe_table, describe_tensors, describe_unseen,
        draw_confusion_matrix, draw_precision_recall_curve, draw_roc_curve, regression_scores, sampled_rows,
        tensor_spec,
    };
    #[pymodule_export]
    use crate::documents::{
        draw_feature_importance, estimator_html, from_yaml, read_mlmodel, to_yaml, write_csv, write_mlmodel,
    };
    #[pymodule_export]
    use crate::files::{
        audit, keep_files, note_file, unwatch_files, watch_files, watch_renames, written_results,
    };
    #[pymodule_export]
    use crate::hook::{allowed_before_run, collection, hook_begins, hook_ends};
    #[pymodule_export]
    use crate::loop_events::LoopEvents;
    #[pymodule_export]
    use crate::mode::mode;
    #[pymodule_export]
    use crate::model::ModelHandle;
    #[pymodule_export]
    use crate::observed::{Observed, ObservedFunction};
    #[pymodule_export]
    use crate::packages::{Packages, conda_yaml, python_env_yaml, requirements_txt};
    #[pymodule_export]
    use crate::picture::Picture;
    #[pymodule_export]
    use crate::rank::tell_rank;
    #[pymodule_export]
    use crate::redact::redacted;
    #[pymodule_export]
    use crate::run::RunHandle;
    #[pymodule_export]
    use crate::script::{CodeHook, ModuleCode, ScriptHook};
    #[pymodule_export]
    use crate::shown::{ShownLines, Tap};
    #[pymodule_export]
    use crate::step_gate::{LoopPace, StepGate};
    #[pymodule_export]
    use crate::store::{ArtifactStore, ExperimentStore, ModelStore, Registry, RunStore, Store, VersionStore};
    #[pymodule_export]
    use crate::switches::{capture_categories, capture_is_on, choose_capture};
    #[pymodule_export]
    use crate::thread::{own_threads, thread_number};
    #[pymodule_export]
    use crate::tracker::Tracker;
    #[pymodule_export]
    use crate::turns::LoopValues;

    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
