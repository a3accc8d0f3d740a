"""Whether what a program shows, rounded and now and then, is what a loop of it computes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Points = list[tuple[int, float, int]]
"""Step, value and time of each turn."""

FEWEST = 3
"""So many values under another name must be the same, and not all alike."""
THIN = 2
"""A curve is thin that has fewer than one point for so many turns."""


class Shown(NamedTuple):
    """A curve that the program shows."""

    key: str
    values: Mapping[int, float]
    offset: int
    """Its step less that of the loop: many count epochs from one where they show them."""

    def is_thin(self, points: Points) -> bool:
        """Whether the loop knows much more than what is shown."""
        return THIN * len(self.values) < len(points)


def shown_as(name: str, points: Points, curves: Mapping[str, Mapping[int, float]]) -> Shown | None:
    """The curve that shows these points: the one of their name, else any."""
    by_step = {step: value for step, value, _ in points}
    own = [key for key in curves if key.lower() == name.lower()]
    for key in [*own, *(key for key in curves if key not in own)]:
        for offset in (0, 1):
            shown = Shown(key, curves[key], offset)
            if _is(shown, by_step, certain=key in own):
                return shown
    return None


def _is(shown: Shown, by_step: dict[int, float], certain: bool) -> bool:
    pairs = [(value, by_step.get(step - shown.offset)) for step, value in shown.values.items()]
    known = [(value, computed) for value, computed in pairs if computed is not None]
    if not certain and (len(known) < FEWEST or len({value for value, _ in known}) < 2):
        return False
    return bool(known) and all(is_rounded(value, computed) for value, computed in known)


def is_rounded(shown: float, computed: float) -> bool:
    """Whether a number is shown like that with the digits it has, or in percent."""
    digits, _, exponent = repr(shown).partition("e")
    place = int(exponent or 0) - len(digits.partition(".")[2])
    return min(abs(shown - computed), abs(shown - 100 * computed)) <= 0.501 * 10.0**place
