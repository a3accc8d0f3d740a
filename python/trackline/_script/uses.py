"""What becomes of a value that a script sets: whether it reaches anything but figures, texts that are shown and files that are
written. What reaches nothing else is no setting of an experiment, whatever it is called: colours, sizes of figures, paths of output.

A value is followed through the names that it is assigned to, through loops over it, and into functions of the script.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from trackline._script import syntax
from trackline._script.syntax import FUNCTION

TELLS = ("display", "draw", "log", "plot", "print", "render", "show", "verbose", "visualise", "visualize")
"""First words of functions and arguments that are about what is seen of the results."""
_DRAWING = {"altair", "bokeh", "matplotlib", "plotly", "pylab", "seaborn"}
_DRAWN = {"ax", "axes", "axs", "fig", "plt", "sns"}
"""Names of figures and their parts, as all write them."""
_SHOWS = {
    "boxplot", "critical", "debug", "error", "filterwarnings", "hist", "info", "pprint", "set_option", "set_printoptions", "simplefilter",
    "warning",
}  # fmt: skip
_KEEPS = {"dump", "exists", "isdir", "isfile", "makedirs", "mkdir", "remove", "rmtree", "save", "savefig", "savetxt", "unlink", "write", "writerow"}
_TO_FILE = {"to_csv", "to_excel", "to_feather", "to_html", "to_json", "to_latex", "to_markdown", "to_parquet", "to_pickle", "to_sql"}
_HANDS_ON = {
    "Path", "PurePath", "abspath", "cycle", "dict", "dirname", "enumerate", "format", "get", "items", "iter", "join", "joinpath", "keys", "list",
    "next", "repr", "reversed", "set", "sorted", "str", "tuple", "values", "with_suffix", "zip",
}  # fmt: skip
"""Calls whose value is still that of their argument, or of what they are called on."""
_PASSING = (
    ast.BinOp | ast.BoolOp | ast.Dict | ast.FormattedValue | ast.IfExp | ast.JoinedStr | ast.List | ast.Set | ast.Slice | ast.Starred
    | ast.Tuple | ast.UnaryOp
)  # fmt: skip
_NAMES_PARTS = {"class_names", "display_labels", "feature_names", "labels", "names", "target_names"}
"""Arguments that name the columns or classes of what there is already, as all do of a table that is made: elsewhere `columns` chooses."""
_TABLES = {"DataFrame", "Series"}
_DEEPEST = 8


class Uses:
    """What the text of a script, or of all cells of a notebook, does with its names."""

    def __init__(self, *texts: ast.AST) -> None:
        self._texts = texts
        self._above: dict[ast.AST, ast.AST] = {}
        self._loads: dict[str, list[ast.Name]] = {}
        self._functions: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        self._drawn = set(_DRAWN)
        self._known: dict[tuple[str, ast.AST | None, bool, int], bool] = {}
        for text in texts:
            self._read(text)

    def _read(self, text: ast.AST) -> None:
        for node in ast.walk(text):
            for child in ast.iter_child_nodes(node):
                self._above[child] = node
            match node:
                case ast.Name(id=name, ctx=ast.Load()):
                    self._loads.setdefault(name, []).append(node)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self._functions.setdefault(name, []).append(node)
                case ast.Import(names=names) if (drawing := {one for one in names if one.name.partition(".")[0] in _DRAWING}):
                    self._drawn |= {(one.asname or one.name).partition(".")[0] for one in drawing}
                case ast.ImportFrom(module=str(module), names=names) if module.partition(".")[0] in _DRAWING:
                    self._drawn |= {one.asname or one.name for one in names}
                case ast.Assign(targets=targets, value=value) if self._is_drawn(value):
                    self._drawn |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}

    def only_shown(self, name: str, scope: ast.AST | None = None, *, is_text: bool = False) -> bool:
        """Whether the name is used, and nowhere for anything else; of several texts (`is_text`) also whether they only name parts of
        data: columns, classes. How many texts there are is no use of them."""
        return self._only_shown(name, scope, is_text, _DEEPEST)

    def _only_shown(self, name: str, scope: ast.AST | None, is_text: bool, depth: int) -> bool:
        asked = name, scope, is_text, depth
        if asked not in self._known:  # Many ways may lead to one name: each is gone once.
            loads = self._loads_in(name, scope)
            self._known[asked] = bool(loads) and depth > 0 and all(self._is_shown(load, is_text, depth) for load in loads)
        return self._known[asked]

    def _loads_in(self, name: str, scope: ast.AST | None) -> list[ast.Name]:
        loads = self._loads.get(name, [])
        if not loads or scope is None or isinstance(scope, ast.Module):
            return loads
        inside = {id(node) for node in ast.walk(scope)}
        return [load for load in loads if id(load) in inside]

    def _is_shown(self, node: ast.AST, is_text: bool, depth: int) -> bool:
        """Whether what stands there, and so what it is a part of, is only shown."""
        while isinstance(above := self._above.get(node), _PASSING):
            node = above
        match above:
            case ast.Call(func=function):
                return function is not node and self._is_shown_by(above, node, is_text, depth)
            case ast.keyword(arg=name):
                given_to = self._above[above]
                names_parts = name in _NAMES_PARTS or (isinstance(given_to, ast.Call) and syntax.called(given_to.func) in _TABLES)
                return (is_text and names_parts) or self._is_shown_by(given_to, above, is_text, depth)
            case ast.Attribute(attr=name):
                call = self._above.get(above)
                if isinstance(call, ast.Call) and call.func is above:
                    return first_word(name) in _KEEPS or (name in _HANDS_ON and self._is_shown(call, is_text, depth))
                return self._is_shown(above, is_text, depth)
            case ast.Subscript(value=held):
                return held is node and self._is_shown(above, is_text, depth)  # `df[columns]` chooses features.
            case ast.Assign(targets=targets):
                return all(self._takes_shown(target, node, is_text, depth) for target in targets)
            case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
                return self._takes_shown(target, node, is_text, depth)
            case ast.For(target=target, iter=over) | ast.comprehension(target=target, iter=over) if over is node:
                return self._takes_shown(target, node, is_text, depth)
            case ast.arguments():
                return self._only_shown(_with_default(above, node), self._above[above], is_text, depth - 1)
            case ast.Expr():
                return True  # A notebook shows it.
            case _:
                return False

    def _is_shown_by(self, call: ast.AST, given: ast.AST, is_text: bool, depth: int) -> bool:
        if not isinstance(call, ast.Call):
            return False
        name = syntax.called(call.func)
        if self._is_drawn(call.func) or _shows(name) or (name == "open" and _writes(call)) or (is_text and name == "len"):
            return True
        if isinstance(call.func, ast.Name) and len(own := self._functions.get(name, [])) == 1:
            parameter = _parameter(own[0], call, given)
            return parameter is not None and self._only_shown(parameter, own[0], is_text, depth - 1)
        if name in ("zip", "enumerate") and isinstance(loop := self._above.get(call), ast.For | ast.comprehension):
            place = 1 if name == "enumerate" else next((n for n, one in enumerate(call.args) if one is given), 0)
            if isinstance(loop.target, ast.Tuple) and place < len(loop.target.elts):
                return self._takes_shown(loop.target.elts[place], given, is_text, depth)
        return name in _HANDS_ON and self._is_shown(call, is_text, depth)

    def _takes_shown(self, target: ast.expr, value: ast.AST, is_text: bool, depth: int) -> bool:
        """Whether what is assigned there is only shown from then on."""
        if not isinstance(target, ast.Name | ast.Tuple | ast.List):
            return self._is_drawn(target)  # plt.rcParams["font.size"] = size
        scope, names = self._scope(value), list(syntax.bound(target))
        return bool(names) and all(self._only_shown(name, scope, is_text, depth - 1) for name in names)

    def _scope(self, node: ast.AST) -> ast.AST | None:
        while node in self._above and not isinstance(node, FUNCTION):
            node = self._above[node]
        return node if isinstance(node, FUNCTION) else None

    def _is_drawn(self, node: ast.AST) -> bool:
        """Whether it is a drawing library, or a figure or a part of one."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            if isinstance(node, ast.Attribute) and node.attr in ("plot", "rcParams"):
                return True
            node = node.func if isinstance(node, ast.Call) else node.value
        return isinstance(node, ast.Name) and node.id in self._drawn


