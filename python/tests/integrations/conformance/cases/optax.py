"""Optax, for the conformance suite."""

from __future__ import annotations

from typing import Any

PUBLIC = ("optax._src.alias:adam", "optax._src.update:apply_updates")
RUNS = 1
"""So many runs `work` makes."""
FITS = False
"""There are steps, and no estimators with `fit`."""


def descend(steps: int) -> tuple[Any, int]:
    """The parameters after so many steps, and how often the loss was computed."""
    import jax
    import optax

    made = 0

    def loss(parameters: Any) -> Any:
        nonlocal made
        made += 1
        return ((parameters - 1.0) ** 2).sum()

    optimizer = optax.adam(0.1)
    parameters = jax.numpy.zeros(3)
    state = optimizer.init(parameters)
    for _ in range(steps):
        updates, state = optimizer.update(jax.grad(loss)(parameters), state)
        parameters = optax.apply_updates(parameters, updates)
    return parameters, made


def work() -> bytes:
    """A few steps; gives everything that was computed."""
    import numpy

    return numpy.asarray(descend(3)[0]).tobytes()


def calls() -> int:
    """How often the loss ran, for one step."""
    return descend(1)[1]
