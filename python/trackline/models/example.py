"""The input example of a model: two files beside it, one as it is, one as a scoring server takes it."""

from __future__ import annotations

import json
import os
from typing import Any

EXAMPLE = "input_example.json"
SERVING = "serving_input_example.json"


def save_example(example: Any, folder: str) -> dict[str, Any]:
    """Writes the files and gives what an `MLmodel` file says of them."""
    info: dict[str, Any] = {"artifact_path": EXAMPLE, "serving_input_path": SERVING}
    if hasattr(example, "columns") and not isinstance(example, dict):
        table = json.loads(example.to_json(orient="split", date_format="iso"))
        saved: Any = {"columns": table["columns"], "data": table["data"]}
        serving: Any = {"dataframe_split": saved}
        info |= {"type": "dataframe", "pandas_orient": "split"}
    elif isinstance(example, dict) and all(hasattr(value, "tolist") for value in example.values()):
        saved = {name: value.tolist() for name, value in example.items()}
        serving = {"inputs": saved}
        info |= {"type": "ndarray"}
    elif hasattr(example, "tolist"):
        saved, serving = example.tolist(), {"inputs": example.tolist()}
        info |= {"type": "ndarray"}
    else:
        saved, serving = example, {"inputs": example}
        info |= {"type": "json_object"}
    for name, content in ((EXAMPLE, saved), (SERVING, serving)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(content, file, default=str)
    return info
