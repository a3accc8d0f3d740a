"""The program of the process that draws figures (`_pictures.py`). It is started by its path, and knows nothing of ours.

A figure comes as two pickles: the `sys.path` to load it with; the settings, fonts and figure of Matplotlib.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import signal
import sys

LONGEST_SECONDS = 60
"""A figure that takes longer ends the process."""


def main() -> None:
    """Draws what comes in until there is no more."""
    if os.fork():
        os._exit(0)  # So it is no child of the program, which may wait for all of its own.
    _close_inherited()
    figures, pictures = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Libraries may print.
    os.environ.update(MPLBACKEND="agg", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    # A figure may hold arrays of JAX or PyTorch: the memory of the devices is the program's.
    os.environ.update(CUDA_VISIBLE_DEVICES="", JAX_PLATFORMS="cpu")
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while len(length := figures.read(8)) == 8:
        figure = figures.read(int.from_bytes(length, "little"))
        signal.alarm(LONGEST_SECONDS)
        answer = _answer(figure)
        signal.alarm(0)
        pictures.write(len(answer).to_bytes(8, "little") + answer)
        pictures.flush()


def _close_inherited() -> None:
    """Only those that are open: a container may allow a thousand million of them."""
    with contextlib.suppress(OSError):  # Where nothing tells which.
        for file in map(int, os.listdir("/dev/fd")):
            if file > 2:
                os.closerange(file, file + 1)


def _answer(figure: bytes) -> bytes:
    """A PNG, or why there is none."""
    buffer = io.BytesIO()
    try:
        _draw(io.BytesIO(figure), buffer)
    except Exception as error:  # noqa: BLE001 - whatever the figure is made of
        return f"{type(error).__name__}: {error}".encode()
    return buffer.getvalue()


def _draw(pickles: io.BytesIO, to: io.BytesIO) -> None:
    sys.path[:] = pickle.load(pickles)
    import matplotlib
    from matplotlib import font_manager

    settings, fonts, figure = pickle.load(pickles)
    dict.update(matplotlib.rcParams, settings)
    known = font_manager.fontManager.ttflist
    known += [font for font in fonts if font not in known]
    figure.canvas.print_figure(to, format="png")


if __name__ == "__main__":
    main()
