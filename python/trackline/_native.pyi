"""The extension module: thin classes over the runtime. Entities are plain dicts with the fields of the Rust types;
bad input raises `trackline.exceptions.TracklineException`. Times are milliseconds since the epoch."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType
from typing import Any, ClassVar, Final, final

__all__ = [
    "__version__", "ArtifactStore", "CodeHook", "ConsoleWriter", "ExperimentStore", "LoopEvents", "LoopPace", "LoopValues",
    "ModelHandle", "ModelStore", "ModuleCode", "Observed", "ObservedFunction", "Packages", "Picture", "Registry", "RunHandle",
    "RunStore", "ScriptHook", "ShownLines", "StepGate", "Store", "Tap", "Tracker", "VersionStore", "allowed_before_run",
    "audit", "capture_categories", "capture_is_on", "choose_capture", "classification_scores", "cli_main",
    "collection", "column_spec", "conda_yaml", "describe_table", "describe_tensors", "describe_unseen", "draw_confusion_matrix",
    "draw_feature_importance", "draw_precision_recall_curve", "draw_roc_curve", "estimator_html", "from_yaml",
    "hook_begins", "hook_ends", "keep_files", "mode", "note_file", "own_threads", "python_env_yaml", "read_mlmodel",
    "redacted", "regression_scores", "requirements_txt", "sampled_rows", "tell_rank", "tensor_spec", "thread_number",
    "to_yaml", "unwatch_files", "watch_files", "watch_renames", "write_csv", "write_mlmodel", "written_results",
]  # fmt: skip

__version__: str

_Entity = dict[str, Any]
_Pairs = Sequence[tuple[str, str]]
_Column = tuple[str, Any]
"""A name, and an object with `__array_interface__`, a pair of values and mask, a list of texts with None where one
is missing, or None for values of another kind."""

# Runs

@final
class Tracker:
    """The door to one store, from this process."""

    def __new__(cls, uri: str | None = None) -> Tracker:
        """The store or server at `uri`, else the environment's choice, else `.trackline` here or above."""

    @property
    def folder(self) -> str:
        """The store's folder, or the spool of the server; it may not exist yet."""

    @property
    def uri(self) -> str:
        """What another process, a worker of this one, opens the same store by; credentials in it are kept."""

    def start_run(
        self,
        *,
        experiment_id: str | None = None,
        experiment_name: str | None = None,
        run_name: str | None = None,
        parent_run_id: str | None = None,
        user_id: str | None = None,
        start_time: int | None = None,
        source_name: str | None = None,
        tags: _Pairs = ...,
        environment: dict[str, Any] | None = None,
        log_system_metrics: bool | None = None,
    ) -> RunHandle:
        """Starts a run, which this process then owns. An experiment of a new name is created."""

    def resume(self, run_id: str) -> RunHandle:
        """Goes on with a run that ended, which this process then owns."""

    def run(self, run_id: str) -> RunHandle:
        """A handle for logging to a run as it stands."""

    def join(self, run_id: str) -> RunHandle:
        """A handle for logging to a run that another process keeps; a rank that is not the first attends it only."""

    def set_experiment_tags(
        self, tags: _Pairs, *, experiment_id: str | None = None, experiment_name: str | None = None
    ) -> None:
        """Sets tags of an experiment, the default one if none is named."""

    def summary(self, run_id: str) -> str | None:
        """The line for the end of a program: what the run holds, if it holds anything, and where to look."""

    def flush(self, within: float | None = None) -> None:
        """Waits until everything logged so far is in the store, `within` seconds at most if they are given."""

    def settle(self, within: float) -> None:
        """Waits until what is made in the background outlives this process, `within` seconds at most."""

    def store(self) -> Store:
        """Flushes; then the store, for reading and for the registry."""

    def take_problem(self) -> tuple[str, str] | None:
        """The first trouble since the last call, once per kind: error code and message."""

    def shutdown(self, status: str, within: float, exit: tuple[str, str] | None = None, traceback: str | None = None) -> None:
        """Ends the runs this process still has open and waits for the store, `within` seconds at most."""

    def end_at_exit(self, within: float, exit: tuple[str, str] | None = None, traceback: str | None = None) -> None:
        """Waits for the store, `within` seconds at most. Runs that are still open end with the process: finished if
        its exit code is 0, else failed for the reason given, or else the code."""

