"""A small network whose parts are chosen in one place, and a picture of how it learned."""

import matplotlib.pyplot as plt
import torch
from torch import nn, optim

COLORS = ["tab:blue", "tab:red"]
FIGURE_SIZE = (6, 4)
PICTURE = "curves/learning.png"
SETTINGS = {
    "model": "mlp",
    "activation": nn.Tanh,
    "optimizer_class": optim.RMSprop,
    "hidden": 12,
    "lr": 0.01,
    "epochs": 8,
}


class Classifier(nn.Module):
    def __init__(self, hidden, activation):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, hidden), activation(), nn.Linear(hidden, 2))

    def forward(self, x):
        return self.layers(x)


def make_points(n):
    x = torch.randn(n, 3)
    return x, (x.sum(dim=1) > 0).long()


def draw(history, size=FIGURE_SIZE, dpi=80):
    fig, ax = plt.subplots(figsize=size, dpi=dpi)
    for values, color in zip(zip(*history), COLORS):
        ax.plot(values, color=color)
    fig.savefig("learning.png")


torch.manual_seed(3)
x, y = make_points(n=240)
model = Classifier(SETTINGS["hidden"], SETTINGS["activation"])
optimizer = SETTINGS["optimizer_class"](model.parameters(), lr=SETTINGS["lr"])
history = []
for epoch in range(SETTINGS["epochs"]):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    accuracy = (model(x).argmax(dim=1) == y).float().mean().item()
    history.append((loss.item(), accuracy))
    print("epoch", epoch, "accuracy", accuracy)
draw(history)
print(f"saved {PICTURE}")
