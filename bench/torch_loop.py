"""What a step of a plain PyTorch loop costs with its hooks, on a model that takes next to no time itself."""

from __future__ import annotations

from measure import Row, median

STEPS = 20_000

CODE = """
import json, sys, time, torch
if sys.argv[1] != "bare":
    import trackline
    trackline.autolog()
torch.set_num_threads(1)
torch.manual_seed(0)
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
x, y = torch.randn(8, 4), torch.randn(8, 1)

def steps(count):
    for step in range(count):
        optimizer.zero_grad()
        loss = ((model(x) - y) ** 2).mean()
        loss.backward()
        optimizer.step()

steps(200)
began = time.thread_time()
steps(int(sys.argv[2]))
print(json.dumps({"step": (time.thread_time() - began) / int(sys.argv[2]) * 1e6}))
"""


def rows(repeat: int) -> list[Row]:
    """Microseconds of the training thread."""
    bare = median(CODE, "step", repeat, "bare", str(STEPS))
    ours = median(CODE, "step", repeat, "hooked", str(STEPS))
    return [Row("added to a step of a tiny PyTorch loop", "µs CPU", ours - bare, None, "≤ 5")]