def first_word(name: str) -> str:
    """Of `plot_loss` it is `plot`; `logistic` tells of nothing."""
    return name.partition("_")[0]


def _shows(name: str) -> bool:
    """Whether a function of this name shows what it is given, or keeps it in a file. A logarithm does not."""
    word = first_word(name)
    return (word in TELLS and word != "log") or name in _SHOWS or word in _KEEPS or name in _TO_FILE


def _writes(call: ast.Call) -> bool:
    modes: Iterable[ast.expr] = [*call.args[1:2], *(word.value for word in call.keywords if word.arg == "mode")]
    return any((syntax.text(mode) or "r")[0] in "wax" for mode in modes)


def _parameter(function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, given: ast.AST) -> str | None:
    """What the function calls what it is given there."""
    if isinstance(given, ast.keyword):
        return given.arg
    names = _positional(function.args)
    return next((name for name, value in zip(names, call.args, strict=False) if value is given), None)


def _with_default(spec: ast.arguments, value: ast.AST) -> str:
    """The parameter that it is the default of."""
    named = (argument.arg for argument in spec.kwonlyargs)
    pairs = [*zip(reversed(_positional(spec)), reversed(spec.defaults), strict=False), *zip(named, spec.kw_defaults, strict=True)]
    return next(name for name, default in pairs if default is value)


def _positional(spec: ast.arguments) -> list[str]:
    return [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