@final
class ShownLines:
    """Reads metrics out of lines; knows the lines before."""

    def __new__(cls) -> ShownLines: ...
    def read(
        self, line: str, turns: Sequence[int] = ..., results: Sequence[float] = ...
    ) -> list[tuple[str, float, int, float]]:
        """Key, value, step and confidence of each metric on a line; `turns` are the loops around the code that shows it,
        the outermost first, `results` the numbers on it that the code has computed."""

@final
class Tap:
    """The method `write` of a stream, with each line that goes through it shown to `on_line` too, while `allows` gives it time."""

    def __new__(cls, write: Callable[..., Any], on_line: Callable[[str], None], allows: Callable[[], bool]) -> Tap: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def flush(self) -> None:
        """Shows what was written last and not shown yet."""

    @property
    def __wrapped__(self) -> Callable[..., Any]: ...

@final
class ScriptHook:
    """An audit hook that runs other code in the place of the script `file`: what `replaced` makes of its code, if anything."""

    __cantrace__: ClassVar[bool]
    def __new__(cls, file: str, replaced: Callable[[CodeType], CodeType | None]) -> ScriptHook: ...
    def __call__(self, event: str, args: tuple[Any, ...]) -> None: ...

@final
class CodeHook:
    """An audit hook: `begins` is called with each code object that is about to be run by `exec`, `import` or as the program."""

    def __new__(cls, begins: Callable[[object], None]) -> CodeHook: ...
    def __call__(self, event: str, args: tuple[Any, ...]) -> None: ...

@final
class ModuleCode:
    """The `get_code` of a loader, for one call: what `replaced` makes of the code, if anything."""

    def __new__(cls, loader: object, replaced: Callable[[CodeType], CodeType | None]) -> ModuleCode: ...
    def __call__(self, name: str) -> CodeType | None: ...

@final
class LoopEvents:
    """What `sys.monitoring` calls for instructions; `disable` is its `DISABLE`. An AttributeError before Python 3.12."""

    def __new__(cls, disable: object) -> LoopEvents: ...
    def add(
        self, code: CodeType, by: LoopValues, counter: str | None, names: Sequence[str], points: Sequence[tuple[int, str]]
    ) -> None:
        """Looks at names and the loop's counter at offsets of a code object, each a `trackline._script.loop_points.Point`."""

    def about_to_run(self, code: CodeType, offset: int) -> object:
        """The callback of the event `INSTRUCTION`."""

@final
class LoopValues:
    """The values of one place in a loop; `take` is called now and then to take what there is. `values` says of each whether
    whole numbers count, and what in the variable it is: an attribute, and a key in that."""

    def __new__(cls, values: Sequence[tuple[bool, str | None, str | None]], take: Callable[[LoopValues], None]) -> LoopValues: ...
    def see(self, counter: object, *variables: object) -> bool:
        """The variables of a turn, and the loop's counter. False when looking costs too much beside such short turns."""

    def points(self, ended: bool) -> list[list[tuple[int, float, int]]]:
        """Steps, values and times in milliseconds of each name since the last call, of those that are curves. In the end, all
        of them, and what follows begins anew."""

    def latest(self) -> list[float | None]:
        """The latest value of each name."""

