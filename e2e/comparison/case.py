"""Requests as data: reads the files in `requests/`.

One request a paragraph, in the order in which they are sent:

    # a remark, or what the next requests are about
    ! reason                          the answers differ on purpose: a table of that name in differences.toml
    POST runs/create {"experiment_id": "$exp"}
      {"a line with an indent": "goes on"}
    > run = run.info.run_id           from here on $run is that value of this server's own answer

A path without a leading slash is below `/api/2.0/mlflow/`. What stands between the path and the body in square brackets
is a header: `[Content-Type: text/plain]`. A body that begins with `{` or `"` is JSON and is sent as it stands.
`<<text>>*3` is the text three times, `<<text#>>*3,` the same with commas, and with `#` counting from 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "requests"
REQUEST = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD) (\S+)((?: \[[^\]]+: [^\]]*\])*) ?(.*)", re.DOTALL)
REPEAT = re.compile(r"<<(.*?)>>\*(\d+)(,?)", re.DOTALL)


@dataclass
class Case:
    """One request, as written."""

    place: str
    method: str
    path: str
    headers: dict[str, str]
    body: str
    reason: str | None = None
    captures: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        text = f"{self.method} {self.path} {self.body}"
        return f"{self.place}: {text if len(text) <= 300 else text[:297] + '...'}"


def load(names: list[str] | None = None) -> list[Case]:
    """The requests of all files, or of those named, such as `runs`."""
    paths = sorted(FOLDER.glob("*.http"))
    chosen = [path for path in paths if not names or path.stem in names]
    return [case for path in chosen for case in read(path)]


def read(path: Path) -> list[Case]:
    """The requests of one file."""
    cases: list[Case] = []
    reason: str | None = None
    for number, line in paragraphs(path.read_text()):
        place = f"{path.stem}:{number}"
        if line.startswith("!"):
            reason = line[1:].strip()
        elif line.startswith(">"):
            name, _, source = line[1:].partition("=")
            cases[-1].captures[name.strip()] = source.strip()
        else:
            case = request(place, line)
            case.reason, reason = reason, None
            cases.append(case)
    return cases


def paragraphs(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers; indented ones are joined to the one before, remarks and empty ones are left out."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(" ") and line.strip():
            first, before = found[-1]
            found[-1] = (first, f"{before} {line.strip()}")
        elif line.strip() and not line.startswith("#"):
            found.append((number, line))
    return found


def request(place: str, line: str) -> Case:
    """Reads `METHOD path [Header: value] body`."""
    match = REQUEST.fullmatch(line)
    if not match:
        raise ValueError(f"{place}: not a request: {line}")
    method, path, brackets, body = match.groups()
    headers = dict(header.split(": ", 1) for header in re.findall(r"\[([^\]]+)\]", brackets))
    if method != "GET" and "Content-Type" not in headers and body.startswith(("{", '"')):
        headers["Content-Type"] = "application/json"
    if not path.startswith("/"):
        path = f"/api/2.0/mlflow/{path}"
    return Case(place, method, path, headers, body)


def expand(text: str) -> str:
    """Writes out the repetitions."""

    def repeat(match: re.Match[str]) -> str:
        unit, times, comma = match.groups()
        return comma.join(unit.replace("#", str(index)) for index in range(int(times)))

    return REPEAT.sub(repeat, text)
