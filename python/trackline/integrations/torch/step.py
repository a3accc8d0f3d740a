"""One step of a loop: what is seen from the first loss on until an optimizer has made it. Numbers of a device arrive later."""

from __future__ import annotations

from collections.abc import Callable

Values = dict[str, float]
Then = Callable[["Step", Values], None]
"""Takes the step and the mean of each name's numbers."""


class _Mean:
    """That of numbers which are not kept: of steps that no optimizer makes there may be any number."""

    def __init__(self) -> None:
        self._sum = 0.0
        self.count = 0

    def add(self, value: float) -> None:
        self._sum += value
        self.count += 1

    @property
    def value(self) -> float:
        return self._sum / self.count


class Step:
    """The step that is under way, then one that was made."""

    def __init__(self, then: Then) -> None:
        self.number = 0
        """The optimizer's, when it was made."""
        self.axis = 0
        """Where its points stand."""
        self.also: Values = {}
        """Metrics of it that are known at once."""
        self._then = then
        self._seen: dict[str, _Mean] = {}
        self._awaited = 0
        self._made = False

    def has(self, name: str) -> bool:
        """Whether a number of this name was seen."""
        return name in self._seen

    def expects(self, name: str) -> Callable[[float], None]:
        """What to call when a number that was seen has arrived."""
        seen = self._seen.setdefault(name, _Mean())
        self._awaited += 1

        def arrived(value: float) -> None:
            self._awaited -= 1
            seen.add(value)
            self._end()

        return arrived

    def lost(self) -> None:
        """A number that was expected does not arrive."""
        self._awaited -= 1

    def made(self, number: int, axis: int, also: Values) -> None:
        """An optimizer has made it."""
        self.number, self.axis, self.also, self._made = number, axis, also, True
        self._end()

    def _end(self) -> None:
        if self._made and not self._awaited:
            self._then(self, {name: seen.value for name, seen in self._seen.items() if seen.count})
