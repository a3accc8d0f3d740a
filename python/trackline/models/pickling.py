from __future__ import annotations

import pickle
from typing import Any, BinaryIO


def cloudpickle() -> Any:
    """The cloudpickle that is installed, on its own or within joblib."""
    try:
        import cloudpickle as module
    except ImportError:
        from joblib.externals import cloudpickle as module
    return module


def dump(model: Any, file: BinaryIO, serialization_format: str) -> None:
    """Pickles a model; `cloudpickle` also takes what is defined in a script."""
    if serialization_format == "pickle":
        pickle.dump(model, file)
    else:
        cloudpickle().dump(model, file)


def load(path: str) -> Any:
    """Unpickles a model. This runs code out of the file: load only what you trust."""
    with open(path, "rb") as file:
        return pickle.load(file)
