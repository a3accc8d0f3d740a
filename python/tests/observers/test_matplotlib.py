"""Figures of Matplotlib: each once, whatever is done with it, and nothing changes for the script."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recorded import Recorded
from scripting import FIT, Scripts
from trackline.observers import _pictures

PNG = b"\x89PNG"
MANY = """
import io, os
import matplotlib.pyplot as plt
os.makedirs("plots")

def draw(title):
    figure, axes = plt.subplots()
    axes.plot([1, 3, 2]); axes.set_title(title)
    return figure

draw("Saved and shown"); plt.savefig("plots/loss.png"); plt.show(); plt.close()
draw("Shown: a/b"); plt.show(); plt.close()
figure = draw("Shown, then saved"); plt.show(); figure.savefig("plots/late.svg"); plt.close(figure)
draw(""); plt.show(); plt.show(); plt.close("all")
buffer = io.BytesIO(); draw("To memory").savefig(buffer, format="pdf"); plt.close()
draw("Thrown away"); plt.close()
plt.figure()
draw("Left open")
print(len(plt.get_fignums()), len(buffer.getvalue()) > 0, sorted(os.listdir("plots")))
"""


def test_each_figure_is_kept_once(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    done = scripts.run(FIT + MANY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "2 True ['late.svg', 'loss.png']\n"
    run = recorded.run()
    files = {path.removeprefix("figures/") for path in _figures(recorded)}
    assert files == {"loss.png", "Shown_a_b.png", "late.svg", "figure_1.png", "To_memory.pdf", "Left_open.png"}
    assert recorded.bytes(run, "figures/loss.png") == (scripts.folder / "plots/loss.png").read_bytes()
    assert recorded.bytes(run, "figures/late.svg") == (scripts.folder / "plots/late.svg").read_bytes()
    assert recorded.bytes(run, "figures/Left_open.png").startswith(PNG)
    listed = {entry["title"]: entry["source"] for entry in document("figures")}
    assert listed == {
        "Saved and shown": "matplotlib.savefig",
        "Shown: a/b": "matplotlib.show",
        "Shown, then saved": "matplotlib.savefig",
        "": "matplotlib.show",
        "To memory": "matplotlib.savefig",
        "Left open": "matplotlib.open",
    }


def test_figures_from_before_the_run_belong_to_it(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run("import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('first look'); plt.show(); plt.close()" + FIT)
    assert _figures(recorded) == {"figures/first_look.png"}


def test_nothing_is_written_when_no_run_ever_begins(scripts: Scripts) -> None:
    done = scripts.run(MANY)
    assert (done.returncode, done.stderr) == (0, "")
    assert not scripts.store.exists()


def test_the_category_can_be_switched_off(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(FIT + MANY, autolog="capture={'figures': False}")
    assert _figures(recorded) == set()


def test_a_figure_in_a_loop_is_kept_with_its_turn(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    scripts.run(
        FIT + "import matplotlib.pyplot as plt\n"
        "for epoch in range(3):\n"
        "    plt.plot([epoch, 1]); plt.savefig(f'epoch {epoch}.png'); plt.savefig('latest.png'); plt.clf()\n"
    )
    assert _figures(recorded) == {*(f"figures/epoch {n}.png" for n in range(3)), "figures/latest.png"}
    assert [entry.get("at") for entry in document("figures")] == [{"epoch": 0}, {"epoch": 2}, {"epoch": 1}, {"epoch": 2}]


def test_equal_names_in_two_folders_are_two_figures(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(
        FIT + "import os, matplotlib.pyplot as plt\n"
        "for fold in ('one', 'two'):\n"
        "    os.makedirs(fold)\n"
        "    for _ in range(2):\n"
        "        plt.plot([1, len(fold)]); plt.savefig(f'{fold}/roc.png'); plt.clf()\n"
    )
    assert _figures(recorded) == {"figures/roc.png", "figures/two/roc.png"}


def test_what_the_user_logs_is_not_kept_again(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(
        "import matplotlib.pyplot as plt\n"
        "with trackline.start_run():\n"
        "    figure, axes = plt.subplots(); axes.plot([1, 2])\n"
        "    trackline.log_figure(figure, 'mine.png')\n"
    )
    assert recorded.files(recorded.run()) == {"mine.png"}


def test_seaborn_and_pandas_come_through(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(
        FIT + "import pandas as pd, seaborn as sns\n"
        "frame = pd.DataFrame({'a': [1, 2, 3], 'b': [3, 1, 2]})\n"
        "sns.pairplot(frame).savefig('pairs.png')\n"
        "frame.plot(title='of pandas')\n"
    )
    assert _figures(recorded) == {"figures/pairs.png", "figures/of_pandas.png"}


def test_a_style_may_name_a_map_of_colours_that_only_the_program_knows(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(FIT + "import seaborn as sns, matplotlib.pyplot as plt\nsns.set_theme()\nplt.plot([1, 2]); plt.show()\n")
    assert _figures(recorded) == {"figures/figure_1.png"}


def test_the_numbers_of_a_display_lie_beside_its_figure(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(
        FIT + "import matplotlib.pyplot as plt\n"
        "from sklearn.metrics import ConfusionMatrixDisplay\n"
        "ConfusionMatrixDisplay.from_predictions([0, 1, 1], [0, 1, 0]); plt.savefig('confusion.png')\n"
    )
    assert _figures(recorded) == {"figures/confusion.png", "figures/confusion.json"}
    values = recorded.json(recorded.run(), "figures/confusion.json")
    assert values == {"kind": "ConfusionMatrixDisplay", "confusion_matrix": [[1, 0], [1, 1]], "display_labels": [0, 1]}


LAYOUTS = """
import sys, warnings, random
import numpy as np, matplotlib.pyplot as plt, matplotlib.dates
from mpl_toolkits.mplot3d import Axes3D
layout, kind = sys.argv[1:] if len(sys.argv) > 1 else ("LAYOUT", "KIND")
figure = plt.figure(layout=layout if layout != "none" else None)
x = np.linspace(0.1, 3, 50)
drawn = []
figure.canvas.mpl_connect("draw_event", drawn.append)
if kind == "3d":
    axes = figure.add_subplot(projection="3d"); axes.plot(x, np.sin(x), x)
