"""What has to be installed to load a model, told from this process: nothing is started and nothing is imported."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from typing import Any

from trackline import _native, _process


def modules_of(model: Any) -> set[str]:
    """The top-level modules of the model's class, its bases and what is nested in it."""
    found = {cls.__module__.partition(".")[0] for cls in type(model).__mro__}
    params = model.get_params(deep=True) if hasattr(model, "get_params") else {}
    for value in params.values():
        owner = value if hasattr(value, "__module__") else type(value)
        found.add((getattr(owner, "__module__", None) or "").partition(".")[0])
    return found - {"", "builtins", "__main__"}


def write_requirements(
    folder: str,
    modules: Iterable[str],
    pip_requirements: list[str] | str | None,
    extra_pip_requirements: list[str] | str | None,
    conda_env: dict[str, Any] | str | None,
) -> None:
    """Writes `requirements.txt`, `conda.yaml` and `python_env.yaml`."""
    python = platform.python_version()
    needed = _lines(pip_requirements)
    if needed is None:
        needed = ["mlflow", *_process.packages().requirements(sorted(modules))]
    needed += _lines(extra_pip_requirements) or []
    conda = _native.conda_yaml(python, needed)
    if isinstance(conda_env, dict):
        conda = _native.to_yaml(conda_env)
    elif conda_env is not None:
        with open(conda_env, encoding="utf-8") as file:
            conda = file.read()
    texts = {
        "requirements.txt": _native.requirements_txt(needed),
        "conda.yaml": conda,
        "python_env.yaml": _native.python_env_yaml(python),
    }
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def _lines(requirements: list[str] | str | None) -> list[str] | None:
    """A list, or the lines of a requirements file."""
    if isinstance(requirements, str):
        with open(requirements, encoding="utf-8") as file:
            return [line.strip() for line in file if line.strip() and not line.startswith("#")]
    return None if requirements is None else list(requirements)
