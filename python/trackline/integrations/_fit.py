"""A fit is a node: the run that an outermost fit is recorded in."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from trackline import _ambient, _ending, _joined, _runs
from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Outcome
from trackline.integrations import _sweep

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun
    from trackline._config import Config

# The runs that hold a fit already, so that the next one becomes a child. `setdefault` is one step for the
# interpreter: of two threads in one run only one gets to use it.
_taken: dict[str, object] = {}


class FitRun:
    """The run of one fit. In its block the run is current; then it ends, if it was made for this fit."""

    def __init__(self, run: ActiveRun, source: str, *, ends: bool) -> None:
        self.run = run
        self.ends = ends
        self.log = RunLog(run.handle.with_source(source))
        self._error: BaseException | None = None
        self._current = ExitStack()

    def failed(self, outcome: Outcome) -> bool:
        """Whether the original raised; the run then ends with that."""
        self._error = outcome.error
        return outcome.error is not None

    def __enter__(self) -> FitRun:
        self._current.enter_context(_runs.use(self.run))
        return self

    def __exit__(self, *_: object) -> None:
        with self._current, guard("end of fit"):
            if self.ends:
                self.run.end(_ending.of(self._error))


def _is_taken(run: ActiveRun) -> bool:
    """Whether the run holds a fit already, be it in another process; if not, it holds this one."""
    mark = object()
    return _taken.setdefault(run.id, mark) is not mark or (run.joined and not _joined.claim("fit"))


def begin(
    flavor: str, source: str, config: Config, *, child: bool = False, steps_of: object = None
) -> FitRun | None:
    """The current run, or that of the program, if it holds no fit yet, else (or if `child`, or in a loop) a child of it; a
    run of its own if there is none. None if the user wants nothing recorded in own runs. `steps_of` is what is
    fitted step by step, so that the loop of its steps is no search."""
    tags = {"mlflow.autologging": flavor, **(config.extra_tags or {})}
    chosen = _runs.current()
    if config.exclusive and chosen is not None:
        return None
    current = chosen or _ambient.of_program()
    swept = _sweep.begin(current, tags, steps_of)
    if swept is not None:
        run, ends = swept, True
    else:
        ends = current is None or child or _is_taken(current)
        run = _runs.start(parent=current, tags=tags, managed=True) if current is None or ends else current
        _sweep.log_settings(run, steps_of)
    _taken[run.id] = True
    _ambient.fitted(run)
    return FitRun(run, source, ends=ends)
