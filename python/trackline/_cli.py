"""The `trackline` command."""

from __future__ import annotations

import os
import sys

from trackline import _native


def main() -> int:
    """Runs the command with the arguments of this process and gives its exit code."""
    package = os.path.dirname(os.path.abspath(__file__))
    return _native.cli_main(["trackline", *sys.argv[1:]], sys.executable, package)
