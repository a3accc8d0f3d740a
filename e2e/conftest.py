"""A black box: the example scripts, the installed command, HTTP, and a real browser."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from script import run_script
from server import Server, started

ROOT = Path(__file__).parent.parent
EXAMPLES = ("xgboost_iris.py", "sklearn_grid.py")
PATIENCE_MS = 120_000
"""So long the page may take to show what it is expected to, on a busy machine."""
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, subprocess.CompletedProcess[str]]:
    """Both examples as they stand, run in an empty folder; what each printed. `recorded["folder"]` is in `project`."""
    folder = tmp_path_factory.mktemp("project")
    outcomes = {}
    for example in EXAMPLES:
        shutil.copy(ROOT / "examples" / example, folder)
        outcomes[example] = run_script(folder, example)
        assert outcomes[example].returncode == 0, outcomes[example].stderr
        outcomes[example].folder = folder
    return outcomes


@pytest.fixture(scope="session")
def project(recorded: dict[str, subprocess.CompletedProcess[str]]) -> Path:
    """The folder in which the examples ran."""
    folder: Path = recorded[EXAMPLES[0]].folder
    return folder


@pytest.fixture(scope="session")
def server(project: Path) -> Iterator[Server]:
    """`trackline ui` on that folder."""
    with started(project) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of the system."""
    path = shutil.which("chromium")
    assert path, "chromium is not installed: make test-e2e installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of that server."""
    with opened(browser, server) as page:
        yield page


@contextmanager
def opened(browser: Browser, server: Server) -> Iterator[Page]:
    """A page that fails the test if a script of it fails or anything is asked of another host, or beside the prefix."""
    page = browser.new_page(base_url=server.url, viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((server.url, "data:", "blob:")) else errors.append(request.url))
    yield page
    page.close()
    assert errors == []
