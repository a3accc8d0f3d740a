"""What the user asked `autolog()` for. Hooks look it up with every call, since a second `autolog()` may ask for something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Config:
    """What a user asked for. An integration looks at what applies to it."""

    log_input_examples: bool = False
    log_model_signatures: bool = True
    log_models: bool = True
    log_datasets: bool = True
    exclusive: bool = False
    disable_for_unsupported_versions: bool = False
    silent: bool = False
    extra_tags: dict[str, str] | None = None
    registered_model_name: str | None = None
    # scikit-learn
    max_tuning_runs: int | None = None
    log_post_training_metrics: bool = True
    serialization_format: str = "cloudpickle"
    pos_label: Any = None
    # Keras
    log_every_n_steps: int | None = None
    # XGBoost
    importance_types: tuple[str, ...] | None = None
    model_format: str = "ubj"


ACCEPTED = frozenset(
    (
        "checkpoint",
        "checkpoint_mode",
        "checkpoint_monitor",
        "checkpoint_save_best_only",
        "checkpoint_save_freq",
        "checkpoint_save_weights_only",
        "keras_model_kwargs",
        "log_every_n_epoch",
        "log_every_n_step",
        "log_traces",
        "save_exported_model",
        "save_model_kwargs",
        "saved_model_kwargs",
    )
)
"""Options of MLflow's that change nothing here: curves are whole, and checkpoints are kept as the program writes them."""

asked: dict[str, Config] = {}
"""By flavor, and by the file of an observer; of those alone that are on."""

of = asked.get
"""`of("sklearn")`: the config of scikit-learn, None while it is not recorded."""
