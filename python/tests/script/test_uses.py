"""What becomes of the values of names."""

from __future__ import annotations

import ast
import itertools

import pytest
from trackline._script.uses import Uses


def is_only_shown(text: str, name: str = "x", *, is_text: bool = False) -> bool:
    return Uses(ast.parse(text)).only_shown(name, is_text=is_text)


@pytest.mark.parametrize(
    "text",
    [
        "plt.figure(figsize=x)",
        "from matplotlib import pyplot\npyplot.plot(a, b, x)",
        "import seaborn\ng = seaborn.relplot(a)\ng.fig.set_size_inches(*x)",
        "fig, (left, right) = plt.subplots()\nleft.bar(a, b, color=x[:2])",
        "plt.rcParams['font.size'] = x",
        "df.plot.bar(color=x)",
        "print(f'{x} of {n}')",
        f"print({'+'.join('x' * 2000)})",
        "logger.info('to %s', x)",
        "path = os.path.join(x, 'a.csv')\ndf.to_csv(path)\nos.makedirs(x, exist_ok=True)",
        "out = Path(x)\nout.mkdir()\n(out / 'a.txt').write_text('a')\nwith open(out / 'b', 'w') as f:\n    pass",
        "for name, color in zip(models, x):\n    fit(name)\n    plt.plot(name, color=color)",
        "for i, color in enumerate(x):\n    ax[i].plot(a, color=color)",
        "[print(one) for one in x]",
        "def draw(a, size=3):\n    plt.figure(figsize=size)\nhold(a)\ndraw(a, x)\ndraw(a, size=x)",
        "def look(a, size=x):\n    plt.figure(figsize=size)",
        "x",
    ],
)
def test_only_shown(text: str) -> None:
    assert is_only_shown(text)


@pytest.mark.parametrize(
    "text",
    [
        "y = 1",
        "fit(a, x)",
        "plt.plot(a)\nprint(x)\nnet = Net(x)",
        "for epoch in range(x):\n    print(epoch)",
        "for _ in x:\n    fit()",
        "for lr in x:\n    print(lr)\n    train(lr)",
        "a = np.log(x)",
        "if kind == x:\n    print(1)",
        "size = 2 * x\nprint(size)\nnet = Net(size)",
        "def train(a, n):\n    fit(a, n)\ntrain(a, x)",
        "def use(n):\n    return n\nuse(x)",
        "pd.read_csv(x)",
        "open(x).read()",
        "df[x]",
        "a.x = x",
    ],
)
def test_used(text: str) -> None:
    assert not is_only_shown(text)


def test_texts_may_name_classes_and_columns() -> None:
    named = "frame = pd.DataFrame(a, columns=x)\nreport(y, target_names=x)\nn = len(x)"
    assert is_only_shown(named, is_text=True)
    assert not is_only_shown(named)
    assert not is_only_shown("frame = frame.drop(columns=x)", is_text=True)


def test_a_name_of_a_function_is_its_own() -> None:
    module = ast.parse("def draw(x):\n    plt.plot(x)\ndef fit(x):\n    learn(x)\n")
    shown = [Uses(module).only_shown("x", function) for function in module.body]
    assert shown == [True, False]


def test_many_ways_to_one_end_are_gone_once(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    is_shown = Uses._is_shown

    def counted(uses: Uses, node: ast.AST, is_text: bool, depth: int) -> bool:
        nonlocal steps
        steps += 1
        return is_shown(uses, node, is_text, depth)

    monkeypatch.setattr(Uses, "_is_shown", counted)
    ways = [f"{after} = str({before})\n" * 4 for before, after in itertools.pairwise("xabcde")]
    assert is_only_shown("".join(ways) + "print(e)")
    assert steps < 100


def test_what_names_each_other_ends() -> None:
    assert not is_only_shown("x = y\ny = x\nx = y")
