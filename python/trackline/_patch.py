"""Observing other people's functions: with `_taken_names`, the only code that changes modules which are not ours.

A hook is a generator function. It gets the `Call`, may replace `call.args` and `call.kwargs`, and yields once.
There the original runs, exactly once, whatever the hook does; the hook is then sent the `Outcome`:

    def fit(call):
        started = time.time()
        outcome = yield
        if outcome.error is None:
            record(call.args[0], time.time() - started)

A hook sees errors of the original but cannot change them, nor the result. What a hook itself raises ends in
`guard`. While the original runs, nothing of ours is on the stack: a traceback and the line that a warning names are
what they would be without us. Wrapped functions pickle (joblib, spawn) and are inspected as the originals were.
"""

from __future__ import annotations

import functools
import sys
import weakref
from collections.abc import Callable, Generator, Iterable
from types import ModuleType
from typing import Any, NamedTuple

from trackline import _import_hook, _taken_names
from trackline._guard import guard
from trackline._native import Observed, ObservedFunction, StepGate


class Outcome(NamedTuple):
    """What the original did: its result, or the error it raised."""

    value: Any
    error: BaseException | None


class Call:
    """One call of a wrapped function. A hook that replaces `args` or `kwargs` must do so before it yields."""

    __slots__ = ("args", "kwargs", "original")

    def __init__(self, original: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.original = original
        self.args = args
        self.kwargs = kwargs


Hook = Callable[[Call], Generator[None, Outcome, None]]

# A wrapper whose hook is not in here calls straight through: one left behind by unpatching, in a closure or under
# somebody else's wrapper.
_active: dict[Hook, Callable[[], bool]] = {}
# Those that set up other hooks, for which no run is charged.
_uncharged: set[Hook] = set()
# By identity and not by an attribute on the wrapper, which `functools.wraps` of others would copy.
_wrappers: weakref.WeakKeyDictionary[Callable[..., Any], tuple[Hook, Callable[..., Any]]] = weakref.WeakKeyDictionary()


def _name(hook: Hook) -> str:
    return f"{hook.__module__.removeprefix('trackline.integrations.')}.{hook.__name__}"


def _never() -> bool:
    return False


def _begin(hook: Hook, original: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    unless = _active.get(hook)
    if unless is None or unless():
        return None
    with guard(_name(hook), charged=hook not in _uncharged):
        steps = hook(call := Call(original, args, kwargs))
        next(steps)
        return steps, call.args, call.kwargs
    return None


def _end(hook: Hook, steps: Generator[None, Outcome, None], value: Any, error: BaseException | None) -> None:
    with guard(_name(hook), charged=hook not in _uncharged):
        try:
            steps.send(Outcome(value, error))
        except StopIteration:
            return
        steps.close()
        raise RuntimeError(f"hook {_name(hook)} yielded twice")


def _wrapper(
    original: Callable[..., Any], hook: Hook, kind: type[Observed], gate: StepGate | None = None, counts: bool = False
) -> Callable[..., Any]:
    observed = kind(original, functools.partial(_begin, hook), functools.partial(_end, hook), gate, counts)
    wrapped = functools.update_wrapper(observed, original)
    _wrappers[wrapped] = (hook, original)
    return wrapped


def _has_hook(function: Any, hook: Hook) -> bool:
    while function is not None:
        ours = _wrappers.get(function) if isinstance(function, Observed) else None
        if ours is not None and ours[0] is hook:
            return True
        function = getattr(function, "__wrapped__", None)
    return False


def _without_inactive(function: Any) -> Any:
    while isinstance(function, Observed) and (ours := _wrappers.get(function)) and ours[0] not in _active:
        function = ours[1]
    return function


class _Place(NamedTuple):
    """An attribute that holds a function, perhaps inside a classmethod or staticmethod."""

    owner: Any
    name: str

    def raw(self) -> Any:
        return vars(self.owner)[self.name]

    def get(self) -> Any:
        raw = self.raw()
        return raw.__func__ if isinstance(raw, classmethod | staticmethod) else raw

    def set(self, function: Any) -> None:
        raw = self.raw()
        method = isinstance(raw, classmethod | staticmethod)
        setattr(self.owner, self.name, type(raw)(function) if method else function)


def _place(owner: Any, name: str) -> _Place:
    raw = vars(owner)[name]
    if _is_conditional(raw):
        return _Place(raw, "fn")
    if not can_wrap(raw):
        raise TypeError(f"{owner!r}.{name} is a {type(raw).__name__}, which cannot be wrapped")
    return _Place(owner, name)


def _is_conditional(raw: Any) -> bool:
    """scikit-learn's `available_if`: the method sits inside a descriptor."""
    return hasattr(raw, "fn") and hasattr(raw, "check")


def can_wrap(raw: Any) -> bool:
    """Whether `Patches.wrap` takes such an attribute: a function of any kind, and no property."""
    return callable(raw) or isinstance(raw, classmethod | staticmethod) or _is_conditional(raw)


def with_subclasses(kind: type) -> list[type]:
    """The class and those that derive from it by now."""
    children: list[type] = type.__subclasses__(kind)
    return [kind, *(found for child in children for found in with_subclasses(child))]


class Patches:
    """The changes of one integration. All can be made again, and undone in any order with those of others."""

    def __init__(self) -> None:
        self._hooks: set[Hook] = set()
        self._originals: dict[_Place, Any] = {}
        self._functions: set[_Place] = set()
        self._cancels: list[Callable[[], None]] = []

    def wrap(
        self,
        owner: Any,
        name: str,
        hook: Hook,
        unless: Callable[[], bool] = _never,
        gate: StepGate | None = None,
        *,
        charged: bool = True,
    ) -> tuple[Any, Any] | None:
        """Lets `hook` observe the function, method, classmethod or staticmethod `name` that `owner` itself defines.

        Calls that happen while `unless` is true are not observed, nor those while `gate` is shut, which cost next to
        nothing. A hook that only sets up others is not `charged` to a run. Returns what was there and what is there now, None if
        `hook` was there already.
        """
        self._hooks.add(hook)
        if not charged:
            _uncharged.add(hook)
        _active[hook] = unless
        place = _place(owner, name)
        raw, function = place.raw(), place.get()
        self._originals.setdefault(place, raw)
        if _has_hook(function, hook):
            return None
        wrapped = _wrapper(function, hook, ObservedFunction if isinstance(owner, ModuleType) else Observed, gate)
        place.set(wrapped)
        return function, wrapped

    def wrap_functions(
        self,
        functions: Iterable[Callable[..., Any]],
        hook: Hook,
        unless: Callable[[], bool] = _never,
        gate: StepGate | None = None,
    ) -> None:
        """`wrap` for functions of modules, also under the names other modules took with `from x import f`."""
        renamed: dict[Any, Any] = {}
        for function in functions:
            owner = sys.modules.get(function.__module__)
            if owner is None or vars(owner).get(function.__name__) is not function:
                continue  # Made by somebody's factory; it can be neither pickled nor found by name.
            self._functions.add(_Place(owner, function.__name__))
            if changed := self.wrap(owner, function.__name__, hook, unless, gate):
                renamed[changed[0]] = changed[1]
        _taken_names.rename(renamed)

    def observed(self, function: Callable[..., Any], hook: Hook, gate: StepGate, counts: bool = False) -> Any:
        """A function of ours with `hook` around it, to be handed to others who will call it. The steps of its first argument,
        an optimizer, are counted if it `counts`."""
        self._hooks.add(hook)
        _active[hook] = _never
        return _wrapper(function, hook, ObservedFunction, gate, counts)

    def on_import(self, module: str, then: Callable[[Any], None]) -> None:
        """Calls `then(module)` after each import of `module`, and now if it is imported. Imports nothing."""
        self._cancels.append(_import_hook.on_import(module, then))

    def undo(self) -> None:
        """Puts the originals back, also where other modules imported a wrapper by name."""
        while self._cancels:
            self._cancels.pop()()
        for hook in self._hooks:
            _active.pop(hook, None)
        renamed: dict[Any, Any] = {}
        for place, raw in self._originals.items():
            before = place.get()
            after = _without_inactive(before)
            if after is before:
                continue
            if after is (raw.__func__ if isinstance(raw, classmethod | staticmethod) else raw):
                setattr(place.owner, place.name, raw)  # The same object, not a new classmethod around the function.
            else:
                place.set(after)
            if place in self._functions:
                renamed[before] = after
        _taken_names.rename(renamed)
        self._originals.clear()
        self._functions.clear()
