"""Threads and tasks never mix runs."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import trackline as mlflow
from trackline import _runs

pytestmark = pytest.mark.usefixtures("store")


def test_runs_of_threads_are_apart() -> None:
    barrier = threading.Barrier(4)

    def train(number: int) -> str:
        with mlflow.start_run() as run:
            barrier.wait()
            mlflow.log_param("number", number)
            for step in range(50):
                mlflow.log_metric("value", number * 1000 + step, step=step)
            barrier.wait()
        return run.info.run_id

    with ThreadPoolExecutor(4) as pool:
        run_ids = list(pool.map(train, range(4)))
    for number, run_id in enumerate(run_ids):
        run = mlflow.get_run(run_id)
        assert run.info.status == "FINISHED"
        assert run.data.params == {"number": str(number)}
        history = mlflow.MlflowClient().get_metric_history(run_id, "value")
        assert [metric.value for metric in history] == [number * 1000 + step for step in range(50)]


def test_runs_of_tasks_are_apart() -> None:
    async def train(number: int) -> str:
        with mlflow.start_run() as run:
            for step in range(5):
                mlflow.log_metric("value", number, step=step)
                await asyncio.sleep(0)
        return run.info.run_id

    async def main() -> list[str]:
        return await asyncio.gather(*(train(number) for number in range(5)))

    for number, run_id in enumerate(asyncio.run(main())):
        values = mlflow.MlflowClient().get_metric_history(run_id, "value")
        assert [metric.value for metric in values] == [number] * 5


def test_a_task_inherits_the_run_it_was_made_in() -> None:
    async def child() -> None:
        mlflow.log_metric("from_task", 1)

    async def main() -> str:
        with mlflow.start_run() as run:
            await asyncio.create_task(child())
        return run.info.run_id

    assert mlflow.get_run(asyncio.run(main())).data.metrics == {"from_task": 1.0}


def test_what_a_task_hands_to_a_thread_is_of_its_run() -> None:
    async def train(number: int) -> str:
        with mlflow.start_run() as run:
            await asyncio.to_thread(mlflow.log_metric, "from_thread", number)
            await asyncio.sleep(0)
            await asyncio.to_thread(mlflow.log_param, "number", number)
        return run.info.run_id

    async def main() -> list[str]:
        return await asyncio.gather(*(train(number) for number in range(4)))

    for number, run_id in enumerate(asyncio.run(main())):
        data = mlflow.get_run(run_id).data
        assert (data.metrics, data.params) == ({"from_thread": float(number)}, {"number": str(number)})


def test_an_executor_of_the_loop_logs_to_the_only_run() -> None:
    async def main() -> str:
        with mlflow.start_run() as run:
            await asyncio.get_running_loop().run_in_executor(None, mlflow.log_metric, "from_thread", 1)
        return run.info.run_id

    assert mlflow.get_run(asyncio.run(main())).data.metrics == {"from_thread": 1.0}


def in_a_thread(work: object) -> object:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()  # type: ignore[arg-type]


def test_a_worker_thread_logs_to_the_only_run() -> None:
    with mlflow.start_run() as run:
        assert in_a_thread(mlflow.active_run) is None
        in_a_thread(lambda: mlflow.log_metric("from_thread", 1))
    assert mlflow.get_run(run.info.run_id).data.metrics == {"from_thread": 1.0}


def test_of_several_open_runs_a_worker_thread_takes_none() -> None:
    def log() -> str:
        mlflow.log_metric("from_thread", 1)
        run = mlflow.active_run()
        assert run is not None
        mlflow.end_run()
        return run.info.run_id

    with mlflow.start_run() as parent, mlflow.start_run(nested=True) as child:
        run_id = in_a_thread(log)
    assert run_id not in (parent.info.run_id, child.info.run_id)
    assert mlflow.get_run(parent.info.run_id).data.metrics == {}


def test_runs_that_autologging_started_take_no_calls_of_other_threads() -> None:
    managed = _runs.start(managed=True)
    try:
        in_a_thread(lambda: mlflow.log_metric("mine", 1))
        assert managed.data.metrics == {}
    finally:
        managed.end()


def test_a_run_can_be_used_without_ending_it() -> None:
    run = _runs.start()
    with _runs.use(run):
        assert mlflow.active_run() is run
        mlflow.log_metric("inside", 1)
    assert mlflow.active_run() is None
    assert run.is_open
    assert run.data.metrics == {"inside": 1.0}


def test_a_run_that_ended_elsewhere_is_current_nowhere() -> None:
    with mlflow.start_run() as run:
        context = contextvars.copy_context()
    assert run.info.status == "FINISHED"
    assert context.run(mlflow.active_run) is None
