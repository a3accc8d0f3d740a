"""The functions, classes and methods of a script, which of them its top level leads to, and what their calls say."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trackline._script import syntax
from trackline._script.imported import imported
from trackline._script.syntax import FUNCTION
from trackline._script.uses import TELLS, Uses, first_word

_TRAINING = {"fit": "", "train": "", "learn": "", "train_test_split": "train_test_split."}
"""Calls whose keywords are settings, and what goes before these: as where scikit-learn's split is observed."""
_DISPLAY = {"verbose", "silent", "disp", "verbose_eval"}
"""Keywords that say how a training is shown."""
_KEEPS = ("load", "read", "save", "write")
"""First words of functions that carry data. What a call says to them counts, their defaults do not: nor do those of methods and of
what functions call in turn, of which there are many."""
_LEARNS = {
    "act", "backward", "choose_action", "fit", "forward", "learn", "optimize", "partial_fit", "replay", "select_action", "step", "train",
    "train_epoch", "train_step", "training_step", "update",
}  # fmt: skip
"""Methods of models and agents."""
_WORKS = re.compile(
    r"(^|_)(batches|build|create|data|dataset|experiment|fit|generate|learn|loaders?|main|make|optimize|prepare|run|samples?|split"
    r"|train|training)(_|$)",
    re.IGNORECASE,
)
"""Functions that make data or train: their defaults and variables count wherever they are called from."""


