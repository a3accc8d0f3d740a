"""Figures of Plotly and Altair."""

from __future__ import annotations

from typing import Any

from recorded import Recorded
from scripting import FIT, Scripts

PLOTLY = """
import plotly.graph_objects as go, plotly.io as pio
class Quiet(pio.base_renderers.ExternalRenderer):
    def render(self, figure): print("shown")
pio.renderers["quiet"] = Quiet(); pio.renderers.default = "quiet"
figure = go.Figure(go.Scatter(y=[1, 3, 2]), layout={"title": {"text": "Loss"}})
figure.write_html("loss.html", include_plotlyjs="cdn")
figure.show()
other = go.Figure(go.Bar(y=[1, 2]), layout={"title": "Shown"})
pio.show(other); other.show()
go.Figure(go.Bar(y=[5])).write_json("raw.json")
"""
ALTAIR = """
import altair as alt
data = alt.Data(values=[{"a": 1, "b": 2}, {"a": 2, "b": 4}])
chart = alt.Chart(data, title="Points").mark_point().encode(x="a:Q", y="b:Q")
chart.save("points.html")
other = alt.Chart(data, title="Shown").mark_line().encode(x="a:Q", y="b:Q")
print(sorted(other._repr_mimebundle_()[0] if isinstance(other._repr_mimebundle_(), tuple) else other._repr_mimebundle_()))
"""


def test_plotly_figures_are_kept_once(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    plain = scripts.plain(FIT + PLOTLY)
    done = scripts.run(FIT + PLOTLY)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
    run = recorded.run()
    sources = {entry["path"]: entry["source"] for entry in document("figures")}
    assert sources == {
        "figures/loss.html": "plotly.write",
        "figures/Shown.html": "plotly.show",
        "figures/raw.json": "plotly.write",
    }
    assert recorded.text(run, "figures/loss.html") == (scripts.folder / "loss.html").read_text()
    page = recorded.text(run, "figures/Shown.html")
    assert '"title":{"text":"Shown"}' in page
    assert len(page) < 100_000


def test_altair_charts_are_kept_once(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    plain = scripts.plain(FIT + ALTAIR)
    done = scripts.run(FIT + ALTAIR)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
    run = recorded.run()
    sources = {entry["title"]: (entry["path"], entry["source"]) for entry in document("figures")}
    assert sources["Points"] == ("figures/points.html", "altair.save")
    path, source = sources["Shown"]
    assert source == "altair.show"
    assert recorded.text(run, "figures/points.html") == (scripts.folder / "points.html").read_text()
    assert '"mark"' in recorded.text(run, path)
    assert len(sources) == 2


def test_neither_writes_anything_without_a_run_or_when_switched_off(scripts: Scripts, recorded: Recorded) -> None:
    assert scripts.run(PLOTLY + ALTAIR).returncode == 0
    assert not scripts.store.exists()
    assert scripts.run(FIT + PLOTLY + ALTAIR, TRACKLINE_FIGURES="off", TRACKLINE_FILES="off").returncode == 0
    assert not {"figures", "files"} & recorded.files(recorded.run())
