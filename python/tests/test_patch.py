"""Wrapping and unwrapping functions of other modules."""

from __future__ import annotations

import contextvars
import copy
import doctest
import functools
import importlib
import inspect
import pickle
import subprocess
import sys
import textwrap
import traceback
import types
import typing
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from trackline import _guard
from trackline._patch import Call, Patches

LIBRARY = '''
    def double(x, *, plus=0):
        """Twice x.

        >>> double(2)
        4
        """
        return 2 * x + plus

    async def later(x):
        return x

    def fails():
        raise LookupError("as always")

    class Model:
        def fit(self, x):
            return double(x)

        @classmethod
        def make(cls):
            return cls()

        @staticmethod
        def version():
            return 3
'''
USER = """
    from lib_of_test import double
    from lib_of_test import double as twice
    def work(x):
        return double(x), twice(x)
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "lib_of_test.py").write_text(textwrap.dedent(LIBRARY))
    (tmp_path / "user_of_test.py").write_text(textwrap.dedent(USER))
    monkeypatch.syspath_prepend(str(tmp_path))
    finders = list(sys.meta_path)
    yield "lib_of_test"
    for name in ("lib_of_test", "user_of_test"):
        sys.modules.pop(name, None)
    assert sys.meta_path == finders


@pytest.fixture
def patches() -> Iterator[Patches]:
    made = Patches()
    yield made
    made.undo()


seen: list[Any] = []


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_TESTING", "1")
    seen.clear()


def observe(call: Call) -> Any:
    outcome = yield
    seen.append((call.original.__name__, outcome.value, outcome.error))


def also(call: Call) -> Any:
    outcome = yield
    seen.append(("also", outcome.value, outcome.error))


def imported(name: str) -> ModuleType:
    return importlib.import_module(name)


def test_a_hook_sees_the_result(library: str, patches: Patches) -> None:
    lib = imported(library)
    patches.wrap_functions([lib.double], observe)
    assert lib.double(4, plus=1) == 9
    assert seen == [("double", 9, None)]


def test_a_hook_sees_the_error_and_the_caller_gets_it(library: str, patches: Patches) -> None:
    lib = imported(library)
    patches.wrap_functions([lib.fails], observe)
    with pytest.raises(LookupError, match="as always") as caught:
        lib.fails()
    assert seen == [("fails", None, caught.value)]
    assert caught.value.__context__ is None


def test_signature_name_and_documentation_stay(library: str, patches: Patches) -> None:
    lib = imported(library)
    before = inspect.signature(lib.double), lib.double.__name__, lib.double.__doc__, lib.double.__module__
    patches.wrap_functions([lib.double], observe)
    assert (inspect.signature(lib.double), lib.double.__name__, lib.double.__doc__, lib.double.__module__) == before


def test_a_traceback_and_a_warning_name_no_line_of_ours(
    library: str, patches: Patches, recwarn: pytest.WarningsRecorder
) -> None:
    lib = imported(library)
    lib.warns = lambda: warnings.warn("as always", stacklevel=2)
    patches.wrap(lib, "warns", observe)
    patches.wrap(lib, "fails", observe)
    lib.warns()
    assert [entry.filename for entry in recwarn] == [__file__]
    with pytest.raises(LookupError) as caught:
        lib.fails()
    assert [entry.name for entry in traceback.extract_tb(caught.value.__traceback__)][1:] == ["fails"]
    assert [name for name, _, _ in seen] == ["<lambda>", "fails"]


def test_a_wrapped_function_is_inspected_as_before(library: str, patches: Patches) -> None:
    lib = imported(library)
    before = inspect.getfullargspec(lib.double), inspect.getsource(lib.double), repr(lib.double)
    patches.wrap_functions([lib.double], observe)
    assert (inspect.getfullargspec(lib.double), inspect.getsource(lib.double), repr(lib.double)) == before
    assert copy.deepcopy(lib.double) is lib.double


KINDS = [
    inspect.isfunction,
    inspect.isroutine,
    inspect.isbuiltin,
    inspect.ismethod,
    inspect.iscoroutinefunction,
    inspect.isgeneratorfunction,
    inspect.getsourcelines,
    inspect.signature,
    typing.get_type_hints,
    lambda function: (function.__code__, function.__globals__, function.__defaults__, function.__kwdefaults__, function.__closure__),
    lambda function: function.__class__,
]


def test_it_is_of_the_kind_it_was(library: str, patches: Patches) -> None:
    import math

    lib = imported(library)
    lib.root = math.sqrt
    places = [(lib, "double"), (lib, "later"), (lib, "root"), (lib.Model, "fit")]
    before = [[kind(getattr(*place)) for kind in KINDS[:6]] for place in places]
    function = [kind(lib.double) for kind in KINDS[6:]]
    for place in places:
        patches.wrap(*place, observe)
    assert [[kind(getattr(*place)) for kind in KINDS[:6]] for place in places] == before
    assert [kind(lib.double) for kind in KINDS[6:]] == function
    assert isinstance(lib.Model().fit, types.MethodType)
    assert [name for name, _ in inspect.getmembers(lib, inspect.isfunction)] == ["double", "fails", "later"]


def test_its_examples_are_found_and_run(library: str, patches: Patches) -> None:
    lib = imported(library)
    patches.wrap(lib, "double", observe)
    assert doctest.testmod(lib) == (0, 1)
    assert seen == [("double", 4, None)]


def test_tools_of_functions_take_it(library: str, patches: Patches) -> None:
    lib = imported(library)
    patches.wrap(lib, "double", observe)

    @functools.wraps(lib.double)
    def around(x: int) -> int:
        return int(lib.double(x))

    assert (around.__name__, inspect.signature(around)) == ("double", inspect.signature(lib.double))
    assert functools.partial(lib.double, plus=1)(2) == 5
    assert functools.lru_cache(lib.double)(2) == 4
    assert functools.singledispatch(lib.double)(2) == 4
    assert mock.create_autospec(lib.double, return_value=7)(1, plus=2) == 7
    assert functools.cached_property(lib.double).__doc__ == lib.double.__doc__


def test_what_is_wrapped_still_pickles(library: str, patches: Patches) -> None:
    lib = imported(library)
    patches.wrap_functions([lib.double], observe)
    patches.wrap(lib.Model, "fit", observe)
    assert pickle.loads(pickle.dumps(lib.double)) is lib.double
    assert pickle.loads(pickle.dumps(lib.Model().fit))(2) == 4


def test_names_taken_before_are_rebound_and_put_back(library: str, patches: Patches) -> None:
    lib, user = imported(library), imported("user_of_test")
    original = lib.double
    patches.wrap_functions([lib.double], observe)
    assert user.work(1) == (2, 2)
    assert len(seen) == 2
    patches.undo()
    assert user.double is user.twice is lib.double is original


def test_names_taken_by_who_imported_it_are_rebound(library: str, patches: Patches) -> None:
    user = imported("user_of_test")  # It stands before the library among the modules.
    patches.wrap_functions([imported(library).double], observe)
    assert user.work(2) == (4, 4)
    assert len(seen) == 2


def test_names_taken_while_a_package_is_imported_are_rebound(
    tmp_path: Path, library: str, patches: Patches, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package_of_test").mkdir()
    (tmp_path / "package_of_test" / "__init__.py").write_text("from .impl import double\nfrom .user import work")
    (tmp_path / "package_of_test" / "impl.py").write_text(textwrap.dedent(LIBRARY))
    (tmp_path / "package_of_test" / "user.py").write_text("from .impl import double\ndef work(x): return double(x)")
    patches.on_import("package_of_test", lambda package: patches.wrap_functions([package.double], observe))
    package = imported("package_of_test")
    assert (package.double(1), package.work(2)) == (2, 4)
    assert len(seen) == 2
    patches.undo()
    assert (package.double(1), package.work(2)) == (2, 4)
    assert len(seen) == 2
    for name in [name for name in sys.modules if name.startswith("package_of_test")]:
        monkeypatch.delitem(sys.modules, name)


def test_names_taken_while_patched_are_put_back(library: str, patches: Patches) -> None:
    lib = imported(library)
    original = lib.double
    patches.wrap_functions([lib.double], observe)
    user = imported("user_of_test")
    patches.undo()
    assert user.double is user.twice is original


def test_methods_of_every_kind(library: str, patches: Patches) -> None:
    lib = imported(library)
    before = dict(vars(lib.Model))
    for name in ("fit", "make", "version"):
        patches.wrap(lib.Model, name, observe)
    assert lib.Model().fit(2) == 4
    assert type(lib.Model.make()) is lib.Model
    assert lib.Model.version() == lib.Model().version() == 3
    assert [name for name, _, _ in seen] == ["fit", "make", "version", "version"]
    patches.undo()
    assert dict(vars(lib.Model)) == before


def test_what_is_pickled_by_value_needs_no_trackline(patches: Patches) -> None:
    """A class of a script, as joblib sends it to its workers."""
    import cloudpickle

    class Model:
        def fit(self, x: int) -> int:
            return 2 * x

    Model.__module__ = "__main__"
    patches.wrap(Model, "fit", observe)
    code = "import pickle, sys; sys.modules['trackline'] = None; print(pickle.load(sys.stdin.buffer).fit(2))"
    done = subprocess.run([sys.executable, "-c", code], input=cloudpickle.dumps(Model()), capture_output=True)
    assert done.stdout.decode().strip() == "4", done.stderr.decode()


def test_a_method_of_available_if(patches: Patches) -> None:
    from sklearn.utils.metaestimators import available_if

    class Model:
        ready = False

        @available_if(lambda self: self.ready)
        def score(self, x: int) -> int:
            return x

    original = vars(Model)["score"].fn
    patches.wrap(Model, "score", observe)
    assert not hasattr(Model(), "score")
    Model.ready = True
    assert Model().score(5) == 5
    assert seen == [("score", 5, None)]
    patches.undo()
    assert vars(Model)["score"].fn is original


def test_what_is_no_function_is_refused(patches: Patches) -> None:
    class Model:
        size = property(lambda self: 1)

    with pytest.raises(TypeError, match="property"):
        patches.wrap(Model, "size", observe)


def test_wrapping_twice_observes_once(library: str, patches: Patches) -> None:
    lib = imported(library)
    original = lib.double
    patches.wrap_functions([lib.double], observe)
    patches.wrap_functions([lib.double], observe)
    lib.double(1)
    assert len(seen) == 1
    patches.undo()
    assert lib.double is original


@pytest.mark.parametrize("first_made_first_undone", [True, False])
def test_two_integrations_undo_in_any_order(library: str, first_made_first_undone: bool) -> None:
    lib, one, other = imported(library), Patches(), Patches()
    original = lib.double
    one.wrap_functions([lib.double], observe)
    user = imported("user_of_test")
    other.wrap_functions([lib.double], also)
    first, second = (one, other) if first_made_first_undone else (other, one)
    lib.double(1)
    assert len(seen) == 2
    first.undo()
    user.double(1)
    assert len(seen) == 3
    second.undo()
    user.double(1)
    assert len(seen) == 3
    assert lib.double is user.double is user.twice is original


def test_under_a_strange_wrapper_it_sleeps_and_wakes(library: str, patches: Patches) -> None:
    import functools

    lib = imported(library)
    patches.wrap_functions([lib.double], observe)
    ours = lib.double
    lib.double = functools.wraps(ours)(lambda x: ours(x))
    patches.undo()
    assert lib.double(1) == 2
    assert seen == []
    patches.wrap_functions([lib.double], observe)
    assert lib.double(1) == 2
    assert len(seen) == 1


def test_calls_may_be_left_out(library: str, patches: Patches) -> None:
    lib, busy = imported(library), [True]
    patches.wrap_functions([lib.double], observe, unless=lambda: busy[0])
    assert lib.double(1) == 2
    assert seen == []
    busy[0] = False
    lib.double(1)
    assert len(seen) == 1


def test_a_hook_may_replace_arguments(library: str, patches: Patches) -> None:
    def plus_one(call: Call) -> Any:
        call.kwargs = {**call.kwargs, "plus": 1}
        yield

    lib = imported(library)
    patches.wrap_functions([lib.double], plus_one)
    assert lib.double(1) == 3


def early(call: Call) -> Any:
    call.args = ()
    raise ValueError("ours")
    yield


def late(call: Call) -> Any:
    yield
    raise ValueError("ours")


def twice(call: Call) -> Any:
    yield
    yield


def panics(call: Call) -> Any:
    class PanicException(BaseException):
        """As the extension raises it."""

    yield
    raise PanicException("ours")


@pytest.mark.parametrize("hook", [early, late, twice, panics])
def test_our_failure_never_reaches_the_user(
    library: str, patches: Patches, hook: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("TRACKLINE_TESTING")
    monkeypatch.setattr(_guard, "_reported", set())
    lib = imported(library)
    calls: list[int] = []
    lib.double = lambda x: calls.append(x) or 2 * x
    lib.double.__module__, lib.double.__name__ = library, "double"
    patches.wrap_functions([lib.double], hook)
    assert [lib.double(1), lib.double(2)] == [2, 4]
    assert calls == [1, 2]
    assert len([r for r in caplog.records if r.name == "trackline" and r.levelname == "WARNING"]) == 1
    patches.wrap_functions([lib.fails], hook)
    with pytest.raises(LookupError) as caught:
        lib.fails()
    assert caught.value.__context__ is None


@pytest.mark.parametrize("hook", [early, late])
def test_our_failure_is_raised_in_our_tests(library: str, patches: Patches, hook: Any) -> None:
    lib = imported(library)
    patches.wrap_functions([lib.double], hook)
    with pytest.raises(ValueError, match="ours"):
        lib.double(1)


def test_an_interrupt_in_our_code_is_the_users(library: str, patches: Patches) -> None:
    def interrupted(call: Call) -> Any:
        yield
        raise KeyboardInterrupt

    lib = imported(library)
    patches.wrap_functions([lib.double], interrupted)
    with pytest.raises(KeyboardInterrupt):
        lib.double(1)


def test_a_hook_runs_in_the_context_of_the_caller(library: str, patches: Patches) -> None:
    depth: contextvars.ContextVar[int] = contextvars.ContextVar("depth", default=0)

    def nested(call: Call) -> Any:
        token = depth.set(depth.get() + 1)
        try:
            yield
        finally:
            depth.reset(token)

    lib = imported(library)
    lib.Model.fit = lambda self, x: depth.get()
    patches.wrap(lib.Model, "fit", nested)
    assert lib.Model().fit(1) == 1
    assert depth.get() == 0


def test_an_import_hook_waits_and_imports_nothing(library: str, patches: Patches) -> None:
    arrived: list[Any] = []
    patches.on_import(library, lambda module: arrived.append(module.double(1)))
    assert library not in sys.modules
    lib = imported(library)
    assert arrived == [2]
    assert lib.__spec__.loader is lib.__loader__
    assert "exec_module" not in vars(lib.__loader__)


def test_an_import_hook_fires_at_once_for_what_is_there(library: str, patches: Patches) -> None:
    lib = imported(library)
    arrived: list[Any] = []
    patches.on_import(library, arrived.append)
    assert arrived == [lib]


def test_an_import_hook_fires_again_after_a_new_import(library: str, patches: Patches) -> None:
    arrived: list[Any] = []
    patches.on_import(library, arrived.append)
    imported(library)
    del sys.modules[library]
    imported(library)
    assert len(arrived) == 2


def test_two_import_hooks_are_cancelled_apart(library: str, patches: Patches) -> None:
    other, arrived = Patches(), []
    patches.on_import(library, lambda module: arrived.append("one"))
    other.on_import(library, lambda module: arrived.append("other"))
    other.undo()
    imported(library)
    assert arrived == ["one"]


def test_a_failing_import_stays_as_it_is(tmp_path: Path, library: str, patches: Patches) -> None:
    (tmp_path / "broken_of_test.py").write_text("raise ImportError('its own')")
    patches.on_import("broken_of_test", seen.append)
    for _ in range(2):
        with pytest.raises(ImportError, match="its own"):
            imported("broken_of_test")
    assert seen == []


def test_a_failing_import_hook_never_reaches_the_user(
    library: str, patches: Patches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRACKLINE_TESTING")
    monkeypatch.setattr(_guard, "_reported", set())
    patches.on_import(library, lambda module: module.missing)
    assert imported(library).double(1) == 2
