"""What `import trackline` costs and what it offers."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import trackline

HEAVY = ("numpy", "pandas", "polars", "sklearn", "xgboost", "matplotlib", "asyncio", "logging", "dataclasses", "json")


def test_the_import_takes_nothing_along() -> None:
    code = f"import sys, trackline; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_run_takes_no_framework_along(store: Path) -> None:
    code = (
        "import sys, trackline\n"
        "with trackline.start_run(): trackline.log_metric('a', 1)\n"
        "print([name for name in ('numpy', 'pandas', 'sklearn', 'asyncio', 'logging') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=store.parent)
    assert found.stdout.strip() == "[]"


def test_every_name_is_there() -> None:
    for name in trackline.__all__:
        assert getattr(trackline, name) is not None
    assert set(trackline.__all__) <= set(dir(trackline))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        getattr(trackline, "nothing_like_it")  # noqa: B009 - the checker would refuse the plain form


@pytest.mark.parametrize(
    "name", ["sklearn", "xgboost", "pyfunc", "entities", "artifacts", "data", "models", "exceptions", "client", "tracking"]
)
def test_modules_are_attributes_and_imports(name: str) -> None:
    assert importlib.import_module(f"trackline.{name}") is getattr(trackline, name)


def test_checkers_are_told_the_names_that_exist() -> None:
    tree = ast.parse(Path(str(trackline.__file__)).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told = {alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert told - {"__version__", "Any"} == set(trackline.__all__)


# What MLflow has besides, and why not here: Unity Catalog, Databricks' environment packing, and linking by call.
NOT_TAKEN = {"trace_location", "env_pack"}
SAME = [name for name in trackline.__all__ if inspect.isfunction(getattr(trackline, name))]
OWN = {"explain", "flush", "list_checkpoints", "load_checkpoint"}


def test_functions_take_what_mlflow_takes() -> None:
    import mlflow

    differing = {}
    for name in set(SAME) - OWN:
        theirs = [p for p in inspect.signature(getattr(mlflow, name)).parameters if p not in NOT_TAKEN]
        ours = list(inspect.signature(getattr(trackline, name)).parameters)
        if ours[: len(theirs)] != theirs:
            differing[name] = (ours, theirs)
    assert differing == {}


@pytest.mark.parametrize("method", ["create_run", "log_metric", "log_batch", "search_runs", "set_terminated", "log_image"])
def test_the_client_takes_what_mlflow_takes(method: str) -> None:
    from mlflow import MlflowClient

    theirs = list(inspect.signature(getattr(MlflowClient, method)).parameters)
    assert list(inspect.signature(getattr(trackline.MlflowClient, method)).parameters) == theirs
