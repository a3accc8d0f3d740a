from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackline._autolog import Config

config: Config | None = None
"""What the user asked for; None while PyTorch is not recorded."""
