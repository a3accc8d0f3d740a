"""Calling the user's model on our own behalf, so that nobody notices."""

from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from trackline.integrations import _session


@contextmanager
def unnoticed(estimator: Any) -> Iterator[None]:
    """In the block no warning is shown, and afterwards all random numbers come as if it had not been."""
    generators = _generators(estimator)
    # The filters are those of the whole process: with other threads about, what one sets another puts back.
    alone = len(sys._current_frames()) == 1
    with _session.recording(), warnings.catch_warnings() if alone else nullcontext():
        if alone:
            warnings.simplefilter("ignore")
        states = [(generator, get(generator)) for generator, get, _ in generators]
        try:
            yield
        finally:
            for (generator, state), (_, _, put) in zip(states, generators, strict=True):
                put(generator, state)


def _generators(estimator: Any) -> list[tuple[Any, Any, Any]]:
    """The sources of random numbers that the estimator may draw from, each with how its state is read and set."""
    found: list[tuple[Any, Any, Any]] = [(random, lambda r: r.getstate(), lambda r, state: r.setstate(state))]
    if (numpy := sys.modules.get("numpy")) is None:
        return found
    legacy, modern = numpy.random.RandomState, numpy.random.Generator
    params = estimator.get_params(deep=True) if hasattr(estimator, "get_params") else {}
    for source in [numpy.random.mtrand._rand, *params.values()]:
        if isinstance(source, legacy):
            found.append((source, lambda r: r.get_state(legacy=False), lambda r, state: r.set_state(state)))
        elif isinstance(source, modern):
            found.append((source.bit_generator, lambda r: r.state, lambda r, state: setattr(r, "state", state)))
    return found