@final
class RunHandle:
    """A run to log to. Every method appends to the journal of this process and returns; trouble with the store is not raised."""

    @property
    def id(self) -> str:
        """32 hexadecimal digits."""

    @property
    def spent(self) -> float:
        """Seconds of processor time that calls for this run, and hooks, have taken of the threads of the program."""

    @property
    def budget(self) -> float:
        """Seconds of processor time that tracking may have taken of this run until now; infinite without a limit."""

    @property
    def is_attended(self) -> bool:
        """Whether another rank of the program keeps the run, so that most of what is logged here goes nowhere."""

    def with_source(self, name: str, confidence: float | None = None) -> RunHandle:
        """The same run, with everything logged through this handle said to come from a hook."""

    def log_metric(self, key: str, value: float, step: int | None = None, timestamp: int | None = None) -> None:
        """Logs one value: a number, or an array or a tensor of one element."""

    def log_metrics(
        self, metrics: Mapping[str, float] | Iterable[tuple[str, float]], step: int | None = None, timestamp: int | None = None
    ) -> None:
        """Logs several values of one step: all of them or, when one is no number or breaks a rule, none."""

    def log_linked_metrics(
        self,
        metrics: Mapping[str, float] | Iterable[tuple[str, float]],
        step: int,
        timestamp: int,
        model_id: str | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
    ) -> None:
        """Values that were measured of a logged model or on a dataset."""

    def log_params(self, params: _Pairs) -> None:
        """Logs parameters. A second value of a key is no error: the last one shows."""

    def set_tags(self, tags: _Pairs) -> None:
        """Sets tags."""

    def delete_tag(self, key: str) -> None:
        """Takes a tag away."""

    def log_input(
        self,
        *,
        name: str,
        digest: str,
        source_type: str,
        source: str,
        schema: str | None = None,
        profile: str | None = None,
        tags: _Pairs = ...,
    ) -> None:
        """A dataset that the run read; `source`, `schema` and `profile` are JSON texts."""

    def log_artifact(self, local: str | os.PathLike[str], to: str | None = None) -> None:
        """A file, or a folder with all that is in it, into the artifact folder `to`."""

    def log_artifacts(self, folder: str | os.PathLike[str], to: str | None = None) -> None:
        """What is in a folder, into the artifact folder `to`."""

    def log_bytes(self, data: bytes, path: str) -> None:
        """Keeps bytes as an artifact of this path."""

    def log_document(self, kind: str, data: bytes) -> None:
        """Facts beside the run; a second document of a kind takes the place of the first."""

    def log_file_later(self, local: str | os.PathLike[str], path: str) -> None:
        """A file as the artifact `path`, copied in the background; left out if it is written to before. It may be
        renamed or removed."""

    def log_picture(self, picture: Picture, path: str) -> None:
        """A picture as the artifact `path`, once it is drawn; if it cannot be, the run says so in a tag."""

    def delete_artifact(self, path: str) -> None:
        """Takes a file or folder away from the artifacts; it is no error if nothing is there."""

    def latest_metrics(self) -> list[tuple[str, float, int]]:
        """The latest value and step of each metric that this process logged to the run while it was open."""

    def recent_metrics(self) -> list[tuple[str, list[float]]]:
        """The last three values, or fewer, of each, in the order in which they came."""

    def add_environment(self, facts: dict[str, Any]) -> None:
        """Adds facts to the document `environment`."""

    def log_system_metrics(self, wanted: bool | None = None, first_step: int = 0) -> None:
        """Logs what the machine does until the run ends, unless it is logged already. Without a wish the environment
        decides."""

    def log_code(self, files: list[tuple[str, str]], texts: list[tuple[str, str]]) -> None:
        """Keeps code below `code/`, in the background: files by their paths there, and texts."""

    def log_console(self) -> None:
        """Keeps what the program writes to its console until the run ends."""

    def move_to(self, *, experiment_id: str | None = None, experiment_name: str | None = None) -> None:
        """Puts the run into another experiment, which is made if its name is new."""

    def create_model(
        self, name: str | None = None, model_type: str | None = None, params: _Pairs = ..., tags: _Pairs = ...
    ) -> ModelHandle:
        """Begins a logged model; its files follow through the handle."""

    def log_output(self, model_id: str, step: int = 0) -> None:
        """Records that the run made a logged model."""

    def allows(self, detail: str, cost: float = 0.0) -> bool:
        """Whether a hook may record `statistics`, `steps` or `figures` now, which takes so many seconds."""

    def add_spent(self, seconds: float) -> None:
        """Adds seconds that were taken outside these calls and of hooks."""

    def end(
        self,
        status: str = "FINISHED",
        end_time: int | None = None,
        exit: tuple[str, str] | None = None,
        traceback: str | None = None,
    ) -> None:
        """Ends the run, now unless said otherwise; `exit` is why, in a word and in a sentence."""