elif kind == "image":
    for place in (121, 122):
        axes = figure.add_subplot(place); image = axes.imshow(np.outer(x, x)); figure.colorbar(image, label="a long label")
elif kind == "log":
    axes = figure.add_subplot(211); axes.semilogy(x, 10 ** x); axes.set_ylabel("a\\nb"); axes.legend(["c"])
    axes = figure.add_subplot(212); axes.plot(np.array(["2020-01-01", "2020-06-01"], dtype="M8[D]"), [1, 2])
else:
    axes = figure.add_subplot(projection="polar"); axes.bar(x, x)
axes.set_title("\\u4e2d")
stale, before = figure.stale, plt.rcParams.copy()
plt.show()
assert figure.stale == stale and plt.rcParams == before and not drawn
assert not hasattr(figure.canvas, "renderer")
axes.set_xlabel("added later")
figure.savefig("figure.png")
print(len(drawn), np.random.rand(), random.random() < 2, [axes.get_position().bounds for axes in figure.axes])
"""


SHOWN = """
import numpy as np, pandas as pd, matplotlib, matplotlib.pyplot as plt
from mpl_toolkits.mplot3d import Axes3D
x = np.linspace(0.1, 3, 50)
matplotlib.rcParams.update({"axes.facecolor": "0.9", "savefig.dpi": 80, "axes.unicode_minus": False})
plt.semilogy(x, 10 ** x, label="$x^2$"); plt.legend(); plt.tight_layout(); plt.title("lines"); plt.show()
plt.figure(); pd.Series(x, index=pd.date_range("2020", periods=50)).plot(); plt.title("dates"); plt.show()
figure = plt.figure(layout="constrained"); axes = figure.add_subplot(projection="3d")
axes.plot_surface(*np.meshgrid(x, x), np.outer(x, -x)); plt.title("surface"); plt.show()
figure, axes = plt.subplots(figsize=(3, 7)); figure.colorbar(axes.imshow(np.outer(x, x))); axes.set_title("image"); plt.sca(axes)
plt.show()
from matplotlib import font_manager
face = font_manager.FontEntry(fname=str(font_manager.findfont("cmr10")), name="Mine", weight=400, size="scalable")
font_manager.fontManager.ttflist.insert(0, face)
plt.figure(); plt.plot(x); plt.title("letters", family="Mine"); plt.show()
plt.style.use("ggplot")
plt.figure(); plt.bar(["a", "b", "c"], [1, 2, -3]); plt.title("categories"); plt.show()
"""


@pytest.mark.parametrize(("layout", "kind"), [("constrained", "image"), ("tight", "log"), ("none", "3d"), ("compressed", "polar")])
def test_a_script_sees_the_same_figure_and_warnings(scripts: Scripts, layout: str, kind: str) -> None:
    """The same pixels, also where it is drawn to be kept before the script draws it."""
    code = FIT + LAYOUTS.replace("LAYOUT", layout).replace("KIND", kind).replace("np.random.rand()", "np.random.RandomState(1).rand()")
    plain = scripts.plain(code)
    picture = (scripts.folder / "figure.png").read_bytes()
    observed = scripts.run(code)
    assert (observed.returncode, observed.stdout, observed.stderr) == (0, plain.stdout, plain.stderr)
    assert "Glyph 20013" in plain.stderr
    assert (scripts.folder / "figure.png").read_bytes() == picture


def test_what_is_kept_has_the_pixels_that_the_script_would_save(scripts: Scripts, recorded: Recorded, tmp_path: Path) -> None:
    """Though another process draws it: with the settings, and after the changes, that the script has made."""
    from matplotlib.image import imread

    scripts.plain(SHOWN.replace("plt.show()", "plt.savefig(f'{plt.gca().get_title()}.png')"))
    done = scripts.run(FIT + SHOWN)
    assert (done.returncode, done.stderr) == (0, "")
    run = recorded.run()
    for title in ("lines", "dates", "surface", "image", "letters", "categories"):
        kept = tmp_path / f"{title}.png"
        kept.write_bytes(recorded.bytes(run, f"figures/{title}.png"))
        assert np.array_equal(imread(kept), imread(scripts.folder / f"{title}.png")), title


OWN = """
from mine import Steps
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.title("Of a module"); plt.gca().yaxis.set_major_locator(Steps()); plt.show()
plt.figure(); plt.plot([1, 2]); plt.title("A lambda"); plt.gca().yaxis.set_major_formatter(lambda value, place: "y"); plt.show()
class Mine(Steps): pass
plt.figure(); plt.plot([1, 2]); plt.title("Of the script"); plt.gca().yaxis.set_major_locator(Mine()); plt.show()
"""


def test_no_other_process_runs_the_users_own_code(scripts: Scripts, recorded: Recorded) -> None:
    scripts.module(
        "mine",
        """
        from matplotlib.ticker import MaxNLocator
        print("imported")
        open("imported.txt", "a").write("once ")
        class Steps(MaxNLocator): pass
        """,
    )
    done = scripts.run(FIT + OWN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "imported\n", "")
    assert _figures(recorded) == {"figures/Of_a_module.png", "figures/A_lambda.png", "figures/Of_the_script.png"}
    assert (scripts.folder / "imported.txt").read_text() == "once "
    assert "trackline.error.figures" not in recorded.run().data.tags


LEFT_ALONE = """
import os, signal
from matplotlib.backends.backend_agg import FigureCanvasAgg
drawn = []
FigureCanvasAgg.print_png = lambda *args, **options: drawn.append(args)
plt.plot([1, 2]); plt.title("Before the end"); plt.show()
trackline.flush()
print(f"drawn here: {drawn}")
try:
    os.wait()
