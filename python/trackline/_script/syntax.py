"""What the source text says at a place in it: which loops are around it, which name takes the value of a call."""

from __future__ import annotations

import ast
import linecache
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

LARGEST = 20_000
"""Lines of the longest file that is read for this."""
KEEPS_VALUE = {"float", "int", "round", "item", "tolist", "asarray", "array", "around", "Decimal"}
"""Calls that give the number they get, at most rounded: `acc = round(float(accuracy_score(…)), 3)`."""
HOLDERS = {"dict", "update"}
"""Calls whose keyword arguments are names of values: `dict(acc=…)`, `scores.update(acc=…)`."""

Span = tuple[int | None, int | None, int | None, int | None]
"""First line, last line, first column, last column, as `co_positions` gives them; columns may be unknown."""

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef

Path = tuple[str, str | None, str | None]
"""`history` of `history["loss"]`, `self` of `self.loss`: a variable, its attribute, and the key in that."""


class Loop(NamedTuple):
    """A `for` statement or the `for` of a comprehension, with the names it assigns and what it goes over; a `while` with
    what it counts. `body` has the names that are assigned anew in each turn."""

    line: int
    names: tuple[str, ...]
    over: ast.expr | None = None
    body: frozenset[str] = frozenset()


_trees: dict[str, ast.Module | None] = {}


def tree(filename: str, module_globals: dict[str, Any] | None = None) -> ast.Module | None:
    """The syntax of a file, notebook cell or `-c` text, None if Python itself does not know its text."""
    if filename not in _trees:
        _trees[filename] = parsed("".join(linecache.getlines(filename, module_globals)))
    return _trees[filename]


def script() -> ast.Module | None:
    """The syntax of the program's script; None if it has none."""
    file = script_file()
    return tree(file) if file.endswith(".py") else None


def script_file() -> str:
    """The file of the program's script, which `__main__` does not know before it runs and not always after that."""
    return getattr(sys.modules.get("__main__"), "__file__", None) or (sys.argv[0] if sys.argv else "")


def parsed(text: str) -> ast.Module | None:
    """The syntax of a text; None if there is nothing, or too much, or it is not Python."""
    if not text or text.count("\n") > LARGEST:
        return None
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None  # A cell with magics, or a file that changed since it was read.


def loops(module: ast.Module, line: int, column: int | None = None) -> tuple[Loop, ...]:
    """The loops of the innermost function that a line is in the body of, the outermost first; of comprehensions those that
    the column is in."""
    found: list[Loop] = []
    for node in around(module, line):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.clear()
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While) and node.body[0].lineno <= line <= _end(node.body[-1]):
            found.append(_loop(node))
        elif not isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.If | ast.With | ast.Try):
            found.extend(_comprehended(node, line, column))
    return tuple(found)


def _loop(node: ast.For | ast.AsyncFor | ast.While) -> Loop:
    inside = frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    if isinstance(node, ast.While):
        return Loop(node.lineno, tuple(counted(node)), body=inside)
    return Loop(node.lineno, tuple(bound(node.target)), node.iter, inside)


def _comprehended(statement: ast.AST, line: int, column: int | None) -> Iterator[Loop]:
    for node in ast.walk(statement):
        if isinstance(node, _COMPREHENSIONS) and _covers(node, line, column):
            yield from (Loop(part.target.lineno, tuple(bound(part.target)), part.iter) for part in node.generators)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _covers(node: ast.expr, line: int, column: int | None) -> bool:
    if column is None:
        return node.lineno <= line <= _end(node)
    return (node.lineno, node.col_offset) <= (line, column) < (_end(node), node.end_col_offset or 0)


def around(module: ast.Module, line: int) -> Iterator[ast.AST]:
    """The statements that a line is in, the outermost first."""
    body: list[ast.AST] = [*module.body]
    while body:
        inside = [node for node in body if getattr(node, "lineno", line) <= line <= _end(node, line)]
        if not inside:
            return
        node = inside[-1]
        yield node
        body = [child for child in ast.iter_child_nodes(node) if isinstance(child, _BLOCKS)]


_BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)


def _end(node: ast.AST, default: int = 0) -> int:
    if isinstance(node, ast.match_case):
        return _end(node.body[-1])
    return getattr(node, "end_lineno", None) or default


