"""Where the files of runs, logged models and registered models are."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

from trackline.entities import FileInfo
from trackline.exceptions import MlflowException

if TYPE_CHECKING:
    from trackline._native import Store

TREE = "mlflow-artifacts:"


@dataclass(frozen=True)
class Place:
    """A file or folder: `path` below `root`, in the store's artifact tree or, with `local`, on this machine."""

    root: str
    path: str = ""
    local: bool = False

    @property
    def whole(self) -> str:
        """The path from the top of the tree or file system."""
        return "/".join(part for part in (self.root, self.path) if part)

    def below(self, path: str | None) -> Place:
        """A file or folder in this folder."""
        parts = [part for part in (self.path, (path or "").strip("/")) if part]
        return Place(self.root, "/".join(parts), self.local)

    def exists(self, store: Store) -> bool:
        """Whether anything is there."""
        return os.path.exists(self.whole) if self.local else store.artifacts.kind(self.whole) is not None

    def list(self, store: Store) -> list[FileInfo]:
        """What is directly in the folder; paths are relative to `root`."""
        items = _list_local(self.whole) if self.local else store.artifacts.list(self.whole)
        return [FileInfo(**{**item, "path": self.below(item["path"]).path}) for item in items]

    def read(self, store: Store) -> bytes | None:
        """The bytes of a file, if it is there."""
        if not self.local:
            return store.artifacts.read(self.whole)
        with open(self.whole, "rb") as file:
            return file.read()

    def download(self, store: Store, to: str | None) -> str:
        """Copies the file or folder into the folder `to` (a new temporary one if absent) and gives where it is."""
        if self.local and to is None:
            return self.whole
        target = os.path.join(to or tempfile.mkdtemp(prefix="trackline-"), *self.path.split("/"))
        if not self.exists(store):
            raise MlflowException(f"There is no artifact `{self.whole}`.", "RESOURCE_DOES_NOT_EXIST")
        if not self.local:
            store.artifacts.download(self.whole, target)
        elif os.path.isdir(self.whole):
            shutil.copytree(self.whole, target, dirs_exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(self.whole, target)
        return target


def of_uri(uri: str, store: Store) -> Place:
    """The place of a path, a `file:` URI, `mlflow-artifacts:/…`, `runs:/<run_id>/…`, `models:/<model_id>/…`,
    `models:/<name>/<version or stage>` or `models:/<name>@<alias>`."""
    scheme, _, rest = uri.partition(":")
    rest = rest.strip("/")
    if scheme == "runs":
        run_id, _, path = rest.partition("/")
        return of_run(run_id, path, store)
    if scheme == "models":
        return _of_model(rest, store)
    if scheme == "mlflow-artifacts":
        return Place(*_parent_and_name(rest))
    if "://" in uri and scheme != "file":
        raise MlflowException.invalid_parameter_value(f"Artifacts at `{uri}` cannot be read by this client.")
    local = unquote(urlparse(uri).path) if scheme == "file" else uri
    return Place(os.path.abspath(local), local=True)


def of_run(run_id: str, path: str | None, store: Store) -> Place:
    """A path among the artifacts of a run, or in a logged model that the run made under this name."""
    run = store.runs.get(run_id)
    place = _of_artifact_uri(run["info"]["artifact_uri"]).below(path)
    if path and not place.exists(store):
        name, _, inside = path.strip("/").partition("/")
        models = [store.models.get(output["model_id"]) for output in run["model_outputs"]]
        named = [model for model in models if model["name"] == name]
        if named:
            latest: dict[str, Any] = max(named, key=lambda model: int(model["creation_timestamp"]))
            return _of_artifact_uri(latest["artifact_uri"]).below(inside)
    return place


def of_logged_model(model_id: str, path: str | None, store: Store) -> Place:
    """A path among the files of a logged model."""
    return _of_artifact_uri(store.models.get(model_id)["artifact_uri"]).below(path)


def _of_model(rest: str, store: Store) -> Place:
    name, _, tail = rest.partition("/")
    if name.startswith("m-") and len(name) == 34 and "@" not in name:
        return of_logged_model(name, tail, store)
    if "@" in name:
        name, _, alias = name.partition("@")
        return of_uri(store.registry.version_by_alias(name, alias)["storage_location"], store).below(tail)
    version, _, path = tail.partition("/")
    return of_uri(_version(name, version, store)["storage_location"], store).below(path)


def _version(name: str, version: str, store: Store) -> dict[str, Any]:
    if version.isdigit():
        return store.versions.get(name, int(version))
    latest = store.registry.get(name)["latest_versions"]
    wanted = [v for v in latest if version.lower() in ("latest", v["current_stage"].lower())]
    if not wanted:
        raise MlflowException(
            f"Model `{name}` has no version `{version}`: name a number, a stage, `latest`, or `@alias`.",
            "RESOURCE_DOES_NOT_EXIST",
        )
    return max(wanted, key=lambda v: int(v["version"]))


def _of_artifact_uri(uri: str) -> Place:
    if uri.startswith(TREE):
        return Place(uri.removeprefix(TREE).strip("/"))
    return Place(unquote(urlparse(uri).path) if uri.startswith("file:") else uri, local=True)


def _parent_and_name(path: str) -> tuple[str, str]:
    parent, _, name = path.rpartition("/")
    return parent, name


def _list_local(folder: str) -> list[dict[str, Any]]:
    with os.scandir(folder) as entries:
        return [
            {
                "path": entry.name,
                "is_dir": entry.is_dir(),
                "file_size": None if entry.is_dir() else entry.stat().st_size,
            }
            for entry in sorted(entries, key=lambda entry: entry.name)
        ]
