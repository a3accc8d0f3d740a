"""Pictures of figures that the program has not saved: drawn by another process, so that they cost the program the time to
pickle them; what cannot be pickled is drawn here."""

from __future__ import annotations

import io
import os
import pickle
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from trackline import _budget
from trackline._log.pictures import Drawing
from trackline._native import Picture, thread_number
from trackline._script import frames

LARGEST = 64 << 20
"""Bytes. Figures that hold more are not copied."""
SMALL = 1000
"""Elements of an array that is copied into the pickle as it is; larger ones are not copied twice."""
SECONDS, SECONDS_IF_LARGE = 0.04, 2.0
"""What it takes to draw a figure here, as a rule."""

RENDERER = os.path.join(os.path.dirname(__file__), "_renderer.py")

_known_fonts: set[int] = set()
"""By `id`; the font manager keeps them all."""
_own_modules: dict[str | None, bool] = {}
_installed: set[type] = set()
"""Types of what cannot be called: of such things only their type says which module they are of."""


class NotPickled(Exception):
    """The figure holds something that another process cannot, or must not, load."""


class TooLarge(NotPickled):
    """The figure holds more than is copied."""


def begin() -> None:
    """From now on, fonts that Matplotlib gets to know are those of the program; of those told before, they stay."""
    if not _known_fonts:
        _known_fonts.update(map(id, _fonts()))


def of(figure: Any) -> tuple[str, Picture | bytes] | None:
    """The ending of a picture of the figure, and the picture, within what tracking may cost."""
    if not _budget.allows("figures"):
        return None
    try:
        return "png", Picture(_pickled(figure), sys.executable, ["-I", "-S", RENDERER])
    except Exception as error:  # noqa: BLE001 - whatever the figure is made of
        cost = SECONDS_IF_LARGE if isinstance(error, TooLarge) else SECONDS
        return _drawn(figure) if _budget.allows("figures", cost=cost) else None


def _fonts() -> list[Any]:
    found: list[Any] = sys.modules["matplotlib.font_manager"].fontManager.ttflist
    return found


def _pickled(figure: Any) -> bytes:
    """As `_renderer.py` reads it."""
    if getattr(sys, "frozen", False) or not os.path.basename(sys.executable or "").startswith("python"):
        raise NotPickled(f"{sys.executable} is no interpreter")
    settings = {key: value for key, value in dict.items(sys.modules["matplotlib"].rcParams) if not _is_of_program(key)}
    fonts = [font for font in _fonts() if id(font) not in _known_fonts]
    buffer = _Buffer()
    pickle.dump([os.path.abspath(path) for path in sys.path], buffer)
    _Pickler(buffer, figure).dump((settings, fonts, figure))
    return buffer.getvalue()


def _is_of_program(setting: str) -> bool:
    """The map that colours are taken from unless told may be one that the program has registered, as seaborn does. A figure has its own."""
    return "backend" in setting or setting == "image.cmap"


class _Buffer(io.BytesIO):
    def write(self, data: Any) -> int:
        # Of an array it is a `pickle.PickleBuffer`, which has no length.
        if self.tell() + memoryview(data).nbytes > LARGEST:
            raise TooLarge(f"it holds more than {LARGEST} bytes")
        return super().write(data)


class _Pickler(pickle.Pickler):
    """Of what is installed only: another process must not run the user's code once more."""

    def __init__(self, to: io.BytesIO, figure: Any) -> None:
        super().__init__(to, pickle.HIGHEST_PROTOCOL)
        self.figure = figure
        numpy = sys.modules["numpy"]
        self.array, self.number = numpy.ndarray, numpy.float64

    def reducer_override(self, thing: Any) -> Any:
        # A figure of 40 bars comes here 1,400 times, 560 of them with numbers of its transforms. NumPy's own way with them takes
        # twice as long.
        kind = type(thing)
        if kind in _installed and thing is not self.figure:
            return NotImplemented
        if kind is self.array and thing.size <= SMALL and thing.dtype.kind in "biuf" and thing.flags.c_contiguous:
            return kind, (thing.shape, thing.dtype, bytearray(thing.tobytes()))
        if kind is self.number:
            return kind, (float(thing),)
        if _is_own(getattr(thing, "__module__", None)):
            raise NotPickled(f"{thing.__module__} is the user's own")
        if thing is self.figure:
            make, arguments, state = thing.__reduce_ex__(pickle.HIGHEST_PROTOCOL)[:3]
            # It is to be drawn, and gets no window of Pyplot.
            return make, arguments, {**state, "_restore_to_pylab": False}
        if kind is not self.array and not callable(thing):
            _installed.add(kind)
        return NotImplemented


def _is_own(module: str | None) -> bool:
    own = _own_modules.get(module)
    if own is None:
        own = _own_modules[module] = frames.is_own_module(module)
    return own


def _drawn(figure: Any) -> tuple[str, bytes]:
    canvas = figure.canvas
    # No backend is imported for this: a canvas that makes no pictures gives what it makes.
    ending = "png" if hasattr(canvas, "print_png") else canvas.get_default_filetype()
    backend = "agg" if ending == "png" and "matplotlib.backends.backend_agg" in sys.modules else None
    buffer = Drawing()
    with _unnoticed(figure):
        canvas.print_figure(buffer, format=ending, backend=backend)
    return ending, buffer.getvalue()


@contextmanager
def _unnoticed(figure: Any) -> Iterator[None]:
    """In the block the figure may be drawn: no callback of the user is called, and afterwards it is as before."""
    places = [(axes, axes.get_position(original=True), axes.get_position()) for axes in figure.axes]
    margins, stale = dict(vars(figure.subplotpars)), figure.stale
    with figure.canvas.callbacks.blocked(), _no_warnings(), sys.modules["numpy"].errstate(all="ignore"):
        try:
            yield
        finally:
            vars(figure.subplotpars).update(margins)
            for axes, original, active in places:
                axes._set_position(original, which="original")
                axes._set_position(active, which="active")
            figure.stale = stale


@contextmanager
def _no_warnings() -> Iterator[None]:
    """In the block this thread warns of nothing. The filters stay as they are: a change of theirs would show warnings
    again that were shown before."""
    original, thread = warnings.warn, thread_number()

    def warn(message: Any, category: Any = None, stacklevel: int = 1, *rest: Any, **options: Any) -> None:
        if thread_number() != thread:
            original(message, category, stacklevel + 1, *rest, **options)

    warnings.warn = warn
    try:
        yield
    finally:
        warnings.warn = original
