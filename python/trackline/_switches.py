"""What is captured, by category. The order of choice: `autolog(capture=...)`, the environment, `[tool.trackline]` of the
nearest `pyproject.toml`; without a word, everything is."""

from __future__ import annotations

from collections.abc import Mapping

from trackline import _native
from trackline._guard import guard

CATEGORIES = tuple(_native.capture_categories())


def on(category: str) -> bool:
    """Whether a category is captured."""
    with guard("switches"):
        return _native.capture_is_on(category)
    return False


def choose(capture: Mapping[str, bool]) -> None:
    """Switches categories in this process; those not named are left to the environment and the project."""
    for category in capture:
        if category not in CATEGORIES:
            from trackline.exceptions import MlflowException

            raise MlflowException.invalid_parameter_value(
                f"There is no category `{category}` to capture: use one of {', '.join(CATEGORIES)}."
            )
    with guard("switches"):
        for category in CATEGORIES:
            wanted = capture.get(category)
            _native.choose_capture(category, None if wanted is None else bool(wanted))