def bound(target: ast.AST) -> Iterator[str]:
    """The names that a loop assigns, but those with `_` in front."""
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and not node.id.startswith("_"):
            yield node.id


def counted(loop: ast.While) -> Iterator[str]:
    """The names of `step += 1` in the loop."""
    for statement in loop.body:
        match statement:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.Constant(value=int())):
                yield name


def set_in_loops(module: ast.Module) -> set[str]:
    """The names that loops outside of functions assign."""
    loops = [node for node in _outside_functions(module) if isinstance(node, ast.For | ast.AsyncFor | ast.While)]
    nodes = [node for loop in loops for node in (loop, *_outside_functions(loop))]
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield child
            yield from _outside_functions(child)


def path(node: ast.expr) -> Path | None:
    """What is named there: a variable, an attribute of one, an entry under a text in one of these."""
    match node:
        case ast.Name(id=name):
            return name, None, None
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return name, attribute, None
        case ast.Subscript(value=ast.Name() | ast.Attribute() as held, slice=ast.Constant(value=str(key))) if whole := path(held):
            return *whole[:2], key
    return None


def assigned(module: ast.Module, span: Span) -> str | None:
    """The name that takes the value of the call at these positions: of a variable (`f1 = f1_score(…)`), an attribute,
    a constant key (`scores["f1"] = …`, `{"f1": …}`). None if nothing takes this very value."""
    names = {_taker(path) for path in _calls(module, span)}
    return names.pop() if len(names) == 1 else None


def call(module: ast.Module, span: Span) -> ast.Call | None:
    """The call at these positions."""
    return next((node for *_, node in _calls(module, span) if isinstance(node, ast.Call)), None)


def _calls(module: ast.Module, span: Span) -> Iterator[tuple[ast.AST, ...]]:
    *_, statement = [None, *around(module, span[0] or 0)]
    if statement is not None:
        yield from (path for path in _paths(statement) if isinstance(path[-1], ast.Call) and _at(path[-1], span))


def _at(node: ast.Call, span: Span) -> bool:
    if span[2] is None:  # Python 3.10 knows the line only.
        return node.lineno == span[0] and not _holds(node)
    return (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == span


def _paths(node: ast.AST, above: tuple[ast.AST, ...] = ()) -> Iterator[tuple[ast.AST, ...]]:
    """Every expression of a statement, with what it is in; not those of the statements inside."""
    path = (*above, node)
    yield path
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*_BLOCKS, ast.Lambda)):
            yield from _paths(child, path)


def _taker(path: tuple[ast.AST, ...]) -> str | None:
    position: int | None = None
    for child, node in zip(reversed(path), reversed(path[:-1]), strict=False):
        match node:
            case ast.Assign(targets=[target, *_]):
                return _name(target, position)
            case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
                return _name(target, position)
            case ast.Dict(keys=keys, values=values) if child in values and position is None:
                return text(keys[values.index(child)]) if isinstance(child, ast.expr) else None
            case ast.Tuple(elts=elements) if position is None and isinstance(child, ast.expr):
                position = elements.index(child)
            case ast.keyword(arg=name) if position is None and _holds(path[path.index(node) - 1]):
                return name
            case ast.Call(func=function) if position is None and called(function) in KEEPS_VALUE:
                pass
            case ast.Attribute(attr=name) if name in KEEPS_VALUE:
                pass
            case ast.IfExp(test=test) if child is not test:
                pass
            case ast.Await():
                pass
            case _:
                return None
    return None


def _holds(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (called(node.func) in HOLDERS or called(node.func)[:1].isupper())


def called(function: ast.AST) -> str:
    """The last name of what is called: `append` of `losses.append`."""
    return str(getattr(function, "attr", "") or getattr(function, "id", ""))


def calls(module: ast.Module) -> Counter[str]:
    """In how many places a function of each name is called."""
    return Counter(node.func.id for node in ast.walk(module) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))


def _name(target: ast.AST, position: int | None = None) -> str | None:
    match target:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return _name(elements[position]) if position is not None and position < len(elements) else None
        case _ if position is not None:
            return None
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=key):
            return text(key)
    return None


def text(node: ast.AST | None) -> str | None:
    """The text that is written there."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
