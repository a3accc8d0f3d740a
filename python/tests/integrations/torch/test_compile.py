"""`torch.compile` compiles what it would compile without us, and what runs beside it is recorded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from recorded import Recorded

# A process of its own: one that has compiled something leaves later models alone.
SCRIPT = """
import json, sys
import torch
from torch import nn
from torch._dynamo.utils import counters

X, Y = torch.linspace(-1, 1, 96).reshape(24, 4), torch.linspace(0, 1, 24).reshape(24, 1)
found = {}

def compiles(kind, step):
    torch._dynamo.reset()
    counters.clear()
    run = torch.compile(step, backend="eager")
    losses = [run().item() for _ in range(3)]
    found[kind] = [losses, dict(counters["stats"]), sum(counters["graph_break"].values())]

def train(kind):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=1.0)

    def step():
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), Y)
        if kind == "scaled":
            scaler.scale(loss).backward()
        else:
            loss.backward()
        if kind == "clipped":
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss

    compiles(kind, step)

train("plain")
train("clipped")
train("scaled")
print(json.dumps(found))
"""


def run(script: str, folder: Path) -> Any:
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def test_the_same_is_compiled(tmp_path: Path, recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    without = run(SCRIPT, tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", str(tmp_path / "store"))
    assert run(f"import trackline\ntrackline.autolog()\n{SCRIPT}", tmp_path) == without
    curves = [[value for _, value in recorded.curve(run, "loss")] for run in recorded.runs()]
    assert curves == [pytest.approx(losses) for losses, *_ in without.values()]
