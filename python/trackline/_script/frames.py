"""Who called: the frame of the user's own code, what it will name the result, and which turn of which loop it is in.

Everything that only the place in the code decides is worked out once a place."""

from __future__ import annotations

import itertools
import linecache
import os
import sys
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType, FrameType
from typing import Any, TypeVar

from trackline._script import syntax
from trackline._script.counted import Counted
from trackline._script.counted import at as counted_at
from trackline._script.syntax import Loop

T = TypeVar("T")

MOST_PLACES = 10_000
"""So many places are remembered; then all are forgotten."""

COUNTERS = ("epoch", "step", "iteration", "global_step", "episode", "iter", "it", "i", "t")
"""Of several numbers that a loop assigns these say how far it is."""

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_INSTALLED = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_TYPED_IN = ("<stdin>", "<string>", "<ipython-input", "<cell", "<console>")
"""What Python calls a text that is in no file; other names in angle brackets are those of generated code."""

_own: dict[str, bool] = {}
_places: dict[tuple[str, int, int], tuple[weakref.ref[CodeType], Any]] = {}


def caller() -> FrameType | None:
    """The innermost frame of the user's own code: not of an installed package, the standard library or Trackline."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not is_own(frame.f_code):
        frame = frame.f_back
    return frame


def own_frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames of the user's own code from this one outwards."""
    while frame is not None:
        if is_own(frame.f_code):
            yield frame
        frame = frame.f_back


def is_own(code: CodeType) -> bool:
    """Whether the code is the user's own."""
    own = _own.get(code.co_filename)
    if own is None:
        own = _own[code.co_filename] = is_own_file(code.co_filename)
    return own


def is_own_file(filename: str) -> bool:
    """Whether a file is the user's own: not of an installed package, the standard library or Trackline."""
    if filename.startswith("<"):
        return filename.startswith(_TYPED_IN)
    path = os.path.abspath(filename)
    return not path.startswith((_OURS, _STDLIB)) and not any(part in path for part in _INSTALLED)


def is_own_module(name: str | None) -> bool:
    """Whether a module that was imported is the user's own, as the script is."""
    if name == "__main__":
        return True  # Its file is gone at its end.
    file = getattr(sys.modules.get(name or ""), "__file__", None)
    return isinstance(file, str) and is_own_file(file)


def is_typed(file: str) -> bool:
    """Whether it is the name of a text that was typed into a prompt or a notebook, whose cells have names of files that are none."""
    if file.startswith("<"):
        return file != "<string>" and is_own_file(file)  # Texts given to `exec` have no source.
    return file in linecache.cache and not os.path.exists(file)


def assigned_name(frame: FrameType) -> str | None:
    """The name that will hold the result of the call which the frame is in: `f1` of `f1 = f1_score(…)`, of
    `self.f1 = …`, of `scores["f1"] = …`, of `{"f1": …}`. None if the result is not kept as it is."""

    def find() -> str | None:
        module = syntax.tree(frame.f_code.co_filename, frame.f_globals)
        return None if module is None else syntax.assigned(module, position(frame))

    return once("name", frame.f_code, frame.f_lasti, find)


def is_called_often(frame: FrameType) -> bool:
    """Whether the frame is that of a function which the text that it is in calls in several places."""

    def find() -> bool:
        module = syntax.tree(frame.f_code.co_filename, frame.f_globals)
        return module is not None and syntax.calls(module)[frame.f_code.co_name] > 1

    return once("calls", frame.f_code, 0, find)


def loops(frame: FrameType) -> tuple[Loop, ...]:
    """The loops of the frame's function that it is in the body of, the outermost first."""

    def find() -> tuple[Loop, ...]:
        module = syntax.tree(frame.f_code.co_filename, frame.f_globals)
        return () if module is None else syntax.loops(module, frame.f_lineno, position(frame)[2])

    return once("loops", frame.f_code, frame.f_lasti, find)


def counted(frame: FrameType) -> tuple[int, bool] | None:
    """Where the step stands that the loops around the frame's line count themselves, and whether each call of the function
    begins it anew."""

    def find() -> Counted | None:
        module = syntax.tree(frame.f_code.co_filename, frame.f_globals)
        return None if module is None else counted_at(module, frame.f_lineno)

    found = once("counted", frame.f_code, frame.f_lasti, find)
    if found is None:
        return None
    name, attribute, _ = found.path
    value = variables(frame, [name]).get(name, frame.f_globals.get(name))
    if attribute is not None:
        value = getattr(value, "__dict__", {}).get(attribute)
    return (value, found.is_local) if type(value) is int else None


