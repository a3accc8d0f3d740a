"""PyTorch, for the conformance suite."""

from __future__ import annotations


PUBLIC = (
    "torch:save",
    "torch.random:manual_seed",
    "torch.autograd:backward",
    "torch.nn.utils:clip_grad_norm_",
    "torch.optim:Optimizer.__init__",
    "torch.utils.data:DataLoader.__iter__",
)
RUNS = 1
"""So many runs `work` makes."""
FITS = False
"""There are loops of the user's own, and no estimators with `fit`."""


def work() -> bytes:
    """A training with shuffled data, dropout, momentum and clipped gradients; gives everything that was computed."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    torch.manual_seed(3)
    data = TensorDataset(torch.randn(60, 4), torch.randn(60, 1))
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
    losses = []
    for _ in range(3):
        for given, wanted in DataLoader(data, batch_size=8, shuffle=True):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(given), wanted)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
        scheduler.step()
    state = b"".join(value.numpy().tobytes() for value in model.state_dict().values())
    return state + repr(losses).encode() + torch.get_rng_state().numpy().tobytes()


def calls() -> int:
    """How often the original ran, for one call of it."""
    import torch

    ran: list[int] = []
    tensor = torch.ones((), requires_grad=True)
    tensor.register_hook(lambda _: ran.append(1))
    tensor.backward()
    return len(ran)
