"""What must be so when the process forks.

A child that is born while another thread imports a part of ours would wait for that import for ever. And from Python 3.12 on
a process with threads is warned that its child may find locks held. Ours are made for that (`crates/trackline/src/fork.rs`), so a
program that has no thread but ours is not warned.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

LONGEST_WAIT_SECONDS = 5.0
"""An import that waits for the forking thread itself is not waited for any longer."""

# The modules that are being imported, by name, in all threads.
_importing: dict[str, object] = getattr(sys.modules["_frozen_importlib"], "_module_locks", {})


def _wait_for_imports() -> None:
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    # Asked for none at all first: no other thread has its turn between that and the fork.
    while _importing and any(name.startswith("trackline.") for name in list(_importing)) and time.monotonic() < end:
        time.sleep(0.001)


THREADS = "/proc/self/task"
THIS_THREAD = "/proc/thread-self"
"""A folder for each thread of the process, and a link to that of this one, where the kernel has them."""


class _ForkWithThreads:
    """The text of that warning. Filters call `match` of what need not be a pattern; then this one is gone."""

    def match(self, text: str) -> bool:
        found = text.startswith("This process (pid=") and "is multi-threaded, use of fork" in text
        if found:
            _show_warning()
        return found


_FILTER = ("ignore", _ForkWithThreads(), DeprecationWarning, None, 0)


def _hide_warning() -> None:
    # Not by `filterwarnings`, which would have warnings repeated that were shown once.
    import warnings

    _show_warning()
    if _has_threads_of_ours_only():
        warnings.filters.insert(0, _FILTER)  # type: ignore[attr-defined]


def _has_threads_of_ours_only() -> bool:
    native = sys.modules.get("trackline._native")
    names = list(_other_threads())
    named = sum(name.startswith("trackline") for name in names)
    # One that has just begun has no name of its own yet; one that is about to end is counted no more.
    unnamed = max(0, native.own_threads() - named) if native is not None else 0
    return bool(names) and len(names) <= named + unnamed


def _show_warning() -> None:
    filters: list[object] = sys.modules["warnings"].filters
    if _FILTER in filters:
        filters.remove(_FILTER)


def _other_threads() -> Iterator[str]:
    if not os.path.exists(THIS_THREAD):
        return
    this = os.path.basename(os.readlink(THIS_THREAD))
    for thread in os.listdir(THREADS):
        if thread != this:
            try:
                with open(f"{THREADS}/{thread}/comm") as name:
                    yield name.read()
            except OSError:
                continue  # It has ended.


os.register_at_fork(before=_wait_for_imports)
if sys.version_info >= (3, 12):
    os.register_at_fork(before=_hide_warning, after_in_child=_show_warning)
