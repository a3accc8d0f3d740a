"""Scripts in processes of their own, with and without Trackline."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FIT = """
from sklearn.linear_model import LogisticRegression
LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
"""
"""Something that begins a run."""


@dataclass
class Scripts:
    """Runs code as `script.py` in `folder`, after `autolog(…)`; what is captured goes to a store beside the folder."""

    folder: Path
    store: Path

    def run(self, code: str, autolog: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """With Trackline; the script must say so itself if it wants a run."""
        return self._run(f"import trackline; trackline.autolog({autolog})\n", code, environment)

    def command(self, code: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Under `trackline run`, with the same lines as `plain`."""
        return self._run("\n", code, {}, [sys.executable, "-m", "trackline", "run", "--quiet", *options])

    def plain(self, code: str) -> subprocess.CompletedProcess[str]:
        """Without it; the line of the import is left empty, so that all others keep their numbers."""
        return self._run("\n", code, {})

    def module(self, name: str, code: str) -> None:
        """A module beside the script; `package.module` makes packages of its folders."""
        *packages, _ = parts = name.split(".")
        folder = self.folder.joinpath(*packages)
        folder.mkdir(parents=True, exist_ok=True)
        for depth in range(len(packages)):
            self.folder.joinpath(*parts[: depth + 1], "__init__.py").touch()
        (folder / f"{parts[-1]}.py").write_text(textwrap.dedent(code))

    def _run(
        self, head: str, code: str, environment: dict[str, str], program: Sequence[str] = (sys.executable,)
    ) -> subprocess.CompletedProcess[str]:
        file = self.folder / "script.py"
        file.write_text(head + textwrap.dedent(code))
        chosen = {"TRACKLINE_URI": str(self.store), "TRACKLINE_TESTING": "1", "MPLBACKEND": "Agg"}
        done = subprocess.run(
            [*program, str(file)],
            cwd=self.folder,
            env={**os.environ, **chosen, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done
