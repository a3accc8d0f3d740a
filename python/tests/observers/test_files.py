"""Files that scripts write and read, with the libraries that open them, and without a change for the script."""

from __future__ import annotations

import os
from typing import Any

import pytest
from recorded import Recorded
from scripting import FIT, Scripts

PYTHON = """
import csv, json, os, pathlib, pickle, shutil, tempfile
os.makedirs("out/deep")
with open("out/table.csv", "w") as file: csv.writer(file).writerow([1, 2])
pathlib.Path("out/deep/notes.txt").write_text("note")
json.dump({"a": 1}, open("metrics.json", "w"))
os.close(os.open("raw.bin", os.O_CREAT | os.O_WRONLY))
with open("state.bin.tmp", "wb") as file: file.write(b"whole")
os.replace("state.bin.tmp", "state.bin")
open("gone.txt", "w").close(); os.remove("gone.txt")
with open("copy of notes.txt", "w") as file: file.write("note")
open("ünï 中\\n.txt", "w").write("odd")
open(b"bytes.txt", "w").write("by bytes")
for turn in range(100): open("again.txt", "w").write(str(turn))
open(".env", "w").write("TOKEN=x"); open("secrets.yaml", "w").write("x"); open("key.pem", "w").write("x")
os.mkdir("mlruns"); open("mlruns/meta.yaml", "w").write("x")
with tempfile.NamedTemporaryFile() as file: file.write(b"elsewhere")
open("huge.bin", "wb").truncate(200 << 20)
"""
LIBRARIES = """
import numpy as np, pandas as pd, polars as pl, joblib, h5py, onnx, onnx.helper, pyarrow as pa, pyarrow.parquet, pyarrow.feather
frame = pd.DataFrame({"a": [1, 2]})
np.save("array.npy", np.arange(3)); np.savez("arrays.npz", a=np.arange(4)); np.savetxt("array.txt", np.arange(5))
frame.to_csv("pandas.csv"); frame.to_parquet("pandas.parquet"); frame.to_pickle("pandas.pkl"); frame.to_feather("pandas.feather")
pl.DataFrame({"b": [1]}).write_parquet("polars.parquet"); pl.DataFrame({"b": [2]}).write_csv("polars.csv")
pl.LazyFrame({"b": [3]}).sink_csv("sunk.csv")
pa.parquet.write_table(pa.table({"c": [1]}), "arrow.parquet")
with h5py.File("data.h5", "w") as file: file["x"] = [1, 2]
joblib.dump({"a": 1}, "joblib.joblib")
onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], [])), "model.onnx")
"""
READS = """
import json, numpy as np, pandas as pd, polars as pl, h5py
from PIL import Image
pd.read_csv("in/train.csv"); pl.read_csv("in/polars.csv"); pl.scan_parquet("in/lazy.parquet").collect(); np.load("in/array.npy")
h5py.File("in/data.h5").close(); pd.read_parquet("in/pandas.parquet"); json.load(open("config.json"))
for number in range(30): Image.open(f"in/images/{number}.png").load()
open("result.txt", "w").write("x"); open("result.txt").read()
import helper
"""


def test_python_may_compile_what_is_imported_while_files_are_watched(scripts: Scripts) -> None:
    """It renames a file for each module: one of those that are half imported by then."""
    caches = {"PYTHONPYCACHEPREFIX": str(scripts.folder / "caches"), "PYTHONDONTWRITEBYTECODE": ""}
    done = scripts.run("trackline.start_run(); trackline.end_run()", **caches)
    assert (done.returncode, done.stderr) == (0, "")
    assert list((scripts.folder / "caches").rglob("_active_run.*.pyc"))


