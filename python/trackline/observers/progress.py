"""What tqdm's progress bars show beside the progress: `set_postfix(loss=…)`, `set_description(f"loss {loss}")`."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

from trackline import _ambient
from trackline._patch import Call, Outcome, Patches
from trackline._script import frames
from trackline.observers import _shown

SOURCE = "tqdm"

_patches = Patches()


def patch() -> None:
    """Watches every bar from now on."""
    bar = sys.modules["tqdm.std"].tqdm
    _patches.wrap(bar, "set_postfix", postfix)
    for name in ("set_postfix_str", "set_description", "set_description_str"):
        _patches.wrap(bar, name, text)


def unpatch() -> None:
    """Leaves bars alone again."""
    _patches.undo()
    _shown.forget()


def postfix(call: Call) -> Generator[None, Outcome, None]:
    """Numbers as they are, but those that only count; other values are not touched, for they may wait for a device."""
    yield
    _, *given = call.args
    values = {**(given[0] if given and given[0] else {}), **(call.kwargs.get("ordered_dict") or {}), **call.kwargs}
    told = {key: value for key, value in values.items() if key not in frames.COUNTERS}
    numbers = {key: number for key, value in told.items() if (number := _number(value)) is not None}
    if numbers:
        _update(", ".join(f"{key}: {number}" for key, number in numbers.items()), ",".join(numbers))


def text(call: Call) -> Generator[None, Outcome, None]:
    """A text made by the user."""
    yield
    shown = call.args[1] if len(call.args) > 1 else next(iter(call.kwargs.values()), None)
    if isinstance(shown, str) and any(character.isdigit() for character in shown):
        _update(shown, call.original.__name__)


def _update(shown: str, what: str) -> None:
    """The bar itself counts only when it is drawn again, so steps are updates."""
    _shown.read(shown, SOURCE, [_shown.of(_ambient.run()).update(what)])


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) or type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        return float(value)
    if isinstance(value, str):
        try:
            return float(value.rstrip("%"))
        except ValueError:
            return None
    return None