@final
class ModelHandle:
    """A logged model to put files into."""

    @property
    def id(self) -> str:
        """`m-` and 32 hexadecimal digits."""

    def log_artifact(self, local: str | os.PathLike[str], to: str | None = None) -> None:
        """As that of a run, among the model's files."""

    def log_artifacts(self, folder: str | os.PathLike[str], to: str | None = None) -> None:
        """As that of a run, among the model's files."""

    def log_bytes(self, data: bytes, path: str) -> None:
        """Keeps bytes as a file of the model."""

    def set_tags(self, tags: _Pairs) -> None:
        """Sets tags."""

    def finalize(self, status: str) -> None:
        """Says that the model is whole (`READY`) or has failed (`FAILED`)."""

# The store

@final
class Store:
    """A store, holding everything that was logged before it was asked for."""

    @property
    def experiments(self) -> ExperimentStore:
        """Experiments."""

    @property
    def runs(self) -> RunStore:
        """Runs and what was logged to them."""

    @property
    def models(self) -> ModelStore:
        """Logged models."""

    @property
    def registry(self) -> Registry:
        """Registered models."""

    @property
    def versions(self) -> VersionStore:
        """Versions of registered models."""

    @property
    def artifacts(self) -> ArtifactStore:
        """The artifact tree."""

@final
class ExperimentStore:
    """Experiments. A search gives a page and the token of the next one."""

    def create(self, name: str, artifact_location: str | None = None, tags: _Pairs = ...) -> str:
        """Creates an experiment and gives its id."""

    def get(self, experiment_id: str) -> _Entity:
        """The experiment of this id, deleted or not."""

    def get_by_name(self, name: str) -> _Entity | None:
        """The experiment of this name, deleted or not."""

    def search(
        self, filter: str, order_by: Sequence[str], view: str, max_results: int, page_token: str | None = None
    ) -> tuple[list[_Entity], str | None]:
        """Experiments that pass the filter; `view` is ACTIVE_ONLY, DELETED_ONLY or ALL."""

    def rename(self, experiment_id: str, new_name: str) -> None:
        """Gives an experiment another name."""

    def delete(self, experiment_id: str) -> None:
        """Deletes an experiment, softly."""

    def restore(self, experiment_id: str) -> None:
        """Takes a deletion back."""

    def set_tag(self, experiment_id: str, key: str, value: str) -> None:
        """Sets a tag."""

    def delete_tag(self, experiment_id: str, key: str) -> None:
        """Takes a tag away."""

@final
class RunStore:
    """Runs and what was logged to them."""

    def create(self, experiment_id: str, user_id: str, run_name: str | None, start_time: int, tags: _Pairs = ...) -> _Entity:
        """Creates a run that no process owns."""

    def get(self, run_id: str) -> _Entity:
        """The run of this id, deleted or not."""

    def search(
        self,
        experiment_ids: Sequence[str],
        filter: str,
        order_by: Sequence[str],
        view: str,
        max_results: int,
        page_token: str | None = None,
    ) -> tuple[list[_Entity], str | None]:
        """Runs that pass the filter; `view` is ACTIVE_ONLY, DELETED_ONLY or ALL."""

    def update(
        self, run_id: str, status: str | None = None, end_time: int | None = None, run_name: str | None = None
    ) -> _Entity:
        """Changes what is given; gives the info of the run."""

    def delete(self, run_id: str) -> None:
        """Deletes a run, softly."""

    def restore(self, run_id: str) -> None:
        """Takes a deletion back."""

    def delete_tag(self, run_id: str, key: str) -> None:
        """Takes a tag away that must be there."""

    def history(self, run_id: str, key: str) -> list[_Entity]:
        """Every value of a metric."""

    def captured(self, run_id: str) -> list[_Entity]:
        """Where every item of a run came from."""

    def documents(self, run_id: str) -> list[tuple[str, str]]:
        """The facts beside the run: kind and digest."""

