"""Forks and imports: a child that is born while another thread imports a part of ours would wait for that import for ever."""

from __future__ import annotations

import os
import sys
import time

LONGEST_WAIT_SECONDS = 5.0
"""An import that waits for the forking thread itself is not waited for any longer."""

# The modules that are being imported, by name, in all threads.
_importing: dict[str, object] = getattr(sys.modules["_frozen_importlib"], "_module_locks", {})


def _wait_for_imports() -> None:
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    # Asked for none at all first: no other thread has its turn between that and the fork.
    while _importing and any(name.startswith("trackline.") for name in list(_importing)) and time.monotonic() < end:
        time.sleep(0.001)


os.register_at_fork(before=_wait_for_imports)
