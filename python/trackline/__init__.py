"""Trackline: one line records a training run. `import trackline as mlflow` serves code written for MLflow.

Names are loaded when they are first used, so that the import costs next to nothing.
"""

from __future__ import annotations

import importlib

from trackline import _fork  # noqa: F401 - before a thread can import more of us

# Read as true by type checkers. Importing `typing` for it would load a tenth of the standard library.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trackline import (
        artifacts,
        catboost,
        client,
        config,
        data,
        entities,
        exceptions,
        keras,
        lightgbm,
        models,
        pyfunc,
        pytorch,
        sklearn,
        statsmodels,
        tensorflow,
        tracking,
        transformers,
        types,
        xgboost,
    )
    from trackline._active_run import ActiveRun
    from trackline._autolog import autolog
    from trackline._native import __version__
    from trackline._tracker import (
        flush,
        get_registry_uri,
        get_tracking_uri,
        is_tracking_uri_set,
        set_registry_uri,
        set_tracking_uri,
    )
    from trackline.client import MlflowClient, TracklineClient
    from trackline.exceptions import MlflowException, TracklineException
    from trackline.fluent.artifacts import (
        get_artifact_uri,
        log_artifact,
        log_artifacts,
        log_dict,
        log_stream,
        log_text,
    )
    from trackline.fluent.checkpoints import list_checkpoints, load_checkpoint
    from trackline.fluent.experiments import (
        create_experiment,
        delete_experiment,
        delete_experiment_tag,
        get_experiment,
        get_experiment_by_name,
        restore_experiment,
        search_experiments,
        set_experiment,
        set_experiment_tag,
        set_experiment_tags,
    )
    from trackline.fluent.explain import explain
    from trackline.fluent.inputs import log_input, log_inputs, log_outputs
    from trackline.fluent.metrics import log_metric, log_metrics
    from trackline.fluent.models import (
        delete_logged_model_tag,
        finalize_logged_model,
        get_logged_model,
        initialize_logged_model,
        last_logged_model,
        log_model_params,
        set_logged_model_tags,
    )
    from trackline.fluent.params import log_param, log_params
    from trackline.fluent.pictures import log_figure, log_image
    from trackline.fluent.registry import (
        register_model,
        search_model_versions,
        search_registered_models,
        set_model_version_tag,
    )
    from trackline.fluent.runs import (
        active_run,
        delete_run,
        end_run,
        get_parent_run,
        get_run,
        last_active_run,
        restore_run,
        start_run,
    )
    from trackline.fluent.search import search_logged_models, search_runs
    from trackline.fluent.system_metrics import (
        disable_system_metrics_logging,
        enable_system_metrics_logging,
        set_system_metrics_node_id,
        set_system_metrics_samples_before_logging,
        set_system_metrics_sampling_interval,
    )
    from trackline.fluent.tables import load_table, log_table
    from trackline.fluent.tags import delete_tag, set_tag, set_tags
    from trackline.fluent.tracing import (
        get_active_trace_id,
        get_current_active_span,
        get_last_active_trace_id,
        start_span,
        start_span_no_context,
        trace,
        update_current_trace,
    )
    from trackline.fluent.waiting import (
        flush_artifact_async_logging,
        flush_async_logging,
        flush_trace_async_logging,
    )

_MODULES = (
    "artifacts catboost client config data entities exceptions keras lightgbm models pyfunc pytorch sklearn statsmodels"
    " tensorflow tracking transformers types xgboost"
)

_NAMES = {
    "_active_run": "ActiveRun",
    "_autolog": "autolog",
    "_native": "__version__",
    "_tracker": "flush get_registry_uri get_tracking_uri is_tracking_uri_set set_registry_uri set_tracking_uri",
    "client": "MlflowClient TracklineClient",
    "exceptions": "MlflowException TracklineException",
    "fluent.artifacts": "get_artifact_uri log_artifact log_artifacts log_dict log_stream log_text",
    "fluent.checkpoints": "list_checkpoints load_checkpoint",
    "fluent.experiments": "create_experiment delete_experiment delete_experiment_tag get_experiment"
    " get_experiment_by_name restore_experiment search_experiments set_experiment set_experiment_tag set_experiment_tags",
    "fluent.explain": "explain",
    "fluent.inputs": "log_input log_inputs log_outputs",
    "fluent.metrics": "log_metric log_metrics",
    "fluent.models": "delete_logged_model_tag finalize_logged_model get_logged_model initialize_logged_model"
    " last_logged_model log_model_params set_logged_model_tags",
    "fluent.params": "log_param log_params",
    "fluent.pictures": "log_figure log_image",
    "fluent.registry": "register_model search_model_versions search_registered_models set_model_version_tag",
    "fluent.runs": "active_run delete_run end_run get_parent_run get_run last_active_run restore_run start_run",
    "fluent.search": "search_logged_models search_runs",
    "fluent.system_metrics": "disable_system_metrics_logging enable_system_metrics_logging"
    " set_system_metrics_node_id set_system_metrics_samples_before_logging set_system_metrics_sampling_interval",
    "fluent.tables": "load_table log_table",
    "fluent.tags": "delete_tag set_tag set_tags",
    "fluent.tracing": "get_active_trace_id get_current_active_span get_last_active_trace_id start_span"
    " start_span_no_context trace update_current_trace",
    "fluent.waiting": "flush_artifact_async_logging flush_async_logging flush_trace_async_logging",
}

_WHERE = {name: f"trackline.{module}" for module, names in _NAMES.items() for name in names.split()}

__all__ = [*_MODULES.split(), *(name for name in _WHERE if not name.startswith("_"))]


def __getattr__(name: str) -> Any:
    if name not in _WHERE and name not in _MODULES.split():
        raise AttributeError(
            f"module 'trackline' has no attribute {name!r}. What there is of MLflow's names is in `trackline.__all__`; its own"
            " package has the rest, and logs to a `trackline server` too."
        )
    try:
        if name in _WHERE:
            value = getattr(importlib.import_module(_WHERE[name]), name)
        else:
            value = importlib.import_module(f"trackline.{name}")
    except ImportError as error:
        from trackline import _nothing

        value = _nothing.instead(error)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
