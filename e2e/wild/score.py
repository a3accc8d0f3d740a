"""The capture score, as a table: `python -m wild.score [--public FOLDER] [--mlflow] [NAME…]` in the folder `e2e`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from wild import play
from wild.facts import Fact, Script, items, junk, missing, read

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Score:
    """Facts on record with each tracker, junk, and whether the script was as it is without."""

    script: Script
    missing: list[Fact]
    missing_in_mlflow: list[Fact] | None
    items: int
    junk: list[str]
    differences: list[str]

    def row(self) -> str:
        total = len(self.script.facts)
        peer = "–" if self.missing_in_mlflow is None else str(total - len(self.missing_in_mlflow))
        name = f"{self.script.repository}: {self.script.path}" if self.script.repository else self.script.path
        same = "yes" if not self.differences else ", ".join(self.differences)
        return f"| {name} | {total} | {total - len(self.missing)} | {peer} | {len(self.junk)} of {self.items} | {same} |"


def scored(script: Script, source: Path, folder: Path, with_mlflow: bool = False) -> Score:
    """Runs a script bare and under each tracker, in folders below `folder`."""
    alone = play.bare(script, source, folder / "bare" / "work")
    seen, record = play.under_trackline(script, source, folder / "seen" / "work")
    missing_in_mlflow = None
    if with_mlflow:
        peer, its_record = play.under_mlflow(script, source, folder / "peer" / "work")
        missing_in_mlflow = missing(script, its_record, peer.shown)
    return Score(
        script=script,
        missing=missing(script, record, seen.shown),
        missing_in_mlflow=missing_in_mlflow,
        items=len(items(record)),
        junk=junk(script, record),
        differences=differences(script, alone, seen),
    )


def differences(script: Script, alone: play.Outcome, seen: play.Outcome) -> list[str]:
    """What is not the same with Trackline, less what the script makes anew each time."""
    found = [what for what in ("code", "output", "errors") if getattr(alone, what) != getattr(seen, what)]
    paths = alone.written.keys() | seen.written.keys()
    found += [path for path in sorted(paths) if alone.written.get(path) != seen.written.get(path)]
    return [what for what in found if not any(fnmatch(what, pattern) for pattern in script.varying)]


def chosen(public: Path | None, names: list[str]) -> list[tuple[Script, Path]]:
    """The scripts of this folder, or those of others in their repositories below `public` (`owner/name`)."""
    scripts = [read(path) for path in sorted((HERE / ("public" if public else "facts")).glob("*.toml"))]
    where = [(script, public / script.repository if public else HERE / "scripts" / script.path) for script in scripts]
    return [(script, source) for script, source in where if not names or script.name in names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path, help="folder with the repositories that public/*.toml name")
    parser.add_argument("--mlflow", action="store_true", help="also under MLflow's autolog")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    scores = []
    print("| Script | Facts | Trackline | MLflow | Junk | Same |\n|---|---:|---:|---:|---:|---|", flush=True)
    for script, source in chosen(options.public, options.names):
        try:
            with tempfile.TemporaryDirectory() as folder:
                score = scored(script, source, Path(folder), options.mlflow)
        except subprocess.TimeoutExpired as error:
            print(f"{script.name}: {error}", file=sys.stderr, flush=True)
            continue
        scores.append(score)
        print(score.row(), flush=True)
        for line in [*(f"  missing {fact}" for fact in score.missing), *(f"  junk {item}" for item in score.junk)]:
            print(line, file=sys.stderr, flush=True)
    total = sum(len(score.script.facts) for score in scores)
    found = total - sum(len(score.missing) for score in scores)
    peer = total - sum(len(score.missing_in_mlflow or []) for score in scores) if options.mlflow else 0
    print(f"| **all** | {total} | {found} ({found / total:.0%}) | {peer} ({peer / total:.0%}) | "
          f"{sum(len(score.junk) for score in scores)} of {sum(score.items for score in scores)} | |")


if __name__ == "__main__":
    main()
