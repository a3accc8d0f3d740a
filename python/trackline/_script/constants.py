"""The settings that stand in the text of a script: `LEARNING_RATE = 0.01`, `class Config: epochs = 10`, `train(lr=0.1)`.

Only what the text alone decides counts: a name that its scope assigns to a literal, and that nothing changes in place. So it is
known before the script runs, and also of a script that is killed. A name that is assigned one literal after the other, with
no branch and no loop, has the value of the line that the program is at.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple, TypeGuard

from trackline._script import loop_length, schedules, turn
from trackline._script.calls import Calls, Given, Own, works
from trackline._script.literal import as_dict, entries, literal
from trackline._script.syntax import FUNCTION
from trackline._script.uses import Uses

SURE = 0.95
"""Names in capitals, attributes of a class of settings, and seeds."""
QUITE_SURE = 0.9
"""Other names."""

_LONGEST_TEXT = 120
_MOST_ITEMS = 20
_SEEDS = {"seed", "manual_seed", "manual_seed_all", "seed_everything", "set_seed", "set_random_seed", "default_rng", "PRNGKey"}
_IS_SHOWN = re.compile(r"[\n\t]|:\s*$|\{[^{}]*\}|\.(png|svg|pdf|jpe?g|gif|log)$")
"""In text that is laid out, or filled in, to be shown, or that names what results are shown in."""
_CHANGES = {
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft", "remove", "setdefault",
    "update",
}  # fmt: skip
_SETTINGS = (
    "arg", "args", "cfg", "conf", "config", "hp", "hparam", "hparams", "hyper", "hyperparameters", "hyperparams", "options", "opts", "params",
    "settings",
)  # fmt: skip


class Constant(NamedTuple):
    """A setting, how sure it is one, and the line and the function that set it."""

    key: str
    value: Any
    confidence: float
    line: int
    scope: str


TOP = "<module>"
"""The scope of what is in no function."""


def is_settings_name(name: str) -> bool:
    """Whether a variable, class or module of this name holds settings: `cfg`, `train_config`, `TrainConfig`."""
    small = name.lower().rstrip("0123456789").rstrip("_")
    return any(small == word or small.endswith(f"_{word}") for word in _SETTINGS) or (
        name[:1].isupper() and small.endswith(_SETTINGS)
    )


def constants(module: ast.Module, file: str | None = None, uses: Uses | None = None) -> list[Constant]:
    """Those of a script, in the order of the text within a scope; a key may be set several times. What it calls of other files
    can be told if it is known which `file` it is; `uses` are those of a text that this is a part of."""
    uses = Uses(module) if uses is None else uses
    calls = Calls(module, uses, file)
    body = list(_unfolded(module.body))
    scope = _Scope(module, TOP, {}, uses)
    found = [*scope.constants(body), *_of_classes(module, body, scope.known), *_seeds(body, TOP), *_epochs(body, TOP)]
    for kind in calls.learners():
        found += _of_learner(kind, scope.known)
    for own in calls.near:
        found += _of_function(own, calls, scope, also_set=not own.is_method or works(own.name))
    for own in calls.far:
        found += _of_function(own, calls, scope, also_set=works(own.name))
    found += _told([*calls.given(module.body), *calls.of_training(module.body, TOP)], scope.known)
    further = {seed.value: seed for own in calls.functions() for seed in _seeds(own.node.body, own.name)}
    further |= {seed.value: seed for other in calls.others for seed in _seeds(other.body, TOP)}
    found += further.values() if len(further) == 1 else ()  # Of functions that are called somewhere: one seed, or none is the script's.
    return _apart(found)


def _apart(found: list[Constant]) -> list[Constant]:
    """What two functions or classes call the same and have otherwise goes by their names, `load.n` and `train.n`, unless the script itself
    has that name: then it is one setting, which they set anew."""
    begun: dict[str, dict[str, Any]] = {}
    for constant in found:
        if "." not in constant.key:  # `train_test_split.test_size` says already whose it is.
            begun.setdefault(constant.key, {}).setdefault(constant.scope, constant.value)
    of_functions = {key: list(values.values()) for key, values in begun.items() if TOP not in values}
    differ = {key for key, (value, *others) in of_functions.items() if any(other != value for other in others)}
    return [one._replace(key=f"{one.scope}.{one.key}") if one.key in differ else one for one in found]


def _of_function(own: Own, calls: Calls, outside: _Scope, also_set: bool) -> list[Constant]:
    """What a function calls others with, and also what it sets itself."""
    scope, inside = _Scope(own.node, own.name, outside.known, outside.uses), list(_unfolded(own.node.body))
    found = [*scope.constants(inside), *_seeds(inside, own.name), *_epochs(inside, own.name)]  # First of all: the scope then knows their values.
    told = _told([*calls.given(own.node.body), *calls.of_training(own.node.body, own.name)], scope.known)
    return [*found, *told] if also_set else list(told)


def _told(given: Iterable[Given], known: Mapping[str, Any]) -> Iterator[Constant]:
    for name, value, of, line in given:
        yield from (constant._replace(line=line) for constant in _settings(name, value, QUITE_SURE, of, known))


def first(found: Iterable[Constant]) -> list[Constant]:
    """Of several of one key, the first."""
    by_key: dict[str, Constant] = {}
    for constant in found:
        by_key.setdefault(constant.key, constant)
    return list(by_key.values())


def changed(found: Iterable[Constant], lines: Mapping[str, int]) -> list[Constant]:
    """Those that are no longer what they were first, when the program is at these lines, by scope."""
    begun, now = {constant.key: constant for constant in reversed([*found])}, {}
    for constant in found:
        if constant.line <= lines.get(constant.scope, 0):
            now[constant.key] = constant
    return [constant for constant in now.values() if constant.value != begun[constant.key].value]


def _unfolded(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run once: also those of `if __name__ == "__main__"`, of `with` and of `try`."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "__name__" in ast.dump(node.test):
            yield from _unfolded(node.body)
        elif isinstance(node, ast.With | ast.Try):
            yield from _unfolded(node.body)


class _Scope:
    """The names that a script or a function of it assigns; `outside` are those that it can see the value of."""

    def __init__(self, node: ast.AST, name: str, outside: Mapping[str, Any], uses: Uses) -> None:
        self.name = name
        self.uses = uses
        self._node = node
        self._assigned, self._changed = assignments(node)
        own = {argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)} | self._assigned.keys()
        self.known = {name: value for name, value in outside.items() if name not in own}

    def constants(self, body: Iterable[ast.stmt]) -> Iterator[Constant]:
        """What is assigned there to literals and nothing else."""
        given: dict[str, list[ast.expr]] = {}
        for name, value in pairs(body):
            given.setdefault(name, []).append(value)
        for name, values in given.items():
            if name.startswith("_") or self._assigned[name] != len(values) or name in self._changed:
                continue
            confidence = SURE if name.isupper() else QUITE_SURE
            found = [list(_settings(name, value, confidence, self.name, self.known)) for value in values]
            if all(found):
                is_text = all(_is_texts(constant.value) for one in found for constant in one)
                if not self.uses.only_shown(name, self._node, is_text=is_text):
                    yield from chain.from_iterable(found)
                if len(found) == 1 and found[0][0].key == name:
                    self.known[name] = found[0][0].value


def pairs(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Names, and what they are assigned: `a = 1`, `a: int = 1`, `a, b = 1, 2`."""
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    for part, value in zip(target.elts, node.value.elts, strict=False):
                        if isinstance(part, ast.Name):
                            yield part.id, value