@final
class ModelStore:
    """Logged models."""

    def create(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        model_type: str | None = None,
        params: _Pairs = ...,
        tags: _Pairs = ...,
    ) -> _Entity:
        """Begins a logged model."""

    def get(self, model_id: str) -> _Entity:
        """The logged model of this id."""

    def finalize(self, model_id: str, status: str) -> _Entity:
        """Says that the model is whole (`READY`) or has failed (`FAILED`)."""

    def delete(self, model_id: str) -> None:
        """Deletes a logged model."""

    def set_tags(self, model_id: str, tags: _Pairs) -> None:
        """Sets tags."""

    def delete_tag(self, model_id: str, key: str) -> None:
        """Takes a tag away."""

    def log_params(self, model_id: str, params: _Pairs) -> None:
        """Adds parameters."""

    def search(
        self,
        experiment_ids: Sequence[str],
        filter: str,
        datasets: Sequence[dict[str, Any]],
        order_by: Sequence[dict[str, Any]],
        max_results: int,
        page_token: str | None = None,
    ) -> tuple[list[_Entity], str | None]:
        """Logged models that pass the filter; `datasets` and `order_by` are dicts with MLflow's field names."""

@final
class Registry:
    """Registered models."""

    def create(self, name: str, description: str | None = None, tags: _Pairs = ...) -> _Entity:
        """Creates a registered model."""

    def get(self, name: str) -> _Entity:
        """The registered model of this name."""

    def describe(self, name: str, description: str) -> _Entity:
        """Changes the description."""

    def rename(self, name: str, new_name: str) -> _Entity:
        """Gives a registered model another name."""

    def delete(self, name: str) -> None:
        """Deletes a registered model with all its versions."""

    def search(
        self, filter: str, order_by: Sequence[str], max_results: int, page_token: str | None = None
    ) -> tuple[list[_Entity], str | None]:
        """Registered models that pass the filter."""

    def set_tag(self, name: str, key: str, value: str) -> None:
        """Sets a tag."""

    def delete_tag(self, name: str, key: str) -> None:
        """Takes a tag away."""

    def set_alias(self, name: str, alias: str, version: int) -> None:
        """Points an alias to a version."""

    def delete_alias(self, name: str, alias: str) -> None:
        """Takes an alias away."""

    def version_by_alias(self, name: str, alias: str) -> _Entity:
        """The version that an alias points to; for `latest` the one with the highest number."""

    def latest_versions(self, name: str, stages: Sequence[str]) -> list[_Entity]:
        """The newest version of each of these stages, or of every stage if none is named."""

@final
class VersionStore:
    """Versions of registered models."""

    def create(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        run_link: str | None = None,
        model_id: str | None = None,
        description: str | None = None,
        tags: _Pairs = ...,
    ) -> _Entity:
        """Creates the next version."""

    def get(self, name: str, version: int) -> _Entity:
        """A version by its number."""

    def describe(self, name: str, version: int, description: str) -> _Entity:
        """Changes the description."""

    def delete(self, name: str, version: int) -> None:
        """Deletes a version."""

    def set_stage(self, name: str, version: int, stage: str, archive_existing: bool) -> _Entity:
        """Moves a version to another stage."""

    def search(
        self, filter: str, order_by: Sequence[str], max_results: int, page_token: str | None = None
    ) -> tuple[list[_Entity], str | None]:
        """Versions that pass the filter."""

    def download_uri(self, name: str, version: int) -> str:
        """Where the files of a version are."""

    def set_tag(self, name: str, version: int, key: str, value: str) -> None:
        """Sets a tag."""

    def delete_tag(self, name: str, version: int, key: str) -> None:
        """Takes a tag away."""

@final
class ArtifactStore:
    """The artifact tree; a path is what follows `mlflow-artifacts:/`."""

    def list(self, path: str) -> list[_Entity]:
        """What is in a folder, by name."""

    def kind(self, path: str) -> str | None:
        """`file` or `folder`, if anything is there."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, if it is there."""

    def put(self, path: str, local: str | os.PathLike[str]) -> None:
        """Keeps a copy of a file at this path."""

    def download(self, path: str, target: str | os.PathLike[str]) -> None:
        """Copies a file, or a folder with all that is in it, to `target`."""

# What can be told of data. Arrays are objects with `__array_interface__`; they are not copied.

