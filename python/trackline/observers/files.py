"""Files that the program writes and reads: those that the interpreter opens, and those of the libraries that open
them without it."""

from __future__ import annotations

import functools
import os
import site
import sys
from collections import defaultdict
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, NamedTuple

from trackline import _ambient, _at_exit, _checkpoints, _native, _process, _project, _taken_names
from trackline._patch import Call, Outcome, Patches

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun


class Opener(NamedTuple):
    """A function that opens the file that it gets as its argument number `place`, or `name`."""

    module: str
    function: str
    place: int
    name: str


WRITERS = [
    Opener("pandas.core.frame", "DataFrame.to_parquet", 1, "path"),
    Opener("pandas.core.frame", "DataFrame.to_feather", 1, "path"),
    Opener("pyarrow.parquet.core", "ParquetWriter.__init__", 1, "where"),
    Opener("pyarrow.feather", "write_feather", 1, "dest"),
    Opener("pyarrow.csv", "write_csv", 1, "output_file"),
    Opener("xgboost.core", "Booster.save_model", 1, "fname"),
    Opener("lightgbm.basic", "Booster.save_model", 1, "filename"),
    Opener("catboost.core", "CatBoost.save_model", 1, "fname"),
    Opener("cv2", "imwrite", 0, "filename"),
    *(
        Opener("polars", f"DataFrame.write_{form}", 1, "file")
        for form in ("avro", "csv", "ipc", "json", "ndjson", "parquet")
    ),
    *(Opener("polars", f"LazyFrame.sink_{form}", 1, "path") for form in ("csv", "ipc", "ndjson", "parquet")),
]
READERS = [
    Opener("pandas.io.parquet", "read_parquet", 0, "path"),
    Opener("pandas.io.feather_format", "read_feather", 0, "path"),
    Opener("pyarrow.parquet.core", "ParquetFile.__init__", 1, "source"),
    Opener("pyarrow.parquet.core", "read_table", 0, "source"),
    Opener("pyarrow.feather", "read_table", 0, "source"),
    Opener("pyarrow.csv", "read_csv", 0, "input_file"),
    Opener("xgboost.core", "Booster.load_model", 1, "fname"),
    Opener("cv2", "imread", 0, "filename"),
    *(
        Opener("polars", f"{verb}_{form}", 0, "source")
        for form in ("avro", "csv", "ipc", "json", "ndjson", "parquet")
        for verb in ("read", "scan")
    ),
]
OTHERS = [Opener("h5py._hl.files", "File.__init__", 1, "name")]
"""Both, as their argument `mode` says."""

_patches = Patches()
_by_function: dict[Any, Opener] = {}
_audited = False


def patch() -> None:
    """Notes files from now on."""
    global _audited
    if not _audited:
        # There is no way to take it off again; it does nothing while no file is watched.
        sys.addaudithook(_native.audit)
        _audited = True
    _native.watch_files(_own_folders(), _installed())
    _native.watch_renames(_checkpoints.renamed)
    watched: defaultdict[str, list[tuple[Opener, Any]]] = defaultdict(list)
    for openers, hook in ((WRITERS, write), (READERS, read), (OTHERS, open_)):
        for opener in openers:
            watched[opener.module].append((opener, hook))
    for module, pairs in watched.items():
        _patches.on_import(module, functools.partial(_watch, pairs))
    _ambient.watch(_ends, _keep)
    _at_exit.add(_keep, "files")


def unpatch() -> None:
    """Notes no files any more."""
    _patches.undo()
    _native.unwatch_files()
    _native.watch_renames(None)
    _ambient.unwatch(_ends)
    _at_exit.remove(_keep)


def write(call: Call) -> Generator[None, Outcome, None]:
    """A library writes a file itself."""
    outcome = yield
    if outcome.error is None:
        _note(call, True)


def read(call: Call) -> Generator[None, Outcome, None]:
    """A library reads a file itself."""
    outcome = yield
    if outcome.error is None:
        _note(call, False)


def open_(call: Call) -> Generator[None, Outcome, None]:
    """A library opens a file itself: `File(name, mode="r")`."""
    outcome = yield
    if outcome.error is None:
        _note(call, (call.args[2] if len(call.args) > 2 else call.kwargs.get("mode", "r")) != "r")


def _note(call: Call, writes: bool) -> None:
    opener = _by_function[call.original]
    path = call.args[opener.place] if len(call.args) > opener.place else call.kwargs.get(opener.name)
    if isinstance(path, str | bytes | os.PathLike) and "://" not in os.fsdecode(path):
        _native.note_file(os.fspath(path), writes)


def _watch(pairs: list[tuple[Opener, Any]], module: Any) -> None:
    with _taken_names.at_once():
        for opener, hook in pairs:
            owner, _, name = opener.function.rpartition(".")
            place = getattr(module, owner, None) if owner else module
            if place is None or name not in vars(place):
                continue
            _by_function.setdefault(vars(place)[name], opener)
            if owner:
                _patches.wrap(place, name, hook)
            else:
                _patches.wrap_functions([vars(place)[name]], hook)


def _own_folders() -> list[str]:
    """The working folder, and that of the script if it is not installed; and the projects that they are in."""
    script = getattr(sys.modules["__main__"], "__file__", None)
    folders = [here] if (here := _process.working_folder()) else []
    if script is not None and not os.path.abspath(script).startswith(tuple(_installed())):
        folders.append(os.path.dirname(os.path.abspath(script)))
    folders += [found for folder in folders if (found := _project.root(folder)) is not None]
    return [folder for folder in dict.fromkeys(folders) if folder not in (os.sep, os.path.expanduser("~"))]


def _installed() -> list[str]:
    found = [sys.prefix, sys.base_prefix, os.path.dirname(os.__file__), *site.getsitepackages(), site.getusersitepackages()]
    return list(dict.fromkeys(found))


def _keep() -> None:
    """What was written until now belongs to the run that there is now, and not to one that begins after it."""
    run = _ambient.run()
    if run is not None:
        _native.keep_files(run.handle)


def _ends(run: ActiveRun) -> None:
    """A run of the user takes with it what was written in it. After a recorded fit there may be more to come."""
    if not run.managed:
        _native.keep_files(run.handle)
