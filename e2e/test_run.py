"""`trackline run`: a program is as it is without, and its run says what it did."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from script import clean_environment

COMMAND = str(Path(sys.executable).parent / "trackline")


class Project:
    """An empty folder, and what is recorded in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)

    def call(self, *words: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        environment = {**clean_environment(), "TRACKLINE_SYSTEM_METRICS": "off", **options.pop("env", {})}
        return subprocess.run(
            words, cwd=self.folder, env=environment, capture_output=True, timeout=300, check=False, **options
        )

    def run(self, *words: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        return self.call(COMMAND, "run", "--quiet", *words, **options)

    def runs(self) -> list[Any]:
        listed = self.call(COMMAND, "runs", "list", "--children", "--json")
        assert listed.returncode == 0, listed.stderr
        return list(json.loads(listed.stdout))

    def only(self) -> Any:
        (found,) = self.runs()
        shown = self.call(COMMAND, "runs", "show", found["run_id"], "--json")
        return json.loads(shown.stdout)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


SCRIPT = """
import os, sys, threading
print(__name__, __file__, sys.argv, sys.path[0], sorted(vars(sys.modules["__main__"])))
print([name for name in sys.path if "trackline" in name or "tmp" in name][1:], threading.active_count() > 0)
print("stdin", sys.stdin.read(), file=sys.stderr)
sys.stdout.buffer.write(bytes(range(256)))
"""


@pytest.mark.parametrize(
    "ending", ["", "sys.exit(3)", "sys.exit('why')", "raise ValueError('no')", "os.kill(os.getpid(), 15)", "os._exit(7)",
               "os.abort()", "raise KeyboardInterrupt"],
)
def test_nothing_changes(project: Project, ending: str) -> None:
    project.write("train.py", SCRIPT + ending)
    bare = project.call(sys.executable, "train.py", "--lr", "0.1", "-x", input=b"told\n")
    seen = project.run("train.py", "--lr", "0.1", "-x", input=b"told\n")
    assert seen.stdout == bare.stdout
    assert seen.stderr == bare.stderr
    assert seen.returncode == bare.returncode


@pytest.mark.parametrize(
    ("ending", "status", "reason"),
    [
        ("", "FINISHED", None),
        ("import sys; sys.exit(3)", "FAILED", "exit code 3"),
        ("raise ValueError('no')", "FAILED", "ValueError: no"),
        ("import os; os.kill(os.getpid(), 9)", "KILLED", "ended by SIGKILL"),
        ("import os; os.kill(os.getpid(), 11)", "KILLED", "ended by SIGSEGV"),
        ("import os; os._exit(4)", "FAILED", "exit code 4"),
    ],
)
def test_the_run_says_how_it_ended(project: Project, ending: str, status: str, reason: str | None) -> None:
    project.write("train.py", ending)
    project.run("train.py")
    run = project.only()
    assert (run["status"], run["tags"].get("trackline.exit_reason")) == (status, reason)
    assert ("ValueError: no" in (run["traceback"] or "")) == ("ValueError" in ending)


def test_the_run_has_what_the_command_was_told(project: Project) -> None:
    project.write("train.py", "")
    options = ("--experiment", "iris", "--name", "first", "--tag", "who=me", "--tag", "a=b=c", "--no-git")
    project.run(*options, "train.py", "--lr", "0.1", "--token", "hidden")
    run = project.only()
    assert (run["experiment"], run["name"]) == ("iris", "first")
    assert (run["tags"]["who"], run["tags"]["a"]) == ("me", "b=c")
    assert run["tags"]["mlflow.source.name"] == "train.py"
    assert run["environment"]["argv"][1:] == ["train.py", "--lr", "0.1", "--token", "[redacted]"]
    assert run["environment"]["python"]["executable"] == sys.executable
    assert any(package["name"] == "pytest" for package in run["environment"]["packages"])


def test_code_and_output_are_kept(project: Project) -> None:
    project.write("sizes.py", "WIDTH = 3\n")
    project.write("train.py", "import os, sizes\nprint(sizes.WIDTH, flush=True)\nos.write(1, b'from below\\n')\n")
    assert project.run("train.py").stdout == b"3\nfrom below\n"
    paths = {file["path"]: file["file_size"] for file in project.only()["artifacts"]}
    assert paths == {"code/train.py": 77, "code/sizes.py": 10, "console.log": 13}


@pytest.mark.parametrize(
    "words",
    [
        ["--", sys.executable, "-m", "project.train"],
        ["--", "bash", "-c", f"'{sys.executable}' -m project.train && true"],
        [sys.executable, "-c", "import project.train"],
        ["--", sys.executable, "nested.py"],
    ],
)
def test_any_command_is_one_run(project: Project, words: list[str]) -> None:
    project.write("project/__init__.py", "")
    project.write("project/train.py", "import trackline\ntrackline.log_param('lr', 0.1)\n")
    project.write("nested.py", "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'project.train'], check=True)\n")
    done = project.run(*words)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert project.only()["params"] == {"lr": "0.1"}


def test_a_program_without_python_is_a_run(project: Project) -> None:
    done = project.run("--", "bash", "-c", "echo out; echo err >&2; exit 5")
    assert (done.returncode, done.stdout, done.stderr) == (5, b"out\n", b"err\n")
    run = project.only()
    assert (run["status"], run["tags"]["trackline.exit_reason"]) == ("FAILED", "exit code 5")
    assert run["environment"]["argv"] == ["bash", "-c", "echo out; echo err >&2; exit 5"]


RANKS = """
import os, sys
import torch, torch.distributed as dist
import trackline
dist.init_process_group("gloo")
rank = dist.get_rank()
total = torch.ones(1)
dist.all_reduce(total)
# One write: torchrun starts Python without buffers.
sys.stdout.write(f"hello from {rank} of {int(total)}\\n")
trackline.log_metric("rank", rank)
dist.barrier()
dist.destroy_process_group()
sys.exit(int(sys.argv[1]) if rank == 1 else 0)
"""


@pytest.mark.parametrize(("code", "status"), [(0, "FINISHED"), (3, "FAILED")])
def test_all_ranks_of_torchrun_are_one_run(project: Project, code: int, status: str) -> None:
    project.write("train.py", RANKS)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = project.run("--", *torchrun, "train.py", str(code))
    # What torchrun itself makes of a rank that failed.
    assert done.returncode == (1 if code else 0), done.stderr
    assert sorted(done.stdout.splitlines()) == [b"hello from 0 of 2", b"hello from 1 of 2"]
    run = project.only()
    assert (run["status"], run["metrics"]["rank"]) == (status, 0.0)


LOOP = """
import torch
from accelerate import Accelerator
accelerator = Accelerator(cpu=True)
model = torch.nn.Linear(2, 1)
model, optimizer = accelerator.prepare(model, torch.optim.SGD(model.parameters(), lr=0.5))
for _ in range(4):
    loss = model(torch.ones(8, 2)).square().mean()
    optimizer.zero_grad()
    accelerator.backward(loss)
    optimizer.step()
print("trained")
"""


def test_what_accelerate_launches_is_the_run(project: Project) -> None:
    project.write("train.py", LOOP)
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "1", "--num_machines", "1"]
    done = project.run("--", *launch, "--mixed_precision", "no", "--dynamo_backend", "no", "train.py")
    assert (done.returncode, done.stdout) == (0, b"trained\n"), done.stderr
    run = project.only()
    assert (run["status"], run["params"]["lr"]) == ("FINISHED", "0.5")


def test_a_rust_program_that_cargo_builds_is_a_run(project: Project) -> None:
    project.write("Cargo.toml", '[package]\nname = "train"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n')
    project.write("src/main.rs", 'fn main() { println!("trained"); std::process::exit(4) }')
    done = project.run("--", "cargo", "run", "--quiet", "--offline")
    assert (done.returncode, done.stdout) == (4, b"trained\n"), done.stderr
    run = project.only()
    assert (run["status"], run["tags"]["trackline.exit_reason"]) == ("FAILED", "exit code 4")


def test_a_program_that_is_not_there(project: Project) -> None:
    done = project.run("--", "no-such-program")
    assert done.returncode == 127
    assert done.stderr == b"error: cannot run no-such-program: there is no such program\n"
    assert project.only()["status"] == "FAILED"


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 7), (signal.SIGINT, 7), (signal.SIGUSR1, 7)])
def test_signals_are_handed_on_once(project: Project, sent: signal.Signals, code: int) -> None:
    project.write(
        "train.py",
        "import signal, sys, time\n"
        "got = []\n"
        f"signal.signal({int(sent)}, lambda *a: got.append(1))\n"
        "print('ready', flush=True)\n"
        "end = time.time() + 300\n"
        "while not got and time.time() < end: time.sleep(0.01)\n"
        "time.sleep(0.3)\n"
        "sys.exit(6 + len(got))\n",
    )
    process = subprocess.Popen(
        [COMMAND, "run", "train.py"], cwd=project.folder, env=clean_environment(), stdout=subprocess.PIPE
    )
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    process.send_signal(sent)
    assert process.wait(300) == code
    process.stdout.close()