def describe_tensors(features: Any, targets: Any | None = None, statistics: bool = True) -> dict[str, str]:
    """`digest`, and the JSON texts `schema` and `profile`, of arrays."""

def describe_table(rows: int, columns: Sequence[_Column], statistics: bool = True) -> dict[str, str]:
    """`digest`, and the JSON texts `schema` and `profile`, of a table."""

def describe_unseen(dtype: str, shape: list[int]) -> dict[str, str]:
    """`digest`, and the JSON texts `schema` and `profile`, of an array whose values cannot be looked at."""

def sampled_rows(rows: int, columns: int) -> list[int]:
    """The rows of a table of this size that `describe_table` looks at: a column of texts may hold only those."""

def tensor_spec(array: Any) -> str:
    """The JSON of a signature for one array."""

def column_spec(columns: Sequence[_Column]) -> str:
    """The JSON of a signature for a table."""

def classification_scores(
    truth: Any, predicted: Any, probabilities: Any | None = None, weights: Any | None = None, pos_label: str | None = None
) -> dict[str, float]:
    """The scores that MLflow records of a classifier, without the prefix `training_`."""

def regression_scores(truth: Any, predicted: Any, weights: Any | None = None) -> dict[str, float]:
    """The scores that MLflow records of a regressor, without the prefix `training_`."""

# PNGs; the curves are of a binary problem.
def draw_confusion_matrix(truth: Any, predicted: Any, weights: Any | None, title: str) -> Picture: ...
def draw_roc_curve(positive: Any, scores: Any, weights: Any | None, title: str) -> Picture: ...
def draw_precision_recall_curve(positive: Any, scores: Any, weights: Any | None, title: str) -> Picture: ...
def draw_feature_importance(importance: Sequence[tuple[str, float]], title: str) -> Picture:
    """A PNG of the largest importances as bars."""

# Documents

# Of plain values.
def to_yaml(value: Any) -> str: ...
def from_yaml(text: str) -> Any: ...
def write_mlmodel(fields: dict[str, Any]) -> str:
    """The text of an `MLmodel` file with these fields."""

def read_mlmodel(text: str) -> dict[str, Any]:
    """The fields of an `MLmodel` file, MLflow's or ours."""

def estimator_html(tree: dict[str, Any]) -> str:
    """`estimator.html` of a tree of estimators, as the document `structure` holds it."""

def write_csv(columns: Sequence[tuple[str, Sequence[Any]]]) -> str:
    """Columns as CSV: numbers, truth values, None, and `str` of everything else."""

# Figures

@final
class Picture:
    """A figure that no thread of the program draws."""

    def __new__(cls, figure: bytes, program: str, arguments: Sequence[str]) -> Picture:
        """Hands a figure to the process that `program` with these arguments is, which is started if there is none."""

# Packages

@final
class Packages:
    """The distributions that a `sys.path` makes importable, read from disk."""

    def __new__(cls, sys_path: Sequence[str]) -> Packages:
        """Looks through the folders of `sys_path`."""

    def all(self) -> list[dict[str, str]]:
        """All of them: `name` and `version`."""

    def requirements(self, modules: Sequence[str]) -> list[str]:
        """What has to be installed for these modules, as `name==version`."""

# The texts of the files of these names.
def requirements_txt(requirements: Sequence[str]) -> str: ...
def conda_yaml(python_version: str, requirements: Sequence[str]) -> str: ...
def python_env_yaml(python_version: str) -> str: ...

# What is captured

def capture_categories() -> list[str]:
    """Every category of what is captured."""

def capture_is_on(category: str) -> bool:
    """Whether a category is captured."""

def choose_capture(category: str, on: bool | None) -> None:
    """Switches a category for this process; None leaves it to the environment and the project again."""

def redacted(name: str, value: str) -> str:
    """The value without what is secret in it, by its name or by its shape."""

# The files that the process opens

def audit(event: str, args: tuple[Any, ...]) -> None:
    """A hook for `sys.addaudithook`. Does nothing unless files are watched."""

def watch_files(own: Sequence[str], installed: Sequence[str]) -> None:
    """Notes which files are opened: those below the folders `own`, and data elsewhere, but not below `installed`."""