def _settings(name: str, value: ast.expr, confidence: float, scope: str, known: Mapping[str, Any]) -> Iterator[Constant]:
    if (made := as_dict(value)) is not None:
        if name.isupper() or is_settings_name(name):
            # Of settings the names inside say what they are.
            flat = _flat(entries(made, known), "" if is_settings_name(name) else f"{name}.")
            yield from (Constant(key, item, confidence, value.lineno, scope) for key, item in flat if is_setting(item))
        return
    try:
        held = literal(value, known)
    except ValueError:
        return
    if is_setting(held):
        yield Constant(name, held, confidence, value.lineno, scope)


def _flat(values: dict[Any, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def is_setting(value: Any) -> bool:
    """Whether a value is one that is set: a number, a short text, a few of them; no prose and nothing empty."""
    if isinstance(value, str):
        return bool(value.strip()) and len(value) <= _LONGEST_TEXT and not _IS_SHOWN.search(value) and value.count(" ") <= 5
    if isinstance(value, list | tuple | set):
        return 0 < len(value) <= _MOST_ITEMS and all(is_setting(item) for item in value)
    return isinstance(value, bool | int | float)


def _is_texts(value: Any) -> bool:
    """Whether it is several texts, as of columns and classes; which one column is to be predicted is a setting."""
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def assignments(scope: ast.AST) -> tuple[Counter[str], set[str]]:
    """How often each name is assigned, and which hold what is changed in place. A name of a function inside counts if it is
    declared to be of outside."""
    assigned: Counter[str] = Counter()
    changed: set[str] = set()
    for node, outside in _nodes(scope, None):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            assigned[node.id] += outside is None or node.id in outside
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
            changed.add(node.value.id)
        elif isinstance(node, ast.Attribute) and node.attr in _CHANGES and isinstance(node.value, ast.Name):
            changed.add(node.value.id)
    return assigned, changed


def _nodes(node: ast.AST, outside: set[str] | None) -> Iterator[tuple[ast.AST, set[str] | None]]:
    for child in ast.iter_child_nodes(node):
        yield child, outside
        if isinstance(child, FUNCTION | ast.Lambda | ast.ClassDef):
            declared = {
                name for inner in ast.walk(child) if isinstance(inner, ast.Global | ast.Nonlocal) for name in inner.names
            }
            yield from _nodes(child, declared)
        else:
            yield from _nodes(child, outside)


def _of_classes(module: ast.Module, body: Iterable[ast.stmt], known: Mapping[str, Any]) -> Iterator[Constant]:
    """The attributes of `class Config:` are settings, whether it is ever instantiated or not."""
    set_outside = {(ast.unparse(node.value), node.attr) for node in ast.walk(module) if _is_set(node)}
    for node in body:
        if isinstance(node, ast.ClassDef) and is_settings_name(node.name):
            assigned, in_place = assignments(node)
            for name, value in pairs(node.body):
                if not name.startswith("_") and assigned[name] == 1 and name not in in_place and (node.name, name) not in set_outside:
                    yield from _settings(name, value, SURE, node.name, known)


def _of_learner(kind: ast.ClassDef, known: Mapping[str, Any]) -> Iterator[Constant]:
    """What a model or an agent is given by its own text, and nothing but a schedule changes: `self.decay = 0.9`."""
    begin = next((node for node in kind.body if isinstance(node, FUNCTION) and node.name == "__init__"), None)
    own = begin.args.args[0].arg if begin is not None and begin.args.args else None
    of_object = [(statement, target.attr) for statement, target in _attributes(begin.body if begin is not None else [], own)]
    given = [*pairs(kind.body), *((name, statement.value) for statement, name in of_object)]
    changed = {statement for statement in schedules.of_class(kind)} | {statement for statement, _ in of_object}
    count = Counter(name for name, _ in given)
    set_later = {
        part.attr for node in ast.walk(kind) if isinstance(node, ast.stmt) and node not in changed for part in ast.iter_child_nodes(node) if _is_set(part)
    }
    for name, value in given:
        if count[name] == 1 and name not in set_later and not name.startswith("_"):
            yield from (one for one in _settings(name, value, QUITE_SURE, kind.name, known) if one.value)


def _attributes(body: Iterable[ast.stmt], own: str | None) -> Iterator[tuple[ast.Assign, ast.Attribute]]:
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name)) as target]) if name == own:
                yield statement, target


def _is_set(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)


def _seeds(body: Iterable[ast.stmt], scope: str) -> Iterator[Constant]:
    """`torch.manual_seed(0)`, `random.seed(0)`, `rng = np.random.default_rng(0)`."""
    for statement in body:
        if isinstance(statement, ast.Expr | ast.Assign) and isinstance(call := statement.value, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
            value = next(iter([*call.args, *(word.value for word in call.keywords if word.arg == "seed")]), None)
            if name in _SEEDS and isinstance(value, ast.Constant) and isinstance(value.value, int):
                yield Constant("seed", value.value, SURE, statement.lineno, scope)


def _epochs(body: Iterable[ast.stmt], scope: str) -> Iterator[Constant]:
    """`for epoch in range(5000):`, where the number has no name."""
    for loop in body:
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and turn.names_epoch(loop.target.id):
            if count := loop_length.of(loop.iter, {}):
                yield Constant("epochs", count, QUITE_SURE, loop.lineno, scope)
