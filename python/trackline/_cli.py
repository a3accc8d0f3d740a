"""The `trackline` command."""

from __future__ import annotations

import signal
import sys

from trackline import _native


def main() -> int:
    """Runs the command with the arguments of this process and gives its exit code."""
    # Python's handler would only set a flag, which nobody looks at while the extension runs.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.cli_main(["trackline", *sys.argv[1:]])