def unwatch_files() -> None:
    """Notes no files any more."""

def watch_renames(then: Callable[[Any, Any, bool], None] | None) -> None:
    """Calls `then(source, target, moves)` before a file gets a new name; with `moves` false, another one or a copy."""

def note_file(path: str | bytes, writes: bool) -> None:
    """Notes a file that is opened without the interpreter."""

def written_results() -> list[tuple[str, dict[str, list[tuple[int, float]]]]]:
    """The results in the files that were written since the last call: of each its path, and keys with steps and values."""

def keep_files(run: RunHandle) -> None:
    """Keeps what was written since the last call below `files/`, in the background; the document `files` tells what was read, too."""

# The process

class Observed:
    """A function of somebody else that is observed while it is called; it has no frame of its own.

    `begin(original, args, kwargs)` gives `(state, args, kwargs)`, or None where the call is not observed;
    `end(state, value, error)` comes after it. Neither comes while `gate` is shut; one that `counts` is called with an
    optimizer after each of its steps.
    """

    __dict__: dict[str, Any]

    def __new__(
        cls,
        original: Callable[..., Any],
        begin: Callable[[Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any],
        end: Callable[[Any, Any, BaseException | None], None],
        gate: StepGate | None = None,
        counts: bool = False,
    ) -> Observed: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __get__(self, instance: Any, owner: Any = None, /) -> Any: ...

@final
class ObservedFunction(Observed):
    """One that stands in a module. `torch.compile` compiles the original in its place."""

    @property
    def _torchdynamo_inline(self) -> Callable[..., Any]: ...

@final
class LoopPace:
    """How often a step of one loop is looked at, and how many steps its optimizers have made, which are known by their `id`: the
    first `all` steps, those after that are `seconds_apart`, and fewer while the budget is spent. `due`: the one under way is looked
    at. One of `of_these_one` is in any case. `looked()` is true when the budget is to be asked, which `thin` is told."""

    due: Final[bool]
    step: Final[int]
    interval: int
    of_these_one: int | None
    def __new__(cls, all: int, seconds_apart: float) -> LoopPace: ...
    def begin(self, optimizer: int, made: int) -> None: ...
    def forget(self, optimizer: int) -> None: ...
    def made(self, optimizer: int) -> int | None: ...
    def stepped(self, optimizer: int) -> bool: ...
    def looked(self) -> bool: ...
    def thin(self, room: bool) -> None: ...

@final
class StepGate:
    """What the hooks of a loop pass through, shut while its step is not looked at; `open` until it follows a loop again."""

    def follow(self, pace: LoopPace) -> None: ...
    def open(self) -> None: ...

@final
class ConsoleWriter:
    """The method `write` of `sys.stdout` or `sys.stderr`, which also tells the runs that listen."""

    def __new__(cls, stream: str, write: Callable[..., Any]) -> ConsoleWriter: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    @property
    def __wrapped__(self) -> Callable[..., Any]: ...

def mode() -> str:
    """`online`, `offline` or `off`, as the environment says."""

def allowed_before_run(detail: str, cost: float = 0.0) -> bool:
    """As `RunHandle.allows`, while there is no run yet: what hooks take is charged to the first one that begins."""

def collection(phase: str, info: dict[str, int]) -> None:
    """A callback of `gc`: a collection of all objects is no work of the hook that it happens in."""

def hook_begins(charged: bool) -> None:
    """A hook begins on this thread: what it takes until `hook_ends` is charged to the run that it logs to, or to none."""

def hook_ends() -> None:
    """The hook that began last on this thread is over."""

def tell_rank(rank: int, first: int | None, run: RunHandle | None) -> None:
    """The rank of this process in a group that no launcher made; the environment counts first. Should it die, the run says why."""

def own_threads() -> int:
    """How many threads of ours this process has, those included that are about to begin."""

def thread_number() -> int:
    """The number of this thread: the same for all its calls, and no other thread has it."""

def cli_main(argv: Sequence[str], executable: str, package: str) -> int:
    """Runs the `trackline` command with these arguments (the program's name first) and gives its exit code. The interpreter
    and the folder of this package are for `trackline run`."""