class Own(NamedTuple):
    """A function of the script or of a file of the user's that it imports, under the name that it is called by: of a class, that of
    its `__init__`."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    is_method: bool = False
    is_elsewhere: bool = False
    """In another file: only what it is called with counts, and the defaults of models."""


class Given(NamedTuple):
    """An argument, and what a call or the signature says that it is."""

    name: str
    value: ast.expr
    of: str
    line: int


class Calls:
    """What the text of a script says of the calls in it."""

    def __init__(self, module: ast.Module, uses: Uses, file: str | None = None) -> None:
        self._uses = uses
        self._functions = {node.name: Own(node.name, node) for node in module.body if isinstance(node, FUNCTION)}
        self._classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
        self._elsewhere: set[int] = set()
        self._called = {ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
        self.others: list[ast.Module] = []
        """The texts of other files that it calls something of."""
        for found in imported(module, file) if file is not None else ():
            self._take(*found)
        self._held = dict(self._instances(module))
        self._on_self = dict(self._of_methods())
        self.near = self._called_in(module.body)
        """What the top level calls itself."""
        self.far = self._further(self.near)
        """What that calls in turn."""
        levels = [[module.body], [own.node.body for own in self.near], [own.node.body for own in self.far]]
        self._telling = set(self._called_alike(levels))

    def given(self, body: Iterable[ast.stmt]) -> Iterator[Given]:
        """The arguments of the script's own functions that are called in one place, which is in this body, or in several alike."""
        for call in _calls(body):
            own = self._callee(call)
            if own is None or id(call) not in self._telling or first_word(own.name) in TELLS or is_switch(own.node):
                continue
            for name, value in _bound(call, own, self._has_defaults(own)).items():
                is_named = isinstance(value, ast.Name) and value in call.args  # It is on record by that name.
                if not is_named and not is_display(name) and not self._uses.only_shown(name, own.node):
                    yield Given(name, value, own.name, (call if own.is_elsewhere else own.node).lineno)

    def of_training(self, body: Iterable[ast.stmt], scope: str) -> Iterator[Given]:
        """Keywords of calls that train or split with something else, each made once: `net.fit(X, y, epochs=50)`."""
        calls = [call for call in _calls(body) if syntax.called(call.func) in _TRAINING and self._callee(call) is None]
        count = Counter(syntax.called(call.func) for call in calls)
        for call in calls:
            function = syntax.called(call.func)
            for word in call.keywords if count[function] == 1 else ():
                if word.arg is not None and word.arg not in _DISPLAY:
                    yield Given(_TRAINING[function] + word.arg, word.value, scope, word.value.lineno)

    def learners(self) -> list[ast.ClassDef]:
        """The classes of models and agents that the script makes objects of."""
        return [kind for name, kind in self._classes.items() if name in self._called and learns(kind)]

    def functions(self) -> list[Own]:
        """Those of the script that are in no class."""
        return [own for own in self._functions.values() if not own.is_elsewhere]

    def _has_defaults(self, own: Own) -> bool:
        """Whether the defaults of what is called are settings."""
        is_made = own.node.name == "__init__"
        if own.is_elsewhere:
            return is_made and any(self._method(own.name, name) for name in _LEARNS)
        is_plain = is_made or (own in self.near and not own.is_method)
        return works(own.name) or own.name in _LEARNS if not is_plain else first_word(own.name) not in _KEEPS

    def _take(self, name: str, node: ast.AST, module: ast.Module) -> None:
        """A function or class of another file; with a class those beside it, which it may derive from."""
        self.others.append(module)
        if isinstance(node, FUNCTION):
            self._functions.setdefault(name, Own(node.name, node, is_elsewhere=True))
            return
        beside = {other.name: other for other in module.body if isinstance(other, ast.ClassDef)}
        for known_as, kind in [(name, beside[node.name]), *beside.items()] if isinstance(node, ast.ClassDef) else []:
            if self._classes.setdefault(known_as, kind) is kind:
                self._elsewhere.add(id(kind))

    def _of_methods(self) -> Iterator[tuple[int, str]]:
        """Calls of methods by methods: which class they are in."""
        for kind in self._classes.values():
            for method in kind.body:
                if isinstance(method, FUNCTION) and method.args.args and not is_static(method):
                    yield from ((id(call), kind.name) for call in _calls(method.body) if _holder(call) == method.args.args[0].arg)

    def _callee(self, call: ast.Call) -> Own | None:
        match call.func:
            case ast.Attribute(attr=name) if id(call) in self._on_self:
                return self._method(self._on_self[id(call)], name)
            case ast.Name(id=name) if name in self._functions:
                return self._functions[name]
            case ast.Name(id=name) if name in self._classes:
                return self._made(name)
            case ast.Attribute(value=ast.Name(id=held), attr=name) if f"{held}.{name}" in self._functions:
                return self._functions[f"{held}.{name}"]
            case ast.Attribute(value=ast.Name(id=held), attr=name) if f"{held}.{name}" in self._classes:
                return self._made(f"{held}.{name}")
            case ast.Attribute(value=ast.Call(func=ast.Name(id=kind)), attr=name) if kind in self._classes:
                return self._method(kind, name)
            case ast.Attribute(value=ast.Name(id=held) | ast.Attribute(attr=held), attr=name) if held in self._held:
                return self._method(self._held[held], name)
        return None

    def _made(self, kind: str) -> Own | None:
        made = self._method(kind, "__init__")
        return made and made._replace(name=self._classes[kind].name)

    def _instances(self, module: ast.Module) -> Iterator[tuple[str, str]]:
        """Names of variables and attributes that take nothing else in the script than objects of one of its classes."""
        kinds: dict[str, set[str]] = {}
        for node in ast.walk(module):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name | ast.Attribute):
                        made = ast.unparse(node.value.func) if isinstance(node.value, ast.Call) else ""
                        kinds.setdefault(syntax.called(target), set()).add(made)
        for name, found in kinds.items():
            if len(found) == 1 and (kind := next(iter(found))) in self._classes:
                yield name, kind

    def _called_alike(self, levels: list[list[list[ast.stmt]]]) -> Iterator[int]:
        """The calls whose function is called nowhere else as near to the top, or with the same: further down it may call itself.
        Of those in the arms of a branch, one of which calls something else of the user's, the running program takes its pick."""
        known: set[int] = set()
        for bodies in levels:
            calls: dict[int, list[ast.Call]] = {}
            for call in (call for body in bodies for call in _calls(body)):
                if (own := self._callee(call)) is not None:
                    calls.setdefault(id(own.node), []).append(call)
            picked = {id(call) for body in bodies for call in self._picked(body)}
            for function, alike in calls.items():
                if function not in known and len({ast.unparse(call) for call in alike}) == 1 and id(alike[0]) not in picked:
                    yield id(alike[0])
            known |= calls.keys()

    def _picked(self, body: Iterable[ast.stmt]) -> Iterator[ast.Call]:
        """The calls of what is in one arm of a branch only, where other arms call something else."""
        for branch in _branches(body):
            arms = [[(call, own) for call in _calls(arm) if (own := self._callee(call)) is not None] for arm in _arms(branch)]
            functions = [{id(own.node) for _, own in arm} for arm in arms]
            if sum(map(bool, functions)) > 1:
                in_all = set.intersection(*functions)
                yield from (call for arm in arms for call, own in arm if id(own.node) not in in_all)

    def _method(self, kind: str, name: str) -> Own | None:
        """That of the class, or of a class of the script that it derives from."""
        seen: set[str] = set()
        waiting = [kind]
        while waiting:
            node = self._classes.get(waiting.pop(0))
            if node is None or node.name in seen:
                continue
            seen.add(node.name)
            for method in node.body:
                if isinstance(method, FUNCTION) and method.name == name:
                    return Own(name, method, not is_static(method), id(node) in self._elsewhere)
            waiting += [base.id for base in node.bases if isinstance(base, ast.Name)]
        return None

    def _called_in(self, body: Iterable[ast.stmt]) -> list[Own]:
        found = [own for call in _calls(body) if (own := self._callee(call)) is not None and not own.is_elsewhere]
        return list({id(own.node): own for own in found}.values())

    def _further(self, near: list[Own]) -> list[Own]:
        known = {id(own.node) for own in near}
        found: list[Own] = []
        waiting = list(near)
        while waiting:
            new = [own for own in self._called_in(waiting.pop(0).node.body) if id(own.node) not in known]
            known |= {id(own.node) for own in new}
            waiting += new
            found += new
        return found