except ChildProcessError:
    print("no children", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_process_that_draws_is_no_child_and_ends_with_the_program(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.run("import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()" + FIT + LEFT_ALONE)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGKILL, "drawn here: []\nno children\n", "")
    assert "figures/Before_the_end.png" not in _figures(recorded)  # It waits to be saved yet.
    assert "figures/figure_1.png" in _figures(recorded)
    end = time.monotonic() + 300
    while (left := list(_renderers(scripts.folder))) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == []


MANY_POINTS = """
import numpy as np
import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
FigureCanvasAgg.print_png = lambda *args, **options: print("drawn here")
plt.plot(np.arange(100_000.0)); plt.show()
"""


def test_a_figure_of_many_points_is_drawn_elsewhere_too(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.run(FIT + MANY_POINTS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert _figures(recorded) == {"figures/figure_1.png"}


def test_a_frozen_program_is_not_started_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    assert _pictures._pickled(figure)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(_pictures.NotPickled):
        _pictures._pickled(figure)


def _renderers(folder: Path) -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # It has ended.
            if (process / "cwd").resolve() == folder and b"_renderer" in (process / "cmdline").read_bytes():
                yield int(process.name)


def _figures(recorded: Recorded) -> set[str]:
    return {path for path in _tree(recorded, "figures")}


def _tree(recorded: Recorded, folder: str) -> set[str]:
    import trackline

    found = set()
    for file in trackline.artifacts.list_artifacts(run_id=recorded.run().info.run_id, artifact_path=folder):
        found |= _tree(recorded, file.path) if file.is_dir else {file.path}
    return found
