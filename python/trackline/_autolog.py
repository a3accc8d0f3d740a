"""Which frameworks are recorded, and how. Nothing is imported for the user: an integration is set up when its
framework is imported, or at once if it is already."""

from __future__ import annotations

import functools
import gc
import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trackline import _config, _switches
from trackline._config import Config
from trackline._guard import guard

if TYPE_CHECKING:
    from trackline._patch import Patches

TARGETS: dict[str, str | tuple[str, ...]] = {
    "catboost": "catboost",
    "hyperopt": "hyperopt",
    "keras": "keras",
    "lightgbm": "lightgbm",
    "lightning": "torch",
    "sklearn": "sklearn",
    "optax": ("optax", "jax"),
    "optuna": "optuna",
    "statsmodels": "statsmodels",
    "torch": "torch",
    "transformers": "transformers.trainer",
    "xgboost": "xgboost",
}
"""The module whose import sets up an integration, or the modules of which the first does, by flavor."""

OBSERVERS: dict[str, tuple[str, str | None]] = {
    "argparse": ("arguments", "argparse"),
    "jsonargparse": ("arguments", "jsonargparse"),
    "click": ("arguments", None),
    "fire": ("arguments", "fire"),
    "absl": ("arguments", "absl.flags"),
    "omegaconf": ("configs", "omegaconf"),
    "constants": ("configs", None),
    "config_files": ("configs", None),
    "gymnasium": ("configs", "gymnasium.envs.registration"),
    "config_objects": ("configs", None),
    "files": ("files", None),
    "written": ("shown", None),  # In the end, after those that bring results under names of the program, and before its files are kept.
    "models": ("checkpoints", None),
    "accelerate": ("metrics", None),
    "evaluate": ("metrics", "evaluate.module"),
    "tensorboard": ("metrics", None),
    "wandb": ("metrics", None),
    "ray_tune": ("sweeps", None),
    "trials": ("sweeps", None),
    "lineage": ("data", None),
    "tables": ("data", None),
    "fits": ("data", None),
    "loop_data": ("data", None),
    "matplotlib": ("figures", "matplotlib.backend_bases"),
    "displays": ("figures", "sklearn"),
    "learned": ("checkpoints", None),  # Before those that bring curves, so that in the end it comes after them.
    "plotly": ("figures", "plotly"),
    "altair": ("figures", "altair"),
    "stdout": ("shown", None),
    "logs": ("shown", "logging"),
    "progress": ("shown", "tqdm.std"),
    "variables": ("shown", None),
    "loops": ("loops", None),
}
"""What is captured beside frameworks, by its file in `trackline.observers`: the category that switches it, and the
module whose import sets it up, None for at once."""

_hooks: dict[str, Patches] = {}
"""What waits for its module, or has been set up, by flavor or name of the observer; no two of these are the same."""
_by_name: set[str] = set()
"""Flavors that were set up by a call of their own, which stands against a later `autolog()`."""


def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    log_traces: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    extra_tags: dict[str, str] | None = None,
    exclude_flavors: list[str] | None = None,
    *,
    capture: Mapping[str, bool] | None = None,
) -> None:
    """Records what every supported framework does from now on, whether it is imported already or later, and what
    else the program shows of itself.

    `exclusive`: nothing goes into runs that the user started. `extra_tags`: tags of the runs that autologging
    starts. `exclude_flavors`: names such as `xgboost`. `disable`: nothing is recorded any more. `log_traces` is
    accepted for MLflow's sake. `capture`: categories to switch, as in `{"figures": False}`; those it does not name
    are as the environment (`TRACKLINE_FIGURES=off`) or `[tool.trackline]` in `pyproject.toml` has them, else on.
    """
    _switches.choose(capture or {})
    config = Config(
        log_input_examples=log_input_examples,
        log_model_signatures=log_model_signatures,
        log_models=log_models,
        log_datasets=log_datasets,
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        extra_tags=extra_tags,
    )
    from trackline import _taken_names

    with _taken_names.at_once():
        for flavor in TARGETS:
            if flavor in (exclude_flavors or ()):
                continue
            if disable:
                _disable(flavor)
            elif flavor not in _by_name:
                _enable(flavor, config)
        for name, (category, target) in OBSERVERS.items():
            if disable or not _switches.on(category):
                _take_off(name)
            else:
                _put_on(name, target, config)