GOES_ON = """
import os, sys, time
print("ready", flush=True)
end = time.time() + 300
while not os.path.exists("go") and time.time() < end: time.sleep(0.01)
for step in range(3): print(f"step {step} loss: {1 / 2 ** step}", flush=True)
"""


@pytest.mark.parametrize(
    ("ending", "status", "reason"),
    [
        ("", "FINISHED", None),
        ("sys.exit(3)", "FAILED", "exit code 3"),
        ("raise ValueError('no')", "FAILED", "ValueError: no"),
        ("os.kill(os.getpid(), 9)", "KILLED", "ended without ending the run"),
    ],
)
def test_a_program_goes_on_when_the_command_is_killed(
    project: Project, ending: str, status: str, reason: str | None
) -> None:
    project.write("train.py", GOES_ON + ending)
    with subprocess.Popen(
        [COMMAND, "run", "train.py"], cwd=project.folder, env=clean_environment(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        process.kill()
        process.wait()
        assert [run["status"] for run in project.runs()] == ["RUNNING"]
        project.write("go", "")
        assert process.stdout.read() == b"step 0 loss: 1.0\nstep 1 loss: 0.5\nstep 2 loss: 0.25\n"
    run = project.only()
    assert (run["status"], run["metrics"]) == (status, {"loss": 0.25})
    assert reason is None or reason in run["tags"]["trackline.exit_reason"]


def shown_on_terminal(project: Project, *words: str) -> bytes:
    """What a program writes to a terminal of its own."""
    text = bytearray()
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(project.folder)
        os.execve(words[0], words, clean_environment())
    while True:
        try:
            chunk = os.read(terminal, 1024)
        except OSError:
            break
        if not chunk:
            break
        text += chunk
    os.close(terminal)
    assert os.waitpid(pid, 0)[1] == 0
    return bytes(text)


def test_a_terminal_stays_a_terminal(project: Project) -> None:
    project.write("train.py", "import sys, os\nprint(sys.stdin.isatty(), sys.stdout.isatty(), os.getpgrp() == os.tcgetpgrp(0))\n")
    assert b"True True True" in shown_on_terminal(project, COMMAND, "run", "train.py")


ADOPTS = """
import trackline as mlflow
with mlflow.start_run(run_name="mine", tags={"who": "me"}):
    mlflow.log_metric("loss", 0.5)
with mlflow.start_run(run_name="second"):
    mlflow.log_metric("loss", 0.25)
"""


def test_a_script_that_starts_runs_goes_on_with_this_one(project: Project) -> None:
    project.write("train.py", ADOPTS)
    assert project.run("train.py").returncode == 0
    runs = {run["name"]: run for run in project.runs()}
    assert set(runs) == {"mine", "second"}
    assert (runs["mine"]["metrics"], runs["mine"]["tags"]["who"]) == ({"loss": 0.5}, "me")
    assert runs["second"]["tags"]["mlflow.parentRunId"] == runs["mine"]["run_id"]
    assert {run["status"] for run in runs.values()} == {"FINISHED"}


def test_a_script_chooses_the_experiment(project: Project) -> None:
    project.write("train.py", "lr = 0.1\nimport mlflow\nmlflow.set_experiment('iris')\nwith mlflow.start_run(): mlflow.log_metric('loss', 1)\n")
    assert project.run("--mlflow", "train.py").returncode == 0
    run = project.only()
    assert (run["experiment"], run["params"], run["metrics"]) == ("iris", {"lr": "0.1"}, {"loss": 1.0})


def test_a_run_that_its_script_failed_has_failed(project: Project) -> None:
    project.write("train.py", "import trackline\ntrackline.start_run()\ntrackline.end_run('FAILED')\n")
    assert project.run("train.py").returncode == 0
    assert project.only()["status"] == "FAILED"


def test_mlflow_is_served_where_asked(project: Project) -> None:
    project.write(
        "train.py",
        "import mlflow, mlflow.sklearn\nfrom mlflow.tracking import MlflowClient\nfrom mlflow.entities import Run\n"
        "import trackline\n"
        "assert mlflow.__name__ == 'trackline' and mlflow is trackline\n"
        "assert trackline.__spec__.name == 'trackline', trackline.__spec__\n"
        "with mlflow.start_run() as run:\n    mlflow.log_param('lr', 0.1)\n"
        "assert isinstance(MlflowClient().get_run(run.info.run_id), Run)\n"
        "try:\n    import mlflow.nothing\nexcept ModuleNotFoundError as error:\n    print(error)\n",
    )
    done = project.run("--mlflow", "train.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"No module named 'mlflow.nothing'\n", b"")
    assert project.only()["params"] == {"lr": "0.1"}


def test_workers_and_other_pythons_make_no_stray_runs(project: Project) -> None:
    project.write(
        "train.py",
        "import multiprocessing, subprocess, sys\n"
        "def work(n):\n    return n * n\n"
        "if __name__ == '__main__':\n"
        "    for method in ('fork', 'spawn', 'forkserver'):\n"
        "        with multiprocessing.get_context(method).Pool(2) as pool:\n"
        "            print(pool.map(work, range(4)))\n"
        "    subprocess.run([sys.executable, '-c', 'print(1)'], check=True)\n",
    )
    bare = project.call(sys.executable, "train.py")
    seen = project.run("train.py")
    assert (seen.returncode, seen.stdout, seen.stderr) == (bare.returncode, bare.stdout, bare.stderr)
    assert project.only()["status"] == "FINISHED"


def test_the_first_fit_is_in_the_run_and_the_next_one_a_child(project: Project) -> None:
    project.write(
        "train.py",
        "from sklearn.linear_model import LinearRegression\n"
        "LinearRegression(fit_intercept=True).fit([[0.], [1.], [3.]], [0., 1., 2.])\n"
        "LinearRegression(fit_intercept=False).fit([[0.], [1.], [3.]], [0., 1., 2.])\n",
    )
    done = project.run("--experiment", "lines", "train.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    first, second = sorted(project.runs(), key=lambda run: "mlflow.parentRunId" in run["tags"])
    assert second["tags"]["mlflow.parentRunId"] == first["run_id"]
    assert (first["params"]["fit_intercept"], second["params"]["fit_intercept"]) == ("True", "False")
    assert (first["experiment"], second["experiment"]) == ("lines", "lines")


@pytest.fixture
def other_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A virtual environment without Trackline."""
    folder = tmp_path_factory.mktemp("other")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return str(folder / "bin" / "python")


def test_a_python_without_trackline_joins(project: Project, other_python: str) -> None:
    project.write("train.py", "import sys\nimport trackline\ntrackline.log_param('lr', 0.1)\nprint(sys.path)\n")
    done = project.run("--", other_python, "train.py")
    assert done.returncode == 0, done.stderr
    assert str(Path(COMMAND).parent.parent) not in done.stdout.decode().replace(other_python, "")
    assert project.only()["params"] == {"lr": "0.1"}


def test_the_users_own_start_up_file_runs(project: Project) -> None:
    project.write("mine/sitecustomize.py", "import builtins\nbuiltins.MINE = 1\n")
    project.write("train.py", "import sitecustomize\nprint(MINE, sitecustomize.__file__)\n")
    mine = str(project.folder / "mine")
    done = project.run("train.py", env={"PYTHONPATH": mine})
    assert done.stdout.decode() == f"1 {mine}/sitecustomize.py\n"
    assert project.only()["environment"]["variables"]["PYTHONPATH"] == mine


def test_isolated_python_runs_as_it_would(project: Project) -> None:
    project.write("train.py", "import sys\nprint('trackline' in sys.modules)\n")
    done = project.run("--", sys.executable, "-I", "-S", "train.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"False\n", b"")
    assert project.only()["status"] == "FINISHED"


def test_console_and_code_are_kept(project: Project) -> None:
    project.write("model.py", "def work():\n    print('from a module')\n")
    project.write("train.py", "import sys, model\nmodel.work()\nprint('oh', file=sys.stderr)\nsys.stdout.write('no newline')\n")
    done = project.run("train.py")
    assert (done.stdout, done.stderr) == (b"from a module\nno newline", b"oh\n")
    run = project.only()
    files = {file["path"] for file in run["artifacts"]}
    assert {"console.log", "code/train.py", "code/model.py"} <= files
    assert float(run["tags"]["trackline.overhead_ms"]) > 0


def test_one_line_at_the_end_tells_what_there_is_and_where(project: Project) -> None:
    project.write("train.py", "lr = 0.1\nprint('out')\nopen('result.txt', 'w').write('x')\n")
    done = project.call(COMMAND, "run", "train.py")
    run = project.only()
    line = f"trackline: 1 param, 1 file · trackline runs show {run['run_id'][:8]} --why · trackline ui\n"
    assert (done.stdout, done.stderr.decode()) == (b"out\n", line)
    shown = project.call(COMMAND, "runs", "show", run["run_id"][:8], "--why").stdout.decode()
    assert "lr  0.1  constants (90 % sure)" in shown
    quiet = project.call(COMMAND, "run", "train.py", env={"TRACKLINE_SUMMARY": "off"})
    assert quiet.stderr == b""


def test_a_script_with_one_line_tells_it_on_a_terminal_only(project: Project) -> None:
    project.write("train.py", "import trackline\ntrackline.autolog()\nwith trackline.start_run():\n    trackline.log_metric('loss', 1)\n")
    assert project.call(sys.executable, "train.py").stderr == b""
    assert b"trackline: 1 metric" in shown_on_terminal(project, sys.executable, "train.py")
    project.write("train.py", "import trackline\nwith trackline.start_run():\n    trackline.log_metric('loss', 1)\n")
    assert b"trackline" not in shown_on_terminal(project, sys.executable, "train.py")
