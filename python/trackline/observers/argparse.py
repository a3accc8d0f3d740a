"""Arguments that a script parses with argparse, or with something built on it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from trackline import _ambient, _observed
from trackline._patch import Call, Outcome, Patches
from trackline.observers import _caller

SOURCE = "argparse"
BUILT_ON_IT = ("argparse", "configargparse", "lightning", "pytorch_lightning", "simple_parsing", "tap", "transformers", "trl")

_patches = Patches()
unpatch = _patches.undo
_inside: ContextVar[bool] = ContextVar("trackline_argparse", default=False)


def patch() -> None:
    """Sees what is parsed."""
    _patches.on_import("argparse", _watch)


def _watch(argparse: ModuleType) -> None:
    _patches.wrap(argparse.ArgumentParser, "parse_known_args", parse, unless=_inside.get)


def parse(call: Call) -> Generator[None, Outcome, None]:
    """A parser of subcommands parses with others inside."""
    token = _inside.set(True)
    try:
        outcome = yield
    finally:
        _inside.reset(token)
    # jsonargparse is built on it in a way of its own, and has its own file.
    if outcome.error is None and type(call.args[0]).__module__.partition(".")[0] != "jsonargparse" and _caller.is_user(*BUILT_ON_IT):
        namespace = outcome.value[0]
        values = {name: value for name, value in vars(namespace).items() if not callable(value)}
        record(values, dict(_defaults(call.args[0])), SOURCE)


def record(values: dict[str, Any], defaults: dict[str, Any], source: str) -> None:
    """Arguments as params, and which of them differ from their defaults as the document `arguments`."""
    given = sorted(name for name, value in values.items() if name not in defaults or _differ(value, defaults[name]))
    _ambient.later(lambda run: _observed.params(run, values, source=source))
    _ambient.later(lambda run: _observed.document(run, "arguments", {"source": source, "given": given}, source=source))


def _differ(value: Any, default: Any) -> bool:
    try:
        # A default may be a text that the type of the argument is made of.
        return bool(value != default) and str(value) != str(default)
    except Exception:  # noqa: BLE001 - a type of the user's; arrays
        return True


def _defaults(parser: Any) -> Iterator[tuple[str, Any]]:
    for action in parser._actions:
        yield action.dest, parser.get_default(action.dest)
        if isinstance(getattr(action, "choices", None), dict):
            for other in action.choices.values():
                if hasattr(other, "_actions"):
                    yield from _defaults(other)
