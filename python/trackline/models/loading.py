from __future__ import annotations

import os
import sys
from typing import Any

from trackline import _tracker
from trackline.exceptions import MlflowException
from trackline.models.model import Model


def fetch(model_uri: str, dst_path: str | None = None) -> str:
    """The folder of the model at this URI, on this machine."""
    if os.path.isdir(model_uri):
        return model_uri
    from trackline import _place  # Who only saves models needs it not.

    store = _tracker.store()
    return _place.of_uri(model_uri, store).download(store, dst_path)


def flavor_of(folder: str, flavor: str) -> dict[str, Any]:
    """What the model's file says to one library."""
    flavors = Model.load(folder).flavors
    if flavor not in flavors:
        raise MlflowException(
            f"The model at {folder} has no flavor `{flavor}`; it has {', '.join(flavors)}.",
            "RESOURCE_DOES_NOT_EXIST",
        )
    code = flavors[flavor].get("code")
    if code is not None:
        sys.path.insert(0, os.path.join(folder, code))
    return flavors[flavor]
