"""The click path of the two scripts, in a real browser against the real server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import opened
from script import clean_environment
from playwright.sync_api import Browser, Page, expect
from server import Server, started


@pytest.fixture(scope="module")
def parent(server: Server) -> Any:
    (found,) = server.runs("tags.estimator_name = 'GridSearchCV'")
    return found["info"]


def test_runs_unfold_their_children(page: Page, parent: Any) -> None:
    page.goto("/")
    page.get_by_role("link", name="Default").first.click()
    expect(page.get_by_role("link", name=parent["run_name"])).to_be_visible()
    assert page.get_by_role("link", name="max_depth").count() == 0
    page.get_by_role("button", name=f"Children of {parent['run_name']}").click()
    expect(page.get_by_role("link", name=re.compile("max_depth=3"))).to_have_count(4)


def test_a_filter_finds_and_a_wrong_one_is_pointed_at(page: Page) -> None:
    page.goto("/experiments/0")
    search = page.get_by_role("searchbox", name="Search runs")
    search.fill("params.n_estimators = '100' AND metrics.mean_test_score > 0.9")
    search.press("Enter")
    expect(page.get_by_role("link", name=re.compile("n_estimators=100"))).to_have_count(6)
    search.fill("metrics.mean_test_score == 1")
    search.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("^")


def test_a_run_shows_what_was_recorded(page: Page, server: Server) -> None:
    run = next(run for run in server.runs("tags.mlflow.source.name LIKE '%xgboost_iris.py'"))
    page.goto(f"/runs/{run['info']['run_id']}")
    expect(page.get_by_role("row", name=re.compile("training_accuracy_score"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^n_estimators"))).to_contain_text("100")
    page.get_by_role("link", name="Environment").click()
    expect(page.get_by_text("xgboost-cpu")).to_be_visible()
    page.get_by_role("link", name="Artifacts").click()
    page.get_by_role("link", name=re.compile("feature_importance_weight.png")).click()
    image = page.get_by_role("img", name="feature_importance_weight.png")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 400


def test_html_is_shown_and_cannot_script_the_page(page: Page, parent: Any) -> None:
    page.goto(f"/runs/{parent['run_id']}/artifacts?path=estimator.html")
    frame = page.frame_locator('iframe[title="estimator.html"]')
    expect(frame.get_by_text("RandomForestClassifier").first).to_be_visible()
    sandbox = page.locator("iframe").get_attribute("sandbox")
    assert sandbox is not None and "allow-scripts" not in sandbox


def test_the_candidates_are_compared(page: Page, parent: Any) -> None:
    page.goto(f"/runs/{parent['run_id']}")
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="Compare 12 runs")).to_be_visible()
    table = page.get_by_role("table", name="Comparison")
    expect(table.get_by_role("row", name=re.compile("^n_estimators"))).to_be_visible()
    assert table.get_by_role("row", name=re.compile("^criterion")).count() == 0
    page.get_by_role("link", name="Parallel coordinates").click()
    expect(page.get_by_role("group", name=re.compile("Parallel coordinates of 12 runs"))).to_be_visible()
    page.get_by_role("link", name="Scatter").click()
    expect(page.get_by_role("group", name=re.compile("^Scatter of"))).to_be_visible()


def test_the_best_model_is_registered(page: Page, server: Server, parent: Any) -> None:
    page.goto(f"/runs/{parent['run_id']}")
    page.get_by_role("button", name="Register model").first.click()
    page.get_by_role("combobox", name="Registered model").fill("iris forest")
    page.get_by_role("dialog").get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", name="Version 1")).to_be_visible()
    version = server.get("model-versions/get", name="iris forest", version="1")["model_version"]
    assert version["run_id"] == parent["run_id"]
    assert version["status"] == "READY"


LIVE = """
import itertools, time
import trackline
trackline.set_experiment("live")
with trackline.start_run(run_name="going on"):
    for step in itertools.count():
        trackline.log_metric("loss", 1 / (step + 1), step=step)
        time.sleep(0.1)
"""


def test_a_run_that_goes_on_updates_by_itself(page: Page, server: Server, project: Path) -> None:
    (project / "live.py").write_text(LIVE)
    script = subprocess.Popen([sys.executable, "live.py"], cwd=project, env=clean_environment())
    try:
        page.goto("/")
        page.get_by_role("link", name="live").first.click()
        page.get_by_role("link", name="going on").click()
        row = page.get_by_role("row", name=re.compile("^loss"))
        expect(row).to_be_visible()
        expect(row).not_to_have_text(row.text_content() or "")
        expect(page.get_by_text("Running").first).to_be_visible()
    finally:
        script.kill()
        script.wait()


def test_light_and_dark(page: Page) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto("/experiments/0")
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2


def test_the_page_lies_below_a_prefix(browser: Browser, project: Path, parent: Any) -> None:
    with started(project, prefix="/mlflow") as server, opened(browser, server) as page:
        page.goto(f"{server.url}/")
        page.get_by_role("link", name="Default").first.click()
        page.get_by_role("link", name=parent["run_name"]).click()
        page.get_by_role("link", name="Artifacts").click()
        expect(page).to_have_url(re.compile(f"^{server.url}/runs/{parent['run_id']}/artifacts"))
        page.reload()
        expect(page.get_by_role("link", name=re.compile("estimator.html"))).to_be_visible()
        page.goto(f"{server.url}/#/experiments/0")
        expect(page).to_have_url(f"{server.url}/experiments/0")
        expect(page.get_by_role("link", name=parent["run_name"])).to_be_visible()
