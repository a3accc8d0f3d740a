"""Searches that are written as loops around the script's own functions and classes, `for lr in rates: loss = train(lr)`: what a turn tries, and what
comes of it. The text alone decides that."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping

from trackline._native import ShownLines
from trackline._script import functions, learned, loop_data, loop_values, syntax
from trackline._script.frames import COUNTERS
from trackline._script.place import Moment, Place, Scope, Value
from trackline._script.syntax import FUNCTION

TURNS = {*COUNTERS, "j", "idx", "index", "n", "round", "sweep", "trial", "turn", "x"}
"""Loop variables that say which turn it is."""
_DRAWS = {"choice", "choices", "gauss", "integers", "loguniform", "normal", "randint", "random", "randrange", "sample", "uniform"}
_TAKES = {"get_nowait", "heappop", "pop", "popleft"}
"""Calls that take the next candidate of those that wait."""
FITS = {"fit", "train"}
"""Methods that make an object a model to be tried."""
_RECORDED = loop_data.LEARN | {"start_run"}
"""Calls whose turns are runs already. Fits are, too, but of some nothing is recorded: that is seen when they run."""
_COMES_TO = re.compile(r"(^|_)(cv|experiment|objective|simulate|simulation)(_|$)", re.IGNORECASE)
"""Functions that give what a candidate comes to, beside those whose names say that they train or judge."""
_VERB = re.compile(r"^(calc|calculate|compute|eval|evaluate|get|measure)(_|$)")
"""How names of functions begin whose end is that of the metric: `compute_loss`."""
_LOOPS = ast.For | ast.While
_LEAVES = ast.Break | ast.Continue | ast.Return | ast.Raise


def beginnings(module: ast.Module) -> Iterator[Place]:
    """Where the turns of such loops hand over what they try."""
    return (place for place in _places(module) if place.moment is Moment.TRYING)


def ends(module: ast.Module) -> Iterator[Place]:
    """The ends of these turns, in the same block: what was tried, and what came of it."""
    return (place for place in _places(module) if place.moment is Moment.TRIED)


@functools.lru_cache(maxsize=functions.MOST_REMEMBERED)
def _places(module: ast.Module) -> list[Place]:
    return list(_of_module(module))


def _of_module(module: ast.Module) -> Iterator[Place]:
    own = {node.name: node for node in module.body if isinstance(node, FUNCTION | ast.ClassDef)}
    called = {syntax.called(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    if not own or called & _RECORDED:
        return
    for scope in (module, *functions.observable(module)):
        for _, loop, _ in learned.loops(scope.body):
            yield from _of(scope, loop, [], own)


def is_result(name: str) -> bool:
    """Whether it is the name of a metric."""
    return bool(ShownLines().read(f"{name}=0.5"))


def _of(scope: Scope, loop: ast.For | ast.While, around: list[str], own: Mapping[str, ast.AST]) -> Iterator[Place]:
    names = [*around, *(name for name in (syntax.bound(loop.target) if isinstance(loop, ast.For) else ()) if name not in TURNS)]
    turn = _Turn(loop, names, own)
    if turn.begins is not None and turn.results:
        if not isinstance(loop.body[-1], _LEAVES):
            yield Place(Moment.TRYING, scope, loop.body, turn.begins, None, tuple(map(turn.setting, turn.known)))
            yield Place(Moment.TRIED, scope, loop.body, loop.body[-1], None, (*map(turn.setting, turn.tried), *turn.results))
        return
    for statement in loop.body:
        if isinstance(statement, _LOOPS):
            within = _gone_over(statement)
            yield from _of(scope, statement, [name for name in names if name not in within], own)


def _gone_over(loop: ast.For | ast.While) -> set[str]:
    """The names of what a loop takes its values from: `for lr in rates`."""
    if isinstance(loop, ast.While) or (isinstance(loop.iter, ast.Call) and syntax.called(loop.iter.func) == "range"):
        return set()
    return {node.id for node in ast.walk(loop.iter) if isinstance(node, ast.Name)}


class _Turn:
    """What a turn of a loop tries: `names` of loops around, what it draws or takes, and what it makes of that."""

    def __init__(self, loop: ast.For | ast.While, names: list[str], own: Mapping[str, ast.AST]) -> None:
        self._own = own
        self._is_queue = isinstance(loop, ast.While)
        self._around = frozenset(names)
        self._bound = {*names}
        """What stands for the candidate: names of loops, and what is drawn, taken or made of it."""
        self._gone = {node.id for node in ast.walk(loop) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
        self.tried = [name for name in names if name not in self._gone]
        self.begins: ast.stmt | None = None
        """The statement that first hands over what is tried."""
        self.known: list[str] = []
        """What is tried, as far as it is known then."""
        self.results: list[Value] = []
        for statement in loop.body:
            self._goes_on(statement)

    def setting(self, name: str) -> Value:
        """What is looked at of what is tried. Of what waits in a queue only entries of dicts are settings: others are nodes of a graph."""
        return Value("" if self._is_queue and name not in self._around else name, (name, None, None), sure=False)

    def _goes_on(self, statement: ast.stmt) -> None:
        call = next((node for node in ast.walk(statement) if isinstance(node, ast.Call) and self._hands_over(node)), None)
        if call is not None and self.begins is None:
            self.begins, self.known = statement, [*self.tried]
        match statement:
            case ast.Assign(targets=targets, value=value):
                names = loop_values.stored([part for target in targets for part in ast.walk(target)]) - self._gone
                measured = {name for name in names if is_result(name)}
                self._comes_to({name: name for name in measured})
                if self.begins is None or _calls(value, _DRAWS):
                    self._makes(targets[0], names - measured, value)
                elif not measured:
                    self._collects(targets[0], value)
                self._bound |= names if call is not None else set()
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=held, attr="append"), args=[value])):
                self._collects(held, value)

    def _comes_to(self, names: dict[str, str]) -> None:
        known = {value.name for value in self.results}
        self.results += [Value(name, (variable, None, None)) for name, variable in sorted(names.items()) if name not in known]

    def _collects(self, target: ast.expr, value: ast.expr) -> None:
        """What is called is kept as it is: `results[k] = evaluate(k)`, `losses.append(train(lr))`."""
        held = target.value if isinstance(target, ast.Subscript) else target
        while isinstance(value, ast.Call) and syntax.called(value.func) in syntax.KEEPS_VALUE and value.args:
            value = value.args[0]
        if isinstance(held, ast.Name) and held.id not in self._gone and isinstance(value, ast.Call) and self._is_of_candidate(value):
            name = self._named(held.id, value)
            self._comes_to({} if name is None else {name: held.id})

    def _named(self, variable: str, call: ast.Call) -> str | None:
        """What the result of a call is called; None if nothing says that it is one."""
        one, function = _singular(variable), syntax.called(call.func)
        given = self._own.get(function)
        if isinstance(given, ast.ClassDef):
            return None
        for name in (one, *_returned(given), _VERB.sub("", function)):
            if name and is_result(name):
                return name
        return one if functions.trains_or_judges(function) or _COMES_TO.search(function) else None

    def _makes(self, target: ast.expr, names: set[str], value: ast.expr) -> None:
        """What the turn tries is drawn or taken, or made of what it tries: a dict of it says the same."""
        draws = not self._is_queue and _calls(value, _DRAWS)
        if draws or (self._is_queue and isinstance(target, ast.Name) and _calls(value, _TAKES)):
            self.tried += sorted(names - {*self.tried})
            self._bound |= names
        elif isinstance(target, ast.Name) and target.id in names and self._reads(value):
            if isinstance(value, ast.Dict | ast.DictComp) or (isinstance(value, ast.Call) and syntax.called(value.func) == "dict"):
                self._tells(target.id, value)
            elif target.id not in self.tried:
                self.tried.append(target.id)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and self._reads(target):
            self._tells(target.value.id, ast.Tuple([target.slice, value], ast.Load()))

    def _tells(self, name: str, source: ast.expr) -> None:
        """A dict that is made of what is tried tells it."""
        told = {part.id for part in ast.walk(source) if isinstance(part, ast.Name)}
        self.tried = [*(one for one in self.tried if one not in told and one != name), name]

    def _reads(self, node: ast.AST) -> bool:
        return any(isinstance(part, ast.Name) and (part.id in self._bound or part.id in self.tried) for part in ast.walk(node))

    def _hands_over(self, call: ast.Call) -> bool:
        """Whether a function or class of the script is given what the turn tries, or that is what is fitted."""
        match call.func:
            case ast.Name(id=name) if name in self._own:
                return any(self._reads(part) for part in (*call.args, *call.keywords))
            case ast.Attribute(value=ast.Name(id=name), attr=method):
                return name in self._bound and method in FITS
        return False

    def _is_of_candidate(self, call: ast.Call) -> bool:
        match call.func:
            case ast.Attribute(value=ast.Name(id=name)):
                return name in self._bound
        return self._hands_over(call)


def _returned(function: ast.AST | None) -> Iterator[str]:
    """The names of what a function returns, if it returns variables as they are."""
    for node in ast.walk(function) if function is not None else ():
        match node:
            case ast.Return(value=ast.Name(id=name)):
                yield name


def _calls(value: ast.expr, names: set[str]) -> bool:
    return any(isinstance(node, ast.Call) and syntax.called(node.func) in names for node in ast.walk(value))


def _singular(name: str) -> str:
    """`loss` of `losses`, `accuracy` of `accuracies`, `result` of `results`."""
    if len(name) < 3 or not name.endswith("s") or name.endswith("ss"):
        return name
    forms = [f"{name[:-3]}y"] if name.endswith("ies") else [name[:-2], name[:-1]] if name.endswith("es") else [name[:-1]]
    return next((form for form in forms if is_result(form)), forms[-1])