def works(name: str) -> bool:
    """Whether the name of a function says that it makes data or trains, and not that it shows them."""
    return _WORKS.search(name) is not None and not set(name.split("_")) & {*TELLS}


def loads(name: str) -> bool:
    """Whether the name of a function says that it brings data, as `load_images`."""
    return first_word(name) in ("load", "read")


def learns(kind: ast.ClassDef) -> bool:
    """Whether a class has a method of a model or an agent."""
    return any(isinstance(node, FUNCTION) and node.name in _LEARNS for node in kind.body)


def _calls(body: Iterable[ast.stmt]) -> Iterator[ast.Call]:
    for statement in body:
        if not isinstance(statement, FUNCTION | ast.ClassDef):
            yield from (node for node in ast.walk(statement) if isinstance(node, ast.Call))


def _branches(body: Iterable[ast.stmt]) -> Iterator[ast.If]:
    """The first `if` of each branch that has other arms."""
    for statement in body:
        if isinstance(statement, FUNCTION | ast.ClassDef):
            continue
        further = {id(node.orelse[0]) for node in ast.walk(statement) if isinstance(node, ast.If) and _goes_on(node)}
        yield from (node for node in ast.walk(statement) if isinstance(node, ast.If) and node.orelse and id(node) not in further)


def _goes_on(branch: ast.If) -> bool:
    """Whether an `elif` follows."""
    return len(branch.orelse) == 1 and isinstance(branch.orelse[0], ast.If)


def _arms(branch: ast.If) -> Iterator[list[ast.stmt]]:
    yield branch.body
    if _goes_on(branch) and isinstance(other := branch.orelse[0], ast.If):
        yield from _arms(other)
    else:
        yield branch.orelse


def _holder(call: ast.Call) -> str | None:
    """The variable that a method is called on."""
    return call.func.value.id if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) else None


def is_display(name: str) -> bool:
    """Whether an argument of this name is about what is seen of the results."""
    return first_word(name) in TELLS or name in _DISPLAY


def is_switch(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is `train(self, mode=True)`, as PyTorch's modules have it."""
    return method.name == "train" and [argument.arg for argument in method.args.args[1:]] == ["mode"]


def is_static(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it gets no object."""
    return any(isinstance(node, ast.Name) and node.id == "staticmethod" for node in method.decorator_list)


def _bound(call: ast.Call, own: Own, defaults: bool) -> dict[str, ast.expr]:
    spec = own.node.args
    positional = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    if any(isinstance(argument, ast.Starred) for argument in call.args) or any(k.arg is None for k in call.keywords):
        return {}
    values: dict[str, ast.expr] = {}
    if defaults:
        values |= zip(positional[len(positional) - len(spec.defaults) :], spec.defaults, strict=True)
        values |= {a.arg: d for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is not None}
    given = positional[1:] if own.is_method else positional
    return values | dict(zip(given, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
