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
    """Pickles a model; `cloudpickle` also takes what is defined in a script. It asks of every object in the model whether it is
    such a thing, which takes as long as to pickle it: so that is done only where there are any."""
    if serialization_format == "pickle":
        pickle.dump(model, file)
    elif not _dumped_plainly(model, file):
        file.seek(0)
        file.truncate()
        cloudpickle().dump(model, file)


def _dumped_plainly(model: Any, file: BinaryIO) -> bool:
    # Of some modules the user may have wished that they go into the pickle, as those of a script do.
    if type(model).__module__.endswith("_main__") or cloudpickle().list_registry_pickle_by_value():
        return False
    try:
        pickle.Pickler(_WithoutScript(file), pickle.HIGHEST_PROTOCOL).dump(model)
    except Exception:  # noqa: BLE001 - cloudpickle may know how, or says why not
        return False
    return True


class _WithoutScript:
    """The file, for a pickle that refers to nothing in a script: nobody but the script could load it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: Any) -> int:
        # Names come in frames, which are bytes; large data comes as it is. In workers the script is `__mp_main__`.
        if isinstance(data, bytes) and b"_main__" in data:
            raise pickle.PicklingError("it refers to the script")
        return self._file.write(data)


def load(path: str) -> Any:
    """Unpickles a model. This runs code out of the file: load only what you trust."""
    with open(path, "rb") as file:
        return pickle.load(file)
