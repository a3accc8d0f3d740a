"""Search estimators: every candidate is a child run, there from its first fold, in whatever process that runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline import _native, _runs
from trackline._log import RunLog
from trackline._patch import Outcome
from trackline.integrations import _params, _session
from trackline.integrations._fit import FitRun
from trackline.integrations._inner import Inner
from trackline.integrations.sklearn import elsewhere

SOURCE = "sklearn.search"

# The candidates of this process by run id, so that folds which run here log where the run was made.
_here: dict[str, Candidate] = {}


class Search(Inner):
    """One search that is being recorded: the subject of the session in which it runs."""

    def __init__(self, node: FitRun, estimator: Any, flavor: str, dataset: Any | None, most: int | None) -> None:
        super().__init__(node.log)
        self.run = node.run
        self.owner = estimator
        self.base = estimator.estimator
        self.base_params = _params.of(self.base)
        self.tags = {**_params.tags_of(self.base), "mlflow.autologging": flavor}
        self.dataset = dataset
        self.most = most
        self.candidates: dict[int, Candidate] = {}

    def candidate(self, number: int, params: Mapping[str, Any], splits: int) -> Candidate:
        """The child run of a candidate, started when it is first asked for."""
        if number not in self.candidates:
            self.candidates[number] = Candidate(self, params, splits)
        return self.candidates[number]

    def close(self) -> None:
        """Ends the candidates that a failed search left open."""
        for candidate in self.candidates.values():
            candidate.end("FAILED")

    def finish(self, estimator: Any, model_id: str | None, best_id: str | None) -> None:
        """Gives the search its best result, and each candidate its means, deviations and rank. The models are that of
        the search and the one of its best candidate."""
        results = getattr(estimator, "cv_results_", None)
        if not isinstance(results, Mapping) or "params" not in results:
            return
        if hasattr(estimator, "best_score_"):
            self.log.log_metrics({"best_cv_score": estimator.best_score_}, model_id=model_id)
        if self.most is not None or not self.candidates:
            # Without candidates the search went about it in its own way: all that it tells is what it found.
            self._keep_the_best(results, len(results["params"]) if self.most is None else self.most)
        columns = {key: values for key, values in results.items() if key.startswith(("mean_", "std_", "rank_"))}
        # A search that halves gives each candidate a round, and what it may use in it.
        rounds = {key: results[key] for key in ("iter", "n_resources") if key in results}
        for number, candidate in self.candidates.items():
            candidate.log.log_params({key: str(values[number]) for key, values in rounds.items()})
            its_model = best_id if number == getattr(estimator, "best_index_", None) else None
            candidate.log.log_metrics({key: float(values[number]) for key, values in columns.items()}, model_id=its_model)
        table = [(key, values.tolist() if hasattr(values, "tolist") else values) for key, values in results.items()]
        self.log.log_text(_native.write_csv(table), "cv_results.csv")

    def _keep_the_best(self, results: Mapping[str, Any], most: int) -> None:
        """Where only so many are wanted, which those are is known at the end."""
        ranks = next((values for key, values in results.items() if key.startswith("rank_test_")), range(most))
        for number in sorted(range(len(results["params"])), key=lambda number: ranks[number])[:most]:
            candidate = self.candidate(number, results["params"][number], splits=0)
            folds = {key: float(values[number]) for key, values in results.items() if key.startswith("split")}
            candidate.log.log_metrics(folds)
            candidate.end("FINISHED")


class Candidate:
    """The child run of one combination of parameters."""

    def __init__(self, search: Search, params: Mapping[str, Any], splits: int) -> None:
        name = ", ".join(f"{key}={value!r:.40}" for key, value in params.items())
        self.run = _runs.start(run_name=name[:250] or None, parent=search.run, tags=search.tags, managed=True)
        self.log = RunLog(self.run.handle.with_source(SOURCE))
        self.log.log_params({**search.base_params, **_params.texts(params)})
        if search.dataset is not None:
            self.log.log_input(search.dataset, "train")
        self.splits = splits
        self.ends: list[float] = []
        self.failed = False
        _here[self.run.id] = self

    def fold_ended(self, result: FoldResult) -> None:
        """Counts a fold; after the last one the run ends, at the time that fold did."""
        self.failed |= result.get("fit_error") is not None
        self.ends.append(result.ended)  # One step for the interpreter: folds may end in several threads at once.
        if len(self.ends) >= self.splits:
            self.end("FAILED" if self.failed else "FINISHED")

    def end(self, status: str) -> None:
        """Ends the run if it is open."""
        _here.pop(self.run.id, None)
        self.run.end(status, int(max(self.ends) * 1000) if self.ends else None)


class Fold:
    """Where one fold of a candidate is logged; pickles into worker processes."""

    def __init__(self, uri: str, run_id: str, number: int, *, last: bool) -> None:
        self.uri = uri
        self.run_id = run_id
        self.number = number
        self.last = last

    def log(self, result: FoldResult) -> None:
        """Logs the fold in whatever process it ran."""
        candidate = _here.get(self.run_id)
        log = candidate.log if candidate else elsewhere.log(self.uri, self.run_id, SOURCE)
        self.log_to(log, result)
        if candidate:
            candidate.fold_ended(result)
        elif self.last:
            # Folds begin in order, so the others are about to end; the process of the search corrects the time.
            log.handle.end("FINISHED", int(result.ended * 1000))

    def log_to(self, log: RunLog, result: FoldResult) -> None:
        """The scores, times and curve of the fold, named as in `cv_results_`. The same from every process: a point
        logged twice counts once."""
        prefix, timestamp = f"split{self.number}_", int(result.ended * 1000)
        for step, points in result.curve:
            log.handle.log_metrics([(f"{prefix}{key}", value) for key, value in points], step, timestamp)
        log.log_metrics({f"{prefix}{key}": value for key, value in _figures(result).items()}, timestamp=timestamp)
        if (error := result.get("fit_error")) is not None:
            log.set_tag(f"split{self.number}_error", error)


class FoldResult(dict[str, Any]):
    """The result of a fold as scikit-learn made it; it also knows when the fold ended, and the curve that the
    estimator kept: the points of each step."""

    def __init__(self, result: Mapping[str, Any], ended: float, curve: list[tuple[int, list[tuple[str, float]]]]) -> None:
        super().__init__(result)
        self.ended = ended
        self.curve = curve

    def __reduce__(self) -> tuple[Any, ...]:
        return FoldResult, (dict(self), self.ended, self.curve)


class Folds:
    """The folds of one round of a search; searches that halve have several rounds."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.first = len(search.candidates)
        self.order: list[tuple[Candidate, Fold]] = []

    def begin(self, kwargs: Mapping[str, Any]) -> Fold | None:
        """The fold that a call of `_fit_and_score` with these arguments is; None for other calls."""
        candidate_progress, split_progress = kwargs.get("candidate_progress"), kwargs.get("split_progress")
        if candidate_progress is None or split_progress is None:
            return None
        number, (split, splits) = self.first + candidate_progress[0], split_progress
        candidate = self.search.candidate(number, kwargs["parameters"], splits)
        fold = Fold(candidate.run._tracker.uri, candidate.run.id, split, last=split == splits - 1)
        self.order.append((candidate, fold))
        return fold

    def finish(self, outcome: Outcome) -> None:
        """Takes over the folds that ran elsewhere: what their processes logged may not have arrived yet."""
        results = outcome.value if isinstance(outcome.value, list) else []
        for (candidate, fold), result in zip(self.order, results, strict=False):
            if isinstance(result, FoldResult) and candidate.run.is_open:
                fold.log_to(candidate.log, result)
                candidate.fold_ended(result)


def best_params(estimator: Any) -> dict[str, str]:
    """The parameters of the best candidate, as those of the search."""
    best = getattr(estimator, "best_params_", None) or {}
    return {f"best_{key}": text for key, text in _params.texts(best).items()}


def folds() -> Folds | None:
    """The next round of the search that runs here, if what runs here is a search."""
    search = _session.subject()
    return Folds(search) if isinstance(search, Search) and search.most is None else None


def _figures(result: Mapping[str, Any]) -> dict[str, float]:
    figures = {key: float(result[key]) for key in ("fit_time", "score_time") if key in result}
    for part in ("test", "train"):
        scores = result.get(f"{part}_scores")
        if isinstance(scores, dict):
            figures.update({f"{part}_{name}": float(score) for name, score in scores.items()})
        elif scores is not None:
            figures[f"{part}_score"] = float(scores)
    return figures
