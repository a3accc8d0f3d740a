"""Which numbers on a line the code has names for, and which of these it has computed."""

from __future__ import annotations

import ast

import pytest
from trackline._script.printed import shown

BEFORE = """
lr = 0.01
args = parser.parse_args()
net = Net(alpha=0.1)
slope, bias = fit(x, y)
test = linregress(x, y)
errors = 0
errors += (y != predicted).sum()
start = time.time()
"""


def numbers(call: str, line: str) -> list[tuple[str, str | None, bool]]:
    """The text, the name and the kind of each number that the call has shown on the line."""
    module = ast.parse(f"{BEFORE}{call}\n")
    node = module.body[-1]
    found = shown(module, (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset))
    return [(number.text, number.hole.name, number.hole.is_result) for number in found.numbers(line)]


@pytest.mark.parametrize(
    ("call", "line"),
    [
        ('print(f"{name}: {slope:.2f} ({bias:.1%})")', "KNN: 0.25 (3.1%)"),
        ('print("%s: %.2f (%.1f%%)" % (name, slope, bias))', "KNN: 0.25 (3.1%)"),
        ('print("{}: {:.2f} ({:.1f}%)".format(name, slope, bias))', "KNN: 0.25 (3.1%)"),
        ('print("{2}: {0} ({b})".format(slope, 1, name, b=bias))', "KNN: [0.25] (3.1)"),
        ('print("{{{}}}: {} ({b}) {}".format(name, slope, 9, b=bias))', "{KNN}: 0.25 (3.1) -"),
        ('print(name, slope, "bias:", np.round(bias, 1))', "KNN 0.25 bias: 3.1"),
        ('print("KNN", slope, bias, sep=", ")', "KNN, 0.25, 3.1"),
        ('print("KNN " + str(slope) + " and " + str(bias))', "KNN 0.25 and 3.1"),
        ('logger.info("KNN: %s %s", slope, bias)', "KNN: np.float64(0.25) tensor(3.1)"),
        ('print(f"{name}\\n{slope} {bias}\\n")', "0.25 3.1"),
    ],
)
def test_however_it_is_written(call: str, line: str) -> None:
    assert numbers(call, line) == [("0.25", "slope", True), ("3.1", "bias", True)]


@pytest.mark.parametrize(
    ("value", "name", "is_result"),
    [
        ("lr", "lr", False),
        ("args.lr", "lr", False),
        ("net.alpha", "alpha", False),
        ("sys.argv[1]", "argv", False),
        ("undefined", "undefined", False),
        ("time.time()", "time", False),
        ("trial.suggest_float('lr', 0, 1)", "suggest_float", False),
        ("float(lr)", "lr", False),
        ("lr.round(3)", "lr", False),
        ("slope[0].round(3)", "slope", True),
        ("np.round(slope, 3)", "slope", True),
        ("test.pvalue", "pvalue", True),
        ("net.coef_[0]", "coef_", True),
        ("errors", "errors", True),
        ("100 * errors / 7", "errors", True),
        ("scores.mean()", "scores", True),
        ("scores.std()", "std_scores", True),
    ],
)
def test_what_is_computed(value: str, name: str, is_result: bool) -> None:
    assert numbers(f'print("value:", {value})', "value: 5") == [("5", name, is_result)]


def test_behind_what_another_print_has_begun_the_line_with() -> None:
    assert numbers("print(slope)", "KNN:\t0.25") == [("0.25", "slope", True)]
    assert numbers("print(slope)", "1: KNN: 0.25") == []


def test_a_long_line_with_many_holes_is_gone_through_once() -> None:
    words = "KNN " * 1000
    assert numbers("print(a, b, c, d, slope, bias, 'end')", f"{words} 0.25 3.1") == []
    assert numbers("print(slope, ':', bias, 'end')", f"0.25 {words}: 3.1 end") == [("3.1", "bias", True)]
    assert numbers("print(f'({slope})({bias})')", "(0.25)(") == []


def test_what_is_in_no_hole() -> None:
    assert numbers("print(table)", "0  0.5  0.25") == []
    assert numbers('print("accuracy: 0.5", name)', "accuracy: 0.5 KNN") == []
    assert numbers("print(*rows)", "1 2") == []
