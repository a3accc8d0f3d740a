"""What `autolog()` was asked for; None while statsmodels is not patched."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackline._autolog import Config

config: Config | None = None