def is_on() -> bool:
    """Whether anything is captured."""
    return bool(_hooks)


def sklearn_autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    max_tuning_runs: int | None = None,
    log_post_training_metrics: bool = True,
    serialization_format: str = "cloudpickle",
    registered_model_name: str | None = None,
    pos_label: Any = None,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """`trackline.autolog` for scikit-learn alone. Of a search, the best `max_tuning_runs` candidates become child
    runs, all if absent; `pos_label` is the positive class of binary metrics."""
    config = Config(
        log_input_examples=log_input_examples,
        log_model_signatures=log_model_signatures,
        log_models=log_models,
        log_datasets=log_datasets,
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        extra_tags=extra_tags,
        registered_model_name=registered_model_name,
        max_tuning_runs=max_tuning_runs,
        log_post_training_metrics=log_post_training_metrics,
        serialization_format=serialization_format,
        pos_label=pos_label,
    )
    _set_up("sklearn", config, disable)


def xgboost_autolog(
    importance_types: list[str] | None = None,
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    model_format: str = "ubj",
    extra_tags: dict[str, str] | None = None,
) -> None:
    """`trackline.autolog` for XGBoost alone; `importance_types` are `weight` (the default), `gain`, `cover`, …"""
    config = Config(
        log_input_examples=log_input_examples,
        log_model_signatures=log_model_signatures,
        log_models=log_models,
        log_datasets=log_datasets,
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        extra_tags=extra_tags,
        registered_model_name=registered_model_name,
        importance_types=None if importance_types is None else tuple(importance_types),
        model_format=model_format,
    )
    _set_up("xgboost", config, disable)


def flavor_autolog(flavor: str, *, disable: bool = False, **options: Any) -> None:
    """`trackline.autolog` for one flavor alone; `options` are those of `autolog`, and `registered_model_name`."""
    chosen = {name: value for name, value in options.items() if name not in _config.ACCEPTED}
    _set_up(flavor, Config(**chosen), disable)


def _set_up(flavor: str, config: Config, disable: bool) -> None:
    if disable:
        _disable(flavor)
    else:
        _by_name.add(flavor)
        _enable(flavor, config)


def _enable(flavor: str, config: Config) -> None:
    _put_on(flavor, TARGETS[flavor], config)


def _disable(flavor: str) -> None:
    _by_name.discard(flavor)
    _take_off(flavor)


def _put_on(name: str, target: str | tuple[str, ...] | None, config: Config) -> None:
    from trackline._native import collection, mode
    from trackline._patch import Patches

    if mode() == "off":
        return
    if collection not in gc.callbacks:
        gc.callbacks.append(collection)
    previous = _hooks.pop(name, None)
    if previous is not None:
        previous.undo()
    hooks = _hooks[name] = Patches()
    _config.asked[name] = config
    if target is None:
        with guard(name, charged=False):
            _module(name).patch()
    else:
        patch = functools.cache(lambda: _module(name).patch())
        for module in (target,) if isinstance(target, str) else target:
            hooks.on_import(module, lambda _module_of_theirs: patch())


def _take_off(name: str) -> None:
    hooks = _hooks.pop(name, None)
    if hooks is not None:
        hooks.undo()
        _config.asked.pop(name, None)
        with guard(name):
            _module(name).unpatch()
    if not _hooks:
        from trackline._native import collection

        gc.callbacks[:] = [call for call in gc.callbacks if call is not collection]


def _module(name: str) -> Any:
    room = "integrations" if name in TARGETS else "observers"
    return importlib.import_module(f"trackline.{room}.{name}")
