"""The `Trainer` of Transformers."""

from __future__ import annotations

import functools

from trackline import _autolog

__all__ = ["autolog"]

autolog = functools.partial(_autolog.flavor_autolog, "transformers")