def loop_variables(frame: FrameType, around: tuple[Loop, ...] | None = None) -> dict[str, Any]:
    """What the loops around the frame's line have assigned in this turn; names with `_` in front are left out.
    `around` are those that count, if not all do."""
    names = [name for loop in (loops(frame) if around is None else around) for name in loop.names]
    if not names:
        return {}
    held = variables(frame, names)
    if frame.f_code.co_name in _COMPREHENSIONS and frame.f_back is not None:
        held = variables(frame.f_back, names) | held
    return {name: held[name] for name in names if name in held}


def turns(frame: FrameType | None) -> list[int]:
    """Where the loops of the user's code are that lead to this frame, the outermost first."""
    found: list[int] = []
    for own in list(own_frames(frame))[::-1]:
        around = loops(own)
        step = counted(own) if around else None
        if step is not None:  # One that outlives the function counts on through all the loops that lead to it.
            found = [*(found if step[1] else ()), step[0]]
            continue
        held = loop_variables(own) if around else {}
        for loop in around:
            numbers = {name: held[name] for name in loop.names if type(held.get(name)) is int}
            counter = next((name for name in COUNTERS if name in numbers), next(iter(numbers), None))
            if counter is not None:
                found.append(numbers[counter])
    return found


_COMPREHENSIONS = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")
"""Frames of their own before Python 3.12."""
OF_A_FUNCTION = 0x1  # inspect.CO_OPTIMIZED
_READS_LOCALS = {"locals", "vars", "eval", "exec", "dir"}
_OR_AN_ARGUMENT = {"vars", "dir"}
"""Those that read something else if they are given it: `vars(args)`."""


def variables(frame: FrameType, names: Sequence[str] | None = None) -> dict[str, Any]:
    """The local variables of the frame now: all of them, or those of these names.

    Before Python 3.13 a function has one dict for `locals()` and `f_locals`, which is filled when it is asked for and
    keeps alive what is in it. So it is emptied again; and where the user's code might hold it, nothing is read. Nor while
    a debugger traces: the variables are then written back from it.
    """
    code = frame.f_code
    if sys.version_info >= (3, 13) or not code.co_flags & OF_A_FUNCTION:
        return _chosen(frame.f_locals, names)
    if sys.gettrace() is not None or _reads_locals(code):
        return {}
    snapshot = frame.f_locals
    held = _chosen(snapshot, names)
    snapshot.clear()
    return held


def _reads_locals(code: CodeType) -> bool:
    """Whether the code uses one of these functions for its variables; `model.eval()` is a method that has the name of one."""
    if _READS_LOCALS.isdisjoint(code.co_names):
        return False

    def find() -> bool:
        import dis

        steps = [step for step in dis.get_instructions(code) if step.opname != "CACHE"]
        return any(
            step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
            and step.argval in _READS_LOCALS
            and not (step.argval in _OR_AN_ARGUMENT and after.opname.startswith("LOAD_"))
            for step, after in itertools.pairwise(steps)
        )

    return once("reads locals", code, 0, find)


def _chosen(held: Mapping[str, Any], names: Sequence[str] | None) -> dict[str, Any]:
    return dict(held) if names is None else {name: held[name] for name in names if name in held}


def position(frame: FrameType) -> syntax.Span:
    """Where in the text the frame is."""
    if sys.version_info >= (3, 11):
        return next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    return frame.f_lineno, None, None, None


def once(what: str, code: CodeType, place: int, find: Callable[[], T]) -> T:
    """What `find` says of a place in the code, asked once."""
    # By identity: the hash of a code object reads all of it. Not held: code that others have put in the place of the user's, as
    # `torch.compile` does, is to go when they are done with it. Another may get its id then.
    key = (what, id(code), place)
    known = _places.get(key)
    if known is None or known[0]() is not code:
        if len(_places) >= MOST_PLACES:
            _places.clear()
        known = _places[key] = (weakref.ref(code), find())
    found: T = known[1]
    return found