def test_what_a_script_writes_is_kept(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    done = scripts.run(FIT + PYTHON)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    told = {entry["path"]: entry.get("artifact") or entry["left_out"] for entry in document("files")["written"]}
    assert told == {
        "out/table.csv": "files/out/table.csv",
        "out/deep/notes.txt": "files/out/deep/notes.txt",
        "metrics.json": "files/metrics.json",
        "raw.bin": "files/raw.bin",
        "state.bin": "files/state.bin",
        "copy of notes.txt": "files/out/deep/notes.txt",
        "ünï 中\n.txt": "files/ünï 中\n.txt",
        "bytes.txt": "files/bytes.txt",
        "again.txt": "files/again.txt",
        "huge.bin": "larger than 100 MiB",
    }
    for path, artifact in told.items():
        if artifact.startswith("files/"):
            assert recorded.bytes(recorded.run(), artifact) == (scripts.folder / path).read_bytes()


def test_what_libraries_write_is_kept(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    done = scripts.run(FIT + LIBRARIES)
    assert (done.returncode, done.stderr) == (0, "")
    written = {entry["path"] for entry in document("files")["written"]}
    assert written == {name for name in os.listdir(scripts.folder) if name != "script.py"}
    assert {f"files/{name}" for name in written} >= recorded.files(recorded.run()) & {"files"} - {"files"}


def test_what_a_script_reads_is_its_lineage(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    import h5py
    import numpy as np
    import polars as pl
    from PIL import Image

    data = scripts.folder / "in"
    (data / "images").mkdir(parents=True)
    for name in ("train", "polars"):
        (data / f"{name}.csv").write_text("a,b\n1,2\n")
    for name in ("lazy", "pandas"):
        pl.DataFrame({"a": [1]}).write_parquet(data / f"{name}.parquet")
    np.save(data / "array.npy", np.arange(3))
    h5py.File(data / "data.h5", "w").close()
    for number in range(30):
        Image.new("L", (2, 2)).save(data / "images" / f"{number}.png")
    (scripts.folder / "config.json").write_text("{}")
    (scripts.folder / "helper.py").write_text("")
    done = scripts.run(READS + FIT)
    assert (done.returncode, done.stderr) == (0, "")
    read = {os.path.relpath(entry["path"], scripts.folder): entry for entry in document("files")["read"]}
    files = ("train.csv", "polars.csv", "lazy.parquet", "array.npy", "data.h5", "pandas.parquet")
    assert set(read) == {*(f"in/{name}" for name in files), "config.json", "in/images"}
    assert read["in/images"]["files"] == 30
    assert read["in/train.csv"]["size"] == 8
    assert read["in/train.csv"]["digest"] == read["in/polars.csv"]["digest"]
    inputs = [entry for entry in recorded.run().inputs.dataset_inputs if entry.tags[0].value == "read"]
    assert {entry.dataset.name for entry in inputs} == {*files, "images"}


def test_each_run_of_the_user_has_its_files(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(
        "for name in ('one', 'two'):\n"
        "    with trackline.start_run(run_name=name):\n"
        "        open(f'{name}.txt', 'w').write(name)\n"
    )
    # They may begin in the same millisecond.
    one, two = sorted(recorded.runs(), key=lambda run: str(run.info.run_name))
    assert recorded.text(one, "files/one.txt") == "one"
    assert recorded.text(two, "files/two.txt") == "two"
    assert {file.path for file in _files(one)} == {"files/one.txt"}
    assert {file.path for file in _files(two)} == {"files/two.txt"}


def test_what_is_written_in_the_project_of_the_script_is_kept(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    project = scripts.folder.parent
    (project / "models").mkdir()
    (project / "setup.py").touch()
    script = FIT + "open('../models/net.bin', 'w').write('x')\nopen('here.txt', 'w').write('y')\nopen('../../beyond.txt', 'w').write('z')\n"
    assert scripts.run(script).returncode == 0
    assert {file["path"] for file in document("files")["written"]} == {"models/net.bin", "here.txt"}


def test_what_follows_a_fit_belongs_to_it(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run("open('before.txt', 'w').write('a')" + FIT + "open('one.txt', 'w').write('b')" + FIT + "open('two.txt', 'w').write('c')")
    first, second = recorded.runs()
    assert {file.path for file in _files(first)} == {"files/before.txt", "files/one.txt"}
    assert {file.path for file in _files(second)} == {"files/two.txt"}


def test_what_is_kept_elsewhere_is_not_kept_twice(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(
        FIT + "import matplotlib.pyplot as plt\n"
        "plt.plot([1, 2]); plt.savefig('loss.png')\n"
        "with trackline.start_run():\n"
        "    open('mine.txt', 'w').write('mine'); trackline.log_artifact('mine.txt', 'by_hand')\n"
    )
    fit, mine = recorded.runs()
    assert "files" not in recorded.files(fit) | recorded.files(mine)


def test_nothing_is_written_when_no_run_ever_begins(scripts: Scripts) -> None:
    done = scripts.run(PYTHON)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not scripts.store.exists()


def test_the_category_can_be_switched_off(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    scripts.run(FIT + PYTHON, TRACKLINE_FILES="off")
    assert document("files") is None
    assert "files" not in recorded.files(recorded.run())


@pytest.mark.parametrize("code", ["open('missing.txt')", "open('x.txt', 'q')", "open(12345)", "raise SystemExit(3)"])
def test_errors_and_exit_codes_are_the_scripts_own(scripts: Scripts, code: str) -> None:
    plain, done = scripts.plain(FIT + code), scripts.run(FIT + code)
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)


def test_many_small_writes_stay_cheap(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    """By the share of the CPU time of its thread that the hook itself takes, and with a bound on what is kept."""
    done = scripts.run(
        FIT + "import os, time, trackline._native as native\n"
        "os.mkdir('many')\n"
        "started = time.thread_time()\n"
        "for number in range(10_000):\n"
        "    with open(f'many/{number}.txt', 'w') as file: file.write(str(number))\n"
        "whole = time.thread_time() - started\n"
        "started = time.thread_time()\n"
        "for number in range(10_000): native.audit('open', (f'many/{number}.txt', 'w', 577))\n"
        "hook = time.thread_time() - started\n"
        "print(hook < whole / 2)\n"
    )
    assert (done.returncode, done.stdout) == (0, "True\n")
    written = document("files")["written"]
    assert len([entry for entry in written if "artifact" in entry]) == 1_000
    assert {entry["left_out"] for entry in written if "left_out" in entry} == {
        "the files before it are all that is kept of one run"
    }


def _files(run: Any) -> list[Any]:
    import trackline

    return trackline.artifacts.list_artifacts(run_id=run.info.run_id, artifact_path="files")
